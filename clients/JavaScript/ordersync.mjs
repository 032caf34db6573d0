#!/usr/bin/env node
// A device of OrderSync in one file, for Node 18 and later, without packages: docs/protocol.md in code. It keeps its folder like this:
//   device.json  who it is, tokens, outbox, where an unfinished download goes on     copy.json  what the server knows, with the cursor: replaced at once
//   staged.ndjson  rows of an unfinished download
import { createHash, webcrypto as crypto } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const MOST_LINE = 1024 * 1024;
const base64 = bytes => Buffer.from(bytes).toString('base64');

/** The server was there and said no: asking the same again does not help. */
export class Refused extends Error { constructor(status, code, message) { super(message); Object.assign(this, { status, code }); } }
/** Nobody knows what the server did: ask again, not before `after` seconds. */
export class Later extends Error { constructor(message, after = 0) { super(message); this.after = after; } }

export class Device {
  static async open(folder) {
    const device = new Device();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    device.folder = folder;
    device.state = await device.read('device.json') ?? { outbox: [], known: [], seq: 0 };
    const { cursor = null, rows = [] } = await device.read('copy.json') ?? {};
    device.copy = { cursor, rows: new Map(rows.map(([name, of]) => [name, new Map(of)])) };
    return device;
  }

  async read(name) {
    try { return JSON.parse(await readFile(join(this.folder, name), 'utf8')); } catch (error) { if (error.code === 'ENOENT') return null; throw error; }
  }

  // A file is the old one or the new one, whenever the process dies.
  async write(name, value) {
    const path = join(this.folder, name);
    await onDisk(path + '.new', 0, JSON.stringify(value));
    await rename(path + '.new', path);
  }

  save() { return this.write('device.json', this.state); }

  /** Exchanges a one-time code. The key is on disk first: after a lost answer the same code is good for it again. */
  async enrol(gateway, code, name) {
    if (!this.state.key) {
      const pair = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
      Object.assign(this.state, { key: await crypto.subtle.exportKey('jwk', pair.privateKey), publicKey: base64(await crypto.subtle.exportKey('spki', pair.publicKey)), hardwareId: crypto.randomUUID() });
    }
    this.state.gateway = gateway.replace(/\/+$/, '');
    await this.save();
    const { deviceId, companyId, accessToken, refreshToken } = await this.json('POST', '/v1/devices/enrol', { code, hardwareId: this.state.hardwareId, publicKey: this.state.publicKey, name });
    Object.assign(this.state, { deviceId, companyId, accessToken, refreshToken });
    await this.save();
  }

  /** Keeps a record until the gateway has answered for it; it is always sent in the same bytes. */
  async capture(kind, body, { schema = 1, dependsOn } = {}) {
    const record = { kind, id: uuid7(), rev: 1, schema, seq: ++this.state.seq, capturedAt: new Date().toISOString(), dependsOn, body };
    this.state.outbox.push({ id: record.id, bytes: JSON.stringify(record) });
    await this.save();
    return record.id;
  }

  /** Sends the outbox, a hundred at a time; gives the verdicts. */
  async push() {
    const verdicts = [];
    for (let from = 0; from < this.state.outbox.length;) {
      const chunk = this.state.outbox.slice(from, from + 100);
      const answer = await this.json('POST', '/v1/sync/push', '[' + chunk.map(offer).join(',') + ']',
        { ...(this.copy.cursor ? { 'OrderSync-Cursor': this.copy.cursor } : {}), 'OrderSync-Sent-At': new Date().toISOString(), 'OrderSync-Waiting': String(this.state.outbox.length - from - chunk.length), 'OrderSync-App': 'ordersync.mjs' });
      // Without its end the answer was cut, however whole it looks.
      if (answer.end !== true || answer.verdicts?.length !== chunk.length) throw new Later('The answer to the push is not complete.');
      const settled = chunk.filter((one, i) => (one.verdict = answer.verdicts[i]).outcome !== 'retryLater');
      this.state.outbox = this.state.outbox.filter(one => !settled.includes(one));
      this.state.known = this.state.known.filter(one => !settled.some(other => other.id === one.id)).concat(settled);
      await this.save();
      from += chunk.length - settled.length;
      verdicts.push(...answer.verdicts);
    }
    return verdicts;
  }

  /** Brings what has changed, or goes on where the last download was cut. Gives how many rows came. */
  async pull(again = true) {
    const staged = this.state.staged ?? {};
    const cursor = staged.checkpoint ?? this.copy.cursor;
    const answer = await this.call('GET', '/v1/sync/pull' + (cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''));
    let begin, page = [], rows = 0;
    for await (const line of lines(answer.body)) {
      const json = JSON.parse(line);
      if (json.begin && !begin) {
        begin = json.begin;
        const epoch = this.state.epoch ??= begin.epoch;
        if ((epoch !== begin.epoch || begin.reason === 'newEpoch') && this.state.offered !== begin.epoch) return await this.offerAgain(begin.epoch);
        if (begin.mode === 'full' && ['tooOld', 'newEpoch'].includes(begin.reason) && this.state.outbox.length) throw new Later('Everything is downloaded anew once nothing is left to be sent.');
        // What was staged counts only if this goes on where it ended.
        if (!(begin.resumed && staged.epoch === begin.epoch)) Object.assign(staged, { checkpoint: undefined, bytes: 0 });
        Object.assign(staged, { mode: begin.mode, epoch: begin.epoch });
        this.state.staged = staged;
      } else if (json.c) {
        page.push(line);
        rows++;
      } else if (json.checkpoint) {
        await this.stage(page);
        page = [];
        staged.checkpoint = json.checkpoint;
        await this.save();
      } else if (json.end?.problem) {
        throw new Later(json.end.problem.detail);
      } else if (json.end) {
        await this.stage(page);
        if (!await this.apply(begin, json.end)) {
          if (!again) throw new Later('What was downloaded does not equal what the server has.');
          this.copy.cursor = null;
          return await this.pull(false);
        }
        await this.json('POST', '/v1/sync/pull/ack', { cursor: json.end.cursor });
        return rows;
      }
    }
    throw new Later(`The line was cut after ${rows} rows of the download.`);
  }

  get stagedFile() { return join(this.folder, 'staged.ndjson'); }

  async stage(page) {
    const text = page.map(line => line + '\n').join('');
    // What a killed process wrote after its last checkpoint is cut off.
    await onDisk(this.stagedFile, this.state.staged.bytes, text);
    this.state.staged.bytes += Buffer.byteLength(text);
  }

  // All of it and the new cursor, or nothing: one rename.
  async apply(begin, end) {
    const rows = new Map(begin.mode === 'full' ? [] : [...this.copy.rows].map(([name, of]) => [name, new Map(of)]));
    for await (const line of lines(createReadStream(this.stagedFile))) {
      const { c, k, gone } = JSON.parse(line);
      if (!rows.has(c)) rows.set(c, new Map());
      // The bytes as sent are kept: the hash is theirs. A quotation mark inside a key is escaped, so the first match is the member.
      if (gone) rows.get(c).delete(k); else rows.get(c).set(k, line.slice(line.indexOf(',"row":') + 7, -1));
    }
    const equal = Object.entries(end.collections ?? {}).every(([name, { count, hash }]) => (rows.get(name)?.size ?? 0) === count && hashOf(rows.get(name) ?? []) === hash);
    if (equal) {
      this.copy = { cursor: end.cursor, rows };
      await this.write('copy.json', { cursor: end.cursor, rows: [...rows].map(([name, of]) => [name, [...of]]) });
    }
    Object.assign(this.state, equal ? { epoch: begin.epoch, offered: undefined } : {}, { staged: undefined });
    await this.save();
    await rm(this.stagedFile, { force: true });
    return equal;
  }

  // The server was set back: it may have lost what it acknowledged.
  async offerAgain(epoch) {
    const kept = this.state.known.filter(one => ['accepted', 'duplicate', 'waiting'].includes(one.verdict.outcome));
    this.state.outbox = [...kept, ...this.state.outbox];
    this.state.known = this.state.known.filter(one => !kept.includes(one));
    this.state.offered = epoch;
    await this.save();
    await this.push();
    return await this.pull();
  }

  hashes() { return Object.fromEntries([...this.copy.rows].map(([name, rows]) => [name, { count: rows.size, hash: hashOf(rows) }])); }

  async json(...request) { const answer = await this.call(...request); try { return await answer.json(); } catch (error) { throw new Later(`The answer cannot be read (${error.message}).`); } }

  async call(method, path, body, headers = {}, renewed = false) {
    let answer;
    try {
      answer = await fetch(this.state.gateway + path, {
        method, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
        headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(this.state.accessToken ? { Authorization: `Bearer ${this.state.accessToken}` } : {}) },
      });
    } catch (error) { throw new Later(`No answer from ${this.state.gateway} (${error.cause?.message ?? error.message}).`); }
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    if (answer.status === 401 && problem.type !== 'device.revoked' && !renewed && path !== '/v1/devices/token' && this.state.refreshToken) {
      await this.renew();
      return await this.call(method, path, body, headers, true);
    }
    if (answer.status >= 500 || [408, 429].includes(answer.status) || !problem.type || problem.type === 'push.packing')
      throw new Later(problem.detail ?? `The gateway answered ${answer.status}.`, Number(answer.headers.get('Retry-After')) || 0);
    throw new Refused(answer.status, problem.type, problem.detail);
  }

  // A new pair is on disk before it is used.
  async renew() {
    const { deviceId, refreshToken, key } = this.state;
    const signer = await crypto.subtle.importKey('jwk', key, P256, false, ['sign']);
    const signature = base64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer, Buffer.from(`${deviceId}.${refreshToken}`)));
    const pair = await this.json('POST', '/v1/devices/token', { deviceId, refreshToken, signature });
    Object.assign(this.state, { accessToken: pair.accessToken, refreshToken: pair.refreshToken });
    await this.save();
  }
}

/** XOR over the rows of the first 8 bytes of SHA-256(key, line feed, row as sent). */
export function hashOf(rows) {
  let sum = 0n;
  for (const [key, row] of rows) sum ^= createHash('sha256').update(key + '\n' + row).digest().readBigUInt64BE();
  return sum.toString(16).padStart(16, '0');
}

// Whole lines only, one in memory at a time: what follows the last line end was cut.
async function* lines(stream) {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const bytes of stream) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = parts.pop();
      if (rest.length > MOST_LINE) throw new Later('A line of the download is too long.');
      yield* parts;
    }
  } catch (error) { throw error instanceof Later || error instanceof Refused ? error : new Later(`The line was cut (${error.cause?.message ?? error.message}).`); }
}

// What was acknowledged is offered again with the proof of it, the record in the same bytes as ever.
const offer = ({ bytes, verdict }) => verdict?.proof ? `{"proof":${JSON.stringify(verdict.proof)},"record":${bytes}}` : bytes;

async function onDisk(path, from, text) {
  const file = await open(path, from ? 'r+' : 'w', 0o600);
  try {
    await file.truncate(from);
    await file.write(text, from);
    await file.sync();
  } finally { await file.close(); }
}

function uuid7() {
  const bytes = crypto.getRandomValues(Buffer.alloc(16));
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, verb, ...rest] = process.argv.slice(2);
  const verbs = {
    enrol: (device, gateway, code, name = 'ordersync.mjs') => device.enrol(gateway, code, name),
    capture: async (device, kind, file) => console.log(await device.capture(kind, JSON.parse(await readFile(file, 'utf8')))),
    push: async device => console.log(JSON.stringify(await device.push())),
    pull: async device => console.log(`${await device.pull()} rows`),
    sync: async device => console.log(`${(await device.push()).length} sent, ${await device.pull()} rows`),
    hashes: async device => console.log(JSON.stringify(device.hashes())),
  };
  if (!verbs[verb]) { console.error(`Usage: ordersync.mjs FOLDER ${Object.keys(verbs).join('|')} ...`); process.exit(2); }
  try { await verbs[verb](await Device.open(folder), ...rest); } catch (error) {
    if (!(error instanceof Later || error instanceof Refused)) throw error;
    console.error(JSON.stringify({ code: error.code ?? 'later', message: error.message, after: error.after }));
    process.exit(error instanceof Later ? 75 : 1);
  }
}

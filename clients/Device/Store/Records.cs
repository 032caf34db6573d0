using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>What was captured on this device: bodies, outbox and verdicts.</summary>
internal sealed class Records(DeviceFile file)
{
    /// <summary>What goes along with a record that is sent: a comma, and the names beside it where it has a proof.</summary>
    private const int BesideIt = 32;

    private const string Columns = "r.seq, r.id, r.rev, r.kind, r.captured_at, r.state, r.verdict, r.bytes, r.exported_at";

    /// <summary>Keeps a record that was just entered: the row, its place in the order of capture and its outbox row are one transaction.</summary>
    public Captured Add(NewRecord entered, Guid id, int rev, DateTimeOffset at, TaxRounding rounding)
    {
        var body = entered.ToBody(rounding);
        var (seq, _) = file.Write(() => Insert(entered, body, id, rev, at));
        return new Captured(id, rev, seq, SumOf(body));
    }

    /// <summary>Keeps a corrected revision in place of the one before.</summary>
    public Captured Replace(NewRecord entered, DeviceRecord before, DateTimeOffset at, TaxRounding rounding)
    {
        if (entered.Kind != before.Kind)
            throw new DeviceTrouble("record.otherKind", $"A {before.Kind} cannot become a {entered.Kind}. Capture the {entered.Kind} as a new entry.");
        var body = entered.ToBody(rounding);
        var (seq, _) = file.Write(() =>
        {
            file.Execute("update record set state = 'replaced' where id = $1 and rev <= $2 and state <> 'stopped'", Key(before.Id), before.Rev);
            file.Execute("delete from outbox where seq in (select seq from record where id = $1)", Key(before.Id));
            return Insert(entered, body, before.Id, before.Rev + 1, at);
        });
        return new Captured(before.Id, before.Rev + 1, seq, SumOf(body));
    }

    /// <summary>Takes over records captured elsewhere, byte for byte; what is here already is offered again.</summary>
    public void Take(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        var read = records.Select(bytes => (Bytes: bytes.ToArray(), Envelope: Read(bytes))).ToList();
        file.Write(() =>
        {
            foreach (var (bytes, envelope) in read)
            {
                var standing = file.Query("select seq from record where id = $1 and rev = $2 and bytes = $3", row => row.GetInt64(0), Key(envelope.Id), envelope.Rev, bytes);
                var seq = standing is [var known, ..] ? known : Insert(envelope, bytes);
                Queue(seq);
            }

            return true;
        });
    }

    /// <summary>The next records to be sent, at most so many and so many bytes; one at least.</summary>
    public List<DeviceRecord> Next(long after, int most, int mostBytes)
    {
        var rows = file.Read(() => file.Query($"select {Columns} from outbox o join record r on r.seq = o.seq where o.seq > $1 order by o.seq limit $2", Row, after, most));
        var bytes = 0L;
        var fitting = rows.TakeWhile(row => (bytes += row.Bytes.Length + BesideIt + (row.Verdict?.Proof?.Length ?? 0)) <= mostBytes).Count();
        return rows[..Math.Min(rows.Count, Math.Max(1, fitting))];
    }

    /// <summary>
    /// Applies what the gateway said, in one transaction; returns the records that a verdict was applied to. A record that is not in the outbox any more has its verdict
    /// already, or a later revision: then this one is of no account.
    /// </summary>
    public List<DeviceRecord> Apply(IReadOnlyList<DeviceRecord> sent, IReadOnlyList<(Verdict Verdict, string Received)> verdicts, DateTimeOffset? toldAt) => file.Write(() =>
    {
        var settled = new List<DeviceRecord>();
        for (var i = 0; i < sent.Count; i++)
        {
            if (verdicts[i].Verdict.Leads is not { } state || file.Execute("delete from outbox where seq = $1", sent[i].Seq) == 0)
                continue;
            file.Execute("update record set state = $2, verdict = $3, told_at = $4 where seq = $1", sent[i].Seq, Text(state), verdicts[i].Received, toldAt?.ToUnixTimeMilliseconds());
            settled.Add(sent[i] with { State = state, Verdict = verdicts[i].Verdict });
        }

        return settled;
    });

    /// <summary>
    /// Applies verdicts that came with the feed, in one transaction; returns the records for which something is new. One that is in the outbox has its answer before it, one that a
    /// person gave up stays so, and a verdict on other content is not this record's.
    /// </summary>
    public List<DeviceRecord> Hear(IReadOnlyList<HeardVerdict> heard, DateTimeOffset? toldAt) => file.Write(() =>
    {
        var changed = new List<DeviceRecord>();
        foreach (var (id, verdict, received, sha256) in heard)
        {
            var rows = file.Query($"select {Columns} from record r where r.id = $1 and r.rev = $2 and r.seq not in (select seq from outbox) order by r.seq desc limit 1", Row, Key(id), verdict.Rev);
            if (rows is not [{ State: not (RecordState.Stopped or RecordState.Replaced) } record] || verdict.Leads is not { } state)
                continue;
            if (IsOld(record, verdict, state))
            {
                // What it can be proven by is worth keeping, and no news.
                if (record.Verdict!.Proof is null && verdict.Proof is not null)
                    file.Execute("update record set verdict = $2 where seq = $1", record.Seq, received);
                continue;
            }

            if (record.State == RecordState.Conflict && !string.Equals(sha256, Convert.ToHexString(SHA256.HashData(record.Bytes.Span)), StringComparison.OrdinalIgnoreCase))
                continue;
            file.Execute("update record set state = $2, verdict = $3, told_at = coalesce($4, told_at) where seq = $1", record.Seq, Text(state), received, toldAt?.ToUnixTimeMilliseconds());
            changed.Add(record with { State = state, Verdict = verdict });
        }

        return changed;
    });

    /// <summary>Offers again all that the gateway has: it may have been set back, or may know more by now. Returns how many.</summary>
    public int OfferAgain() => file.Write(() => file.Execute("insert or ignore into outbox select seq from record where state in ('accepted', 'waiting')"));

    /// <summary>Offers these again. Returns how many were not to be sent already.</summary>
    public int Queue(IReadOnlyList<DeviceRecord> records) => records.Count == 0 ? 0 : file.Write(() => records.Sum(record => file.Execute("insert or ignore into outbox (seq) values ($1)", record.Seq)));

    /// <summary>Sends again what a person has looked at.</summary>
    public void Retry(Guid id) => file.Write(() =>
    {
        if (Current(id) is not { State: RecordState.Refused or RecordState.Conflict or RecordState.Stopped } record)
            throw NotWithAPerson(id);
        Queue(record.Seq);
        return true;
    });

    /// <summary>Gives up what a person has looked at. Its body stays.</summary>
    public void Stop(Guid id) => file.Write(() =>
        Current(id) is { State: RecordState.Refused or RecordState.Conflict } record
            ? file.Execute("update record set state = 'stopped' where seq = $1", record.Seq)
            : throw NotWithAPerson(id));

    /// <summary>The newest revision.</summary>
    public DeviceRecord? Find(Guid id) => file.Read(() => Current(id));

    /// <summary>What needs a person, in the order of capture.</summary>
    public List<DeviceRecord> Attention() =>
        file.Read(() => file.Query($"select {Columns} from record r where state in ('refused', 'conflict') order by r.seq", Row));

    /// <summary>All that is kept, in the order of capture.</summary>
    public List<DeviceRecord> All() => file.Read(() => file.Query($"select {Columns} from record r order by r.seq", Row));

    /// <summary>What is to be sent, in the order of capture.</summary>
    public List<DeviceRecord> Unsent() => file.Read(() => file.Query($"select {Columns} from outbox o join record r on r.seq = o.seq order by o.seq", Row));

    /// <summary>The places of what is to be sent, each with the bytes it takes.</summary>
    public List<(long Seq, long Bytes)> Sizes() => file.Read(() => file.Query(
        "select o.seq, length(r.bytes) + coalesce(length(r.verdict), 0) + $1 from outbox o join record r on r.seq = o.seq order by o.seq", row => (row.GetInt64(0), row.GetInt64(1)), BesideIt));

    /// <summary>Those in these places, in their order.</summary>
    public List<DeviceRecord> At(IEnumerable<long> places) => file.Read(() => places.SelectMany(seq => file.Query($"select {Columns} from record r where r.seq = $1", Row, seq)).ToList());

    /// <summary>They were written into a bundle. They are still to be sent.</summary>
    public void Exported(IEnumerable<long> places, DateTimeOffset at) => file.Write(() =>
        places.Sum(seq => file.Execute("update record set exported_at = $2 where seq = $1", seq, at.ToUnixTimeMilliseconds())));

    /// <summary>How many are to be sent, and how many need a person.</summary>
    public (int ToSend, int Attention) Counts() => file.Read(() =>
        ((int)file.Count("select count(*) from outbox"), (int)file.Count("select count(*) from record where state in ('refused', 'conflict')")));

    /// <summary>How many are to be sent besides these, which follow each other in the outbox.</summary>
    public int Besides(IReadOnlyList<DeviceRecord> chunk) =>
        file.Read(() => (int)file.Count("select count(*) from outbox where seq < $1 or seq > $2", chunk[0].Seq, chunk[^1].Seq));

    /// <summary>Forgets what the gateway has had for longer than is asked. Only the server's time counts: a wrong clock here must not empty the file.</summary>
    public int Forget(DateTimeOffset toldBefore) => file.Write(() => file.Execute("""
        delete from record where state in ('accepted', 'waiting', 'replaced') and told_at < $1 and seq not in (select seq from outbox)
        """, toldBefore.ToUnixTimeMilliseconds()));

    private (long Seq, bool Fresh) Insert(NewRecord entered, object body, Guid id, int rev, DateTimeOffset at)
    {
        var seq = TakePlace();
        List<Guid> first = [.. entered.DependsOn.Where(other => other != id && file.Count("select count(*) from record where id = $1", Key(other)) > 0)];
        var envelope = new RecordEnvelope(
            entered.Kind, id, rev, entered.Schema, seq, at, first.Count == 0 ? null : first, JsonSerializer.SerializeToElement(body, body.GetType(), ContractJson.Options));
        Insert(seq, envelope, JsonSerializer.SerializeToUtf8Bytes(envelope, ContractJson.Options));
        Queue(seq);
        return (seq, true);
    }

    // A push is answered "duplicate" for what the feed calls by its state.
    private static bool IsOld(DeviceRecord record, Verdict verdict, RecordState state) =>
        record.State == state && record.Verdict is { } known && Standing(known) == Standing(verdict) && known.Code == verdict.Code && known.Number == verdict.Number;

    private static string Standing(Verdict verdict) => verdict.State ?? (verdict.Outcome == Verdict.Duplicate ? Verdict.Accepted : verdict.Outcome);

    private long Insert(RecordEnvelope envelope, byte[] bytes)
    {
        var seq = TakePlace();
        Insert(seq, envelope, bytes);
        return seq;
    }

    private void Insert(long seq, RecordEnvelope envelope, byte[] bytes) => file.Execute(
        "insert into record (seq, id, rev, kind, captured_at, bytes, state) values ($1, $2, $3, $4, $5, $6, 'queued')",
        seq, Key(envelope.Id), envelope.Rev, envelope.Kind, envelope.CapturedAt.ToString("O", CultureInfo.InvariantCulture), bytes);

    private void Queue(long seq)
    {
        file.Execute("update record set state = 'queued' where seq = $1 and state in ('refused', 'conflict', 'stopped')", seq);
        file.Execute("insert or ignore into outbox (seq) values ($1)", seq);
    }

    // In the same transaction as the record: a crash leaves no gap.
    private long TakePlace() => file.Query("update device set seq = seq + 1 returning seq", row => row.GetInt64(0))[0];

    private DeviceRecord? Current(Guid id) => file.Query($"select {Columns} from record r where r.id = $1 order by r.rev desc, r.seq desc limit 1", Row, Key(id)).FirstOrDefault();

    private static RecordEnvelope Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<RecordEnvelope>(bytes.Span, ContractJson.Options) is { Kind.Length: > 0, Rev: > 0 } envelope && envelope.Id != Guid.Empty
                ? envelope
                : throw new DeviceTrouble("record.unreadable", "A record to be taken over has no kind, id or revision.");
        }
        catch (JsonException trouble)
        {
            throw new DeviceTrouble("record.unreadable", $"A record to be taken over cannot be read: {trouble.Message}", trouble);
        }
    }

    private static DeviceRecord Row(SqliteDataReader row) => new(
        Guid.Parse(row.GetString(1)), row.GetInt32(2), row.GetString(3), row.GetInt64(0), DateTimeOffset.Parse(row.GetString(4), CultureInfo.InvariantCulture),
        Enum.Parse<RecordState>(row.GetString(5), ignoreCase: true),
        row.IsDBNull(6) ? null : JsonSerializer.Deserialize<Verdict>(row.GetString(6), ContractJson.Options), (byte[])row.GetValue(7),
        row.IsDBNull(8) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)));

    private static decimal? SumOf(object body) => body switch
    {
        OrderBody order => order.Totals.Total,
        ReceiptBody receipt => receipt.Amount,
        _ => null,
    };

    private static DeviceTrouble NotWithAPerson(Guid id) => new("record.notInAttention", $"The entry {id} does not need anybody: it is on its way, or stands at the office.");

    private static string Key(Guid id) => id.ToString("D");

    private static string Text(RecordState state) => state.ToString().ToLowerInvariant();
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Connections;

/// <summary>The connections of all companies: settings readable, secrets encrypted.</summary>
internal sealed class ConnectionStore(LedgerDatabase database, SettingsForm form, SecretBox box, ConnectorInfo info)
{
    /// <summary>Reads one connection; goes with <see cref="Take"/>.</summary>
    public const string Columns = """
        select account, settings::text, secrets, version,
            (select jsonb_object_agg(m.kind, m.entries)::text from mapping m where m.connection_id = connection.connection_id)
        from connection where connection_id = $1
        """;

    /// <summary>
    /// Goes before what notes that an account needs a person ($1: its name). Settings are saved, and tokens approved, before or after, never in between: so the note below knows whether
    /// somebody has helped already.
    /// </summary>
    public const string BeforeReconnect = "select from account where account = $1 for no key update";

    /// <summary>Whether the connection ($1) has other settings or tokens by now than those of a version ($2).</summary>
    public const string HasChanged = "exists (select from connection where connection_id = $1 and version <> $2)";

    private readonly ConcurrentDictionary<Guid, Connection> opened = new();

    /// <summary>The connection, or null when it has no settings yet.</summary>
    public async Task<Connection?> FindAsync(Guid companyId, Guid connectionId, CancellationToken stop)
    {
        await using var batch = database.For(companyId).Add(Columns, connectionId);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? Take(companyId, connectionId, reader) : null;
    }

    /// <summary>Connections of any companies, in one round trip; those without settings are left out.</summary>
    public async Task<IReadOnlyDictionary<(Guid Company, Guid Connection), Connection>> FindAsync(IEnumerable<(Guid Company, Guid Connection)> asked, CancellationToken stop)
    {
        var connections = asked.ToList();
        await using var batch = database.For(connections[0].Company).Add(Columns, connections[0].Connection);
        foreach (var (company, connection) in connections.Skip(1))
            batch.Company(company).Add(Columns, connection);
        var found = new Dictionary<(Guid, Guid), Connection>();
        await using var reader = await batch.ReadAsync(stop);
        foreach (var asks in connections)
        {
            if (await reader.ReadAsync(stop))
                found[asks] = Take(asks.Company, asks.Connection, reader);
            // Past the next statement that names a company, to the rows of the one after it.
            await reader.NextResultAsync(stop);
            await reader.NextResultAsync(stop);
        }

        return found;
    }

    /// <summary>The connection from a row of <see cref="Columns"/>; decrypted once for each version.</summary>
    public Connection Take(Guid companyId, Guid connectionId, NpgsqlDataReader row)
    {
        var version = row.GetInt64(3);
        if (opened.TryGetValue(connectionId, out var known) && known.Version == version && known.CompanyId == companyId)
            return known;
        var secrets = row.IsDBNull(2) ? [] : Open(row.GetFieldValue<byte[]>(2), companyId, connectionId);
        var connection = new Connection(companyId, connectionId, row.GetString(0), form.Read(row.GetString(1)), secrets, MappingStore.ReadAll(row.IsDBNull(4) ? null : row.GetString(4))) { Version = version };
        opened[connectionId] = connection;
        return connection;
    }

    // A mistyped account is put right: what waits moves along, as long as nothing was written to the old account and nothing is under way.
    private const string Move = """
        with old as (
            select company_id, account, document from document where connection_id = $1 and account <> $2 and not exists (
                select from document held where held.connection_id = $1 and held.account <> $2 and (
                    held.holder is not null or held.pushed_revision > 0
                    or exists (select from step where step.account = held.account and step.document = held.document and step.state <> 'closed')))),
        moved as (
            update document d set account = $2, state = case when d.state = 'reconnect' then 'pending' else d.state end, due = $3, changed_at = $3
            from old where d.company_id = old.company_id and d.account = old.account and d.document = old.document),
        needs as (
            update dependency n set account = $2 from old where n.company_id = old.company_id and n.account = old.account and n.document = old.document)
        update content c set account = $2 from old where c.company_id = old.company_id and c.account = old.account and c.document = old.document
        """;

    private const string Save = """
        insert into connection (company_id, connection_id, account, settings, secrets, version, changed_at)
        select $1, $2, $3, $4::jsonb, $5::bytea, 1, $6 where not exists (select from document where connection_id = $2 and account <> $3)
        on conflict (company_id, connection_id) do update
        set account = excluded.account, settings = excluded.settings, secrets = excluded.secrets, version = connection.version + 1, changed_at = $6
        returning version
        """;

    private const string IfSaved = "having exists (select from connection where connection_id = $2 and changed_at = $5)";

    private const string Account = """
        insert into account (company_id, account, max_concurrent) values ($1, $2, $3)
        on conflict (company_id, account) do update set max_concurrent = $3, paused_until = null, reconnect = false, reason = null
        """;

    private const string Resume = """
        update document set state = 'pending', due = $2, tries = 0, code = null, reason = null, fix = null, changed_at = $2
        where account = $1 and state = 'reconnect'
        """;

    /// <summary>
    /// Stores the settings of a connection. Secrets left out stay as they were. What stood in reconnect goes on, and a refresh token that was
    /// entered counts from now on.
    /// </summary>
    /// <exception cref="SettingsRefusedException">They cannot be taken.</exception>
    public async Task<Connection> SaveAsync(Guid companyId, Guid connectionId, JsonObject sent, CancellationToken stop, string? person = null)
    {
        var (stored, before) = await FindStoredAsync(companyId, connectionId, stop);
        var (settings, json, secrets) = form.Take(sent, before);
        var sealedSecrets = secrets.Count == 0 ? null : box.Seal(JsonSerializer.Serialize(secrets), companyId, connectionId);
        var now = database.Now;
        await using (var batch = database.Numbering(companyId, connectionId))
        {
            batch.Add(Account, companyId, settings.Account, settings.MaxConcurrent ?? info.MaxConcurrent);
            batch.Add(Move, connectionId, settings.Account, now);
            SettingsHistory.Note(batch, companyId, connectionId, settings.Account, Shown(stored, before), Shown(json, secrets, before), person, now);
            batch.Add(Save, companyId, connectionId, settings.Account, json, sealedSecrets, now);
            batch.Add(Resume, settings.Account, now);
            if (secrets.TryGetValue(TokenStore.RefreshTokenName, out var entered) && entered != before.GetValueOrDefault(TokenStore.RefreshTokenName))
                batch.Add($"{TokenStore.Insert} {IfSaved}", companyId, connectionId, "entered", TokenStore.Seal(box, companyId, connectionId, new(null, entered, now, null)), now);
            if (await batch.ScalarAsync(stop) is null)
                throw new SettingsRefusedException(null, "Through this connection documents were written to another account. Add a new connection for the new account.");
        }

        return (await FindAsync(companyId, connectionId, stop))!;
    }

    // A higher version, so that every replica reads the new tokens.
    private const string Approved = "update connection set version = version + 1, changed_at = $2 where connection_id = $1";

    private const string Unpause = "update account set paused_until = null, reconnect = false, reason = null where account = $1";

    /// <summary>Stores the tokens of an approval; what stood in reconnect goes on.</summary>
    public Task ApproveAsync(Connection connection, byte[] tokens, string? person, CancellationToken stop) => LedgerDatabase.UntilTakenAsync(async () =>
    {
        var now = database.Now;
        await using var batch = database.Numbering(connection.CompanyId, connection.Id);
        batch.Add(TokenStore.Insert, connection.CompanyId, connection.Id, "answer", tokens, now);
        batch.Add(Approved, connection.Id, now);
        batch.Add(Unpause, connection.Account);
        SettingsHistory.NoteApproval(batch, connection.CompanyId, connection.Id, person, now);
        batch.Add(Resume, connection.Account, now);
        await batch.RunAsync(stop);
        return 0;
    }, stop);

    /// <summary>Settings as JSON with, in place of each secret, whether it is set; null when there are none yet.</summary>
    public async Task<JsonObject?> ShowAsync(Guid companyId, Guid connectionId, CancellationToken stop)
    {
        await using var batch = database.For(companyId).Add(Columns, connectionId);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        var secrets = reader.IsDBNull(2) ? [] : Open(reader.GetFieldValue<byte[]>(2), companyId, connectionId);
        return new JsonObject { ["account"] = reader.GetString(0), ["version"] = reader.GetInt64(3), ["settings"] = Shown(reader.GetString(1), secrets) };
    }

    // Settings as people see them; with the secrets of before, what became of each.
    private JsonObject Shown(string? stored, IReadOnlyDictionary<string, string> secrets, IReadOnlyDictionary<string, string>? before = null)
    {
        var values = stored is null ? null : JsonNode.Parse(stored)!.AsObject();
        var shown = new JsonObject();
        foreach (var setting in values is null ? [] : form.Settings)
            shown[setting.Name] = setting.Secret ? Word(setting.Name) : (values![setting.Name] ?? setting.Default)?.DeepClone();
        return shown;

        string Word(string name) => !Value(secrets, name, out var now) ? "not set"
            : before is not null && Value(before, name, out var then) && now != then ? "changed" : "set";

        static bool Value(IReadOnlyDictionary<string, string> of, string name, out string? value)
        {
            value = of.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            return value is not null;
        }
    }

    private async Task<(string? Settings, IReadOnlyDictionary<string, string> Secrets)> FindStoredAsync(Guid companyId, Guid connectionId, CancellationToken stop)
    {
        await using var batch = database.For(companyId).Add(Columns, connectionId);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return (null, new Dictionary<string, string>());
        return (reader.GetString(1), reader.IsDBNull(2) ? new Dictionary<string, string>() : Open(reader.GetFieldValue<byte[]>(2), companyId, connectionId));
    }

    private Dictionary<string, string> Open(byte[] secrets, Guid companyId, Guid connectionId) =>
        new(JsonSerializer.Deserialize<Dictionary<string, string>>(box.Open(secrets, companyId, connectionId))!, StringComparer.OrdinalIgnoreCase);
}

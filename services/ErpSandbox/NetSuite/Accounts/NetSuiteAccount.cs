using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>A certificate that was uploaded, and the id NetSuite shows for it.</summary>
internal sealed record NetSuiteCertificate(string Id, string Pem);

/// <summary>Who may act for an account: the client of its integration record, and its certificates.</summary>
internal sealed record NetSuiteAccess(string ClientId, IReadOnlyList<NetSuiteCertificate> Certificates)
{
    public static readonly NetSuiteAccess None = new("", []);
}

/// <summary>A record of an account as the journal keeps it.</summary>
internal sealed record NetSuiteRow(string Type, JsonObject Row);

/// <summary>A record that was deleted.</summary>
internal sealed record NetSuiteDeleted(string Type, string Id);

/// <summary>One account: settings, access, and records of every kind. Its caller holds <see cref="Gate"/>.</summary>
internal sealed class NetSuiteAccount(string id, Journal journal)
{
    private const string Key = "id";
    private const string ExternalKey = "externalId";
    private readonly Dictionary<string, Dictionary<string, JsonObject>> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string ExternalId), string> external = [];
    private long lastId;

    public Lock Gate { get; } = new();

    public string Id => id;

    public NetSuiteSettings Settings { get; private set; } = new();

    public NetSuiteAccess Access { get; private set; } = NetSuiteAccess.None;

    public NetSuiteLimits Limits { get; } = new();

    public IEnumerable<JsonObject> All(string type) => tables.TryGetValue(type, out var rows) ? rows.Values : [];

    public JsonObject? Find(string type, string? rowId) => rowId is not null && tables.TryGetValue(type, out var rows) ? rows.GetValueOrDefault(rowId) : null;

    public JsonObject? FindExternal(string type, string? externalId) =>
        externalId is not null && external.TryGetValue((type, externalId), out var found) ? Find(type, found) : null;

    public void Put(NetSuiteSettings settings) => Keep(settings);

    public void Put(NetSuiteAccess access) => Keep(access);

    /// <summary>An id for a record that is about to be put in place.</summary>
    public string NextId() => (lastId + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Puts a record in place, with a new time of change, and returns it.</summary>
    public JsonObject Put(string type, JsonObject row, DateTimeOffset now, bool changes = true)
    {
        var before = Find(type, row.Text(Key));
        row[Key] ??= NextId();
        row["dateCreated"] ??= before.Text("dateCreated") ?? NetSuiteJson.Time(now);
        if (changes || before is null)
            row["lastModifiedDate"] = NetSuiteJson.Time(now);
        Keep(new NetSuiteRow(type, row));
        return row;
    }

    /// <summary>Takes a record out; nothing is left of it.</summary>
    public void Remove(string type, string rowId) => Keep(new NetSuiteDeleted(type, rowId));

    /// <summary>Takes one change in: a new one, or a kept one after a restart.</summary>
    public void Take(object change)
    {
        switch (change)
        {
            case NetSuiteSettings settings:
                Settings = settings;
                break;
            case NetSuiteAccess access:
                Access = access;
                break;
            case NetSuiteDeleted gone:
                Forget(gone.Type, gone.Id);
                if (tables.TryGetValue(gone.Type, out var rows))
                    rows.Remove(gone.Id);
                break;
            case NetSuiteRow { Type: var type, Row: var row }:
                var rowId = row.Text(Key)!;
                Forget(type, rowId);
                if (!tables.TryGetValue(type, out var table))
                    tables[type] = table = new(StringComparer.Ordinal);
                table[rowId] = row;
                if (row.Text(ExternalKey) is { } name)
                    external[(type, name)] = rowId;
                lastId = Math.Max(lastId, long.Parse(rowId, CultureInfo.InvariantCulture));
                break;
        }
    }

    private void Forget(string type, string rowId)
    {
        if (Find(type, rowId).Text(ExternalKey) is { } before)
            external.Remove((type, before));
    }

    private void Keep(object change)
    {
        Take(change);
        journal.Append(NetSuiteKinds.Of(change), id, change, NetSuiteJson.Options);
    }
}

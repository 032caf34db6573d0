using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Mappings;

/// <summary>One thing of ours and what stands for it.</summary>
/// <param name="Ours">As records name it, such as a tax code.</param>
/// <param name="Id">Its id at the destination.</param>
/// <param name="Name">As it was called there when it was mapped.</param>
internal sealed record Mapped(string Ours, string Id, string? Name);

/// <summary>What the office mapped, by kind; written together with who changed it. It comes along with the connection: see <see cref="Connection.Mapped"/>.</summary>
internal sealed class MappingStore(LedgerDatabase database)
{
    private const string Put = """
        insert into mapping (company_id, connection_id, kind, entries, changed_at)
        select company_id, connection_id, $3, $4::jsonb, $5 from connection where company_id = $1 and connection_id = $2
        on conflict (company_id, connection_id, kind) do update set entries = excluded.entries, changed_at = excluded.changed_at
        """;

    // Connections are kept opened by version.
    private const string Touch = "update connection set version = version + 1 where connection_id = $1 returning version";

    /// <summary>What is mapped of a kind.</summary>
    public async Task<IReadOnlyList<Mapped>> ListAsync(Guid company, Guid connection, string kind, CancellationToken stop)
    {
        await using var batch = database.For(company).Add("select entries::text from mapping where connection_id = $1 and kind = $2", connection, kind);
        return await batch.ScalarAsync(stop) is string entries ? Read(entries) : [];
    }

    /// <summary>Replaces what is mapped of a kind; false when the connection has no settings yet.</summary>
    public async Task<bool> PutAsync(Guid company, Guid connection, string kind, IReadOnlyList<Mapped> entries, string? person, CancellationToken stop)
    {
        var before = await ListAsync(company, connection, kind, stop);
        var json = Write(entries);
        await using var batch = database.For(company);
        var now = database.Now;
        SettingsHistory.NoteMapping(batch, company, connection, new() { [kind] = Shown(before) }, new() { [kind] = Shown(entries) }, person, now);
        batch.Add(Put, company, connection, kind, json.ToJsonString(ContractJson.Options), now);
        batch.Add(Touch, connection);
        return await batch.ScalarAsync(stop) is not null;
    }

    private static List<Mapped> Read(string entries) =>
        [.. JsonNode.Parse(entries)!.AsObject().Select(entry => new Mapped(entry.Key, (string)entry.Value!["id"]!, (string?)entry.Value["name"]))];

    private static JsonObject Write(IReadOnlyList<Mapped> entries) =>
        new(entries.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Ours, new JsonObject { ["id"] = entry.Id, ["name"] = entry.Name })));

    private static JsonObject Shown(IReadOnlyList<Mapped> entries) =>
        new(entries.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Ours, entry.Name is null ? entry.Id : $"{entry.Name} ({entry.Id})")));

    /// <summary>All that is mapped, from the column <see cref="ConnectionStore.Columns"/> reads: kind, ours, id.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ReadAll(string? column)
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var kind in column is null ? [] : JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, Mapped>>>(column, ContractJson.Options)!)
            all[kind.Key] = kind.Value.ToDictionary(entry => entry.Key, entry => entry.Value.Id, StringComparer.OrdinalIgnoreCase);
        return all;
    }
}

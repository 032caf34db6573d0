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

/// <summary>Something of ours that documents wait for.</summary>
/// <param name="Ours">As it is to be mapped.</param>
/// <param name="Documents">How many wait.</param>
/// <param name="Since">Since when the first of them does.</param>
internal sealed record Missing(string Ours, long Documents, DateTimeOffset Since);

/// <summary>What the office mapped, by kind; written together with who changed it. It comes along with the connection: see <see cref="Connection.Mapped"/>.</summary>
internal sealed class MappingStore(LedgerDatabase database)
{
    // In one statement with what stands there, so that two who map at the same time both have it.
    private const string Put = """
        insert into mapping as known (company_id, connection_id, kind, entries, changed_at)
        select company_id, connection_id, $3, $4::jsonb, $5 from connection where company_id = $1 and connection_id = $2
        on conflict (company_id, connection_id, kind) do update set changed_at = excluded.changed_at, entries = excluded.entries || case when $6 then '{}'::jsonb
            else (select coalesce(jsonb_object_agg(one.key, one.value), '{}') from jsonb_each(known.entries) one where lower(one.key) <> all ($7::text[])) end
        returning entries::text
        """;

    // Connections are kept opened by version.
    private const string Touch = "update connection set version = version + 1 where connection_id = $1 returning version";

    private const string All = """
        select kind, entries::text, null, null, null from mapping where connection_id = $1
        union all
        select unmapped_kind, null, unmapped, count(*), min(changed_at) from document
        where connection_id = $1 and state = 'refused' and unmapped_kind is not null group by unmapped_kind, unmapped
        """;

    /// <summary>What is mapped of a kind.</summary>
    public async Task<IReadOnlyList<Mapped>> ListAsync(Guid company, Guid connection, string kind, CancellationToken stop)
    {
        await using var batch = database.For(company).Add("select entries::text from mapping where connection_id = $1 and kind = $2", connection, kind);
        return await batch.ScalarAsync(stop) is string entries ? Read(entries) : [];
    }

    /// <summary>What is mapped, and what documents wait for, by kind.</summary>
    public async Task<ILookup<string, (IReadOnlyList<Mapped> Mapped, Missing? Missing)>> AllAsync(Guid company, Guid connection, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(All, connection);
        await using var reader = await batch.ReadAsync(stop);
        var rows = new List<(string Kind, IReadOnlyList<Mapped> Mapped, Missing? Missing)>();
        while (await reader.ReadAsync(stop))
            rows.Add(await reader.IsDBNullAsync(1, stop)
                ? (reader.GetString(0), [], new(reader.GetString(2), reader.GetInt64(3), reader.GetFieldValue<DateTimeOffset>(4)))
                : (reader.GetString(0), Read(reader.GetString(1)), null));
        return rows.ToLookup(row => row.Kind, row => (row.Mapped, row.Missing), StringComparer.Ordinal);
    }

    /// <summary>Maps things of a kind.</summary>
    /// <param name="company">Whose.</param>
    /// <param name="connection">Through which connection.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="entries">What is mapped to what.</param>
    /// <param name="instead">Names whose mapping ends, those of <paramref name="entries"/> among them; null = all there is.</param>
    /// <param name="person">Who says so.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>All that is mapped now; null when the connection has no settings yet.</returns>
    public async Task<IReadOnlyList<Mapped>?> PutAsync(
        Guid company, Guid connection, string kind, IReadOnlyList<Mapped> entries, IEnumerable<string>? instead, string? person, CancellationToken stop)
    {
        var before = await ListAsync(company, connection, kind, stop);
        var ends = instead?.Select(name => name.ToLowerInvariant()).ToArray();
        var after = ends is null ? entries : [.. before.Where(entry => !ends.Contains(entry.Ours.ToLowerInvariant())), .. entries];
        await using var batch = database.Numbering(company, connection);
        var now = database.Now;
        SettingsHistory.NoteMapping(batch, company, connection, new() { [kind] = Shown(before) }, new() { [kind] = Shown(after) }, person, now);
        batch.Add(Put, company, connection, kind, Write(entries).ToJsonString(ContractJson.Options), now, ends is null, ends ?? []);
        batch.Add(Touch, connection);
        return await batch.ScalarAsync(stop) is string all ? Read(all) : null;
    }

    private static List<Mapped> Read(string entries) =>
        [.. JsonNode.Parse(entries)!.AsObject().Select(entry => new Mapped(entry.Key, (string)entry.Value!["id"]!, (string?)entry.Value["name"]))];

    private static JsonObject Write(IReadOnlyList<Mapped> entries) =>
        new(entries.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Ours, new JsonObject { ["id"] = entry.Id, ["name"] = entry.Name })));

    private static JsonObject Shown(IReadOnlyList<Mapped> entries) => new(entries.OrderBy(entry => entry.Ours, StringComparer.Ordinal)
        .Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Ours, entry.Name is null ? entry.Id : $"{entry.Name} ({entry.Id})")));

    /// <summary>All that is mapped, from the column <see cref="ConnectionStore.Columns"/> reads: kind, ours, id.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ReadAll(string? column)
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var kind in column is null ? [] : JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, Mapped>>>(column, ContractJson.Options)!)
            all[kind.Key] = kind.Value.ToDictionary(entry => entry.Key, entry => entry.Value.Id, StringComparer.OrdinalIgnoreCase);
        return all;
    }
}

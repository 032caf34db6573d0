using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Connections;

/// <summary>One change of a connection.</summary>
/// <param name="Number">Counts them.</param>
/// <param name="At">When.</param>
/// <param name="Person">Who, as the gateway said.</param>
/// <param name="Action">settings, mapping, approved, paused or resumed.</param>
/// <param name="Before">What was changed, as it was.</param>
/// <param name="After">What was changed, as it is.</param>
internal sealed record Change(long Number, DateTimeOffset At, string? Person, string Action, JsonNode? Before, JsonNode? After);

/// <summary>Who changed what on a connection, and when; written in the transaction of the change. Of a secret only that it changed.</summary>
internal sealed class SettingsHistory(LedgerDatabase database)
{
    private const string Insert = """
        insert into change (company_id, connection_id, number, at, person, action, before, after)
        select $1, $2, coalesce(max(number), 0) + 1, $3, $4::text, $5, $6::jsonb, $7::jsonb from change where connection_id = $2
        """;

    // As the settings themselves: not while documents were written to another account.
    private const string IfTaken = "having not exists (select from document where connection_id = $2 and account <> $8)";

    /// <summary>Notes a change of settings in the transaction that makes it. Nothing is noted where nothing changed.</summary>
    public static void Note(CompanyBatch batch, Guid company, Guid connection, string account, JsonObject before, JsonObject after, string? person, DateTimeOffset at)
    {
        var names = after.Select(setting => setting.Key).Where(name => Differs(before, after, name)).ToList();
        if (names.Count > 0)
            batch.Add($"{Insert} {IfTaken}", company, connection, at, person, "settings", Only(before, names), Only(after, names), account);
    }

    /// <summary>Notes that a person paused or resumed a connection.</summary>
    public static void Note(CompanyBatch batch, Guid company, Guid connection, string action, string? reason, string? person, DateTimeOffset at) => batch.Add(
        $"{Insert} having exists (select from connection where connection_id = $2 and (held_at is not null) = ($5 = 'resumed'))",
        company, connection, at, person, action, "{}", new JsonObject { ["reason"] = reason }.ToJsonString(ContractJson.Options));

    /// <summary>Notes what a person mapped. Nothing is noted where nothing changed.</summary>
    public static void NoteMapping(CompanyBatch batch, Guid company, Guid connection, JsonObject before, JsonObject after, string? person, DateTimeOffset at)
    {
        if (!JsonNode.DeepEquals(before, after))
            batch.Add(
                $"{Insert} having exists (select from connection where connection_id = $2)",
                company, connection, at, person, "mapping", before.ToJsonString(ContractJson.Options), after.ToJsonString(ContractJson.Options));
    }

    /// <summary>Notes that a person approved the connection at the destination.</summary>
    public static void NoteApproval(CompanyBatch batch, Guid company, Guid connection, string? person, DateTimeOffset at) =>
        batch.Add(Insert, company, connection, at, person, "approved", "{}", "{}");

    /// <summary>Changes, newest first.</summary>
    public async Task<IReadOnlyList<Change>> ListAsync(Guid company, Guid connection, long? before, int limit, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(
            "select number, at, person, action, before::text, after::text from change where connection_id = $1 and number < $2 order by number desc limit $3",
            connection, before ?? long.MaxValue, limit);
        await using var reader = await batch.ReadAsync(stop);
        var changes = new List<Change>();
        while (await reader.ReadAsync(stop))
        {
            changes.Add(new(
                reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), await reader.IsDBNullAsync(2, stop) ? null : reader.GetString(2), reader.GetString(3),
                JsonNode.Parse(reader.GetString(4)), JsonNode.Parse(reader.GetString(5))));
        }

        return changes;
    }

    private static bool Differs(JsonObject before, JsonObject after, string name) =>
        after[name] is JsonValue value && value.TryGetValue<string>(out var word) && word == "changed" || !JsonNode.DeepEquals(before[name], after[name]);

    private static string Only(JsonObject settings, List<string> names) =>
        new JsonObject(names.Select(name => KeyValuePair.Create(name, settings[name]?.DeepClone()))).ToJsonString(ContractJson.Options);
}

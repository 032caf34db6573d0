using Npgsql;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.NeedsAttention;

/// <summary>All that stands for the same cause.</summary>
/// <param name="Reason">As in the list.</param>
/// <param name="Connection">Null = the gateway.</param>
/// <param name="Code">Stable code; null where none was said.</param>
/// <param name="Cause">What they have in common beside the code; null where nothing is known.</param>
/// <param name="Count">How many.</param>
/// <param name="Since">Since when the oldest stands.</param>
/// <param name="Message">Why, in plain words.</param>
/// <param name="Alike">Whether the message is the same for all; else it is one of them.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Mend">Where: reconnect, settings, mappings, taxes, products, customers, duplicates, changes, series, people, record, destination or device.</param>
/// <param name="Actions">What can be done with all of them: accept (they go on as captured), retry, stop, reopen.</param>
internal sealed record AttentionGroup(
    string Reason, string? Connection, string? Code, string? Cause, long Count, DateTimeOffset Since, string? Message, bool Alike, string? Fix, string Mend, IReadOnlyList<string> Actions);

/// <summary>Groups, the largest first.</summary>
/// <param name="Groups">At most a hundred.</param>
/// <param name="Total">Of all groups, those not shown included.</param>
/// <param name="Left">Groups that are not shown.</param>
internal sealed record AttentionGroupList(IReadOnlyList<AttentionGroup> Groups, long Total, int Left);

/// <summary>What needs a person, by cause: what is mended once is one line, whatever number of records stumble over it.</summary>
internal sealed class AttentionGroups(NpgsqlDataSource database, TimeProvider time)
{
    private const int Most = 100;

    public async Task<IResult> ListAsync(OfficeIdentity office, HttpRequest request, AttentionFilter filter, CancellationToken stop)
    {
        if (filter.Reason is not null && !AttentionSources.Knows(filter.Reason))
            return AttentionPages.UnknownReason();
        var language = Sentences.LanguageOf(request);
        if (!AttentionSources.Of(filter).Any())
            return Results.Ok(new AttentionGroupList([], 0, 0));
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"""
            with found as materialized ({AttentionSources.Found(filter)})
            select reason, connection, code, cause, count(*), min(since), min(said collate "C"), max(said collate "C"), min(params::text collate "C"), max(params::text collate "C"), min(fix collate "C"),
                sum(count(*)) over ()::bigint, count(*) over ()
            from found group by 1, 2, 3, 4 order by 5 desc, 6, 1, 2, 3, 4 limit {Most}
            """, filter.Parameters(office.CompanyId, time.GetUtcNow()));
        var groups = new List<AttentionGroup>();
        var (total, all) = (0L, 0L);
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            groups.Add(Read(reader, language));
            (total, all) = (reader.GetInt64(11), reader.GetInt64(12));
        }

        return Results.Ok(new AttentionGroupList(groups, total, (int)all - groups.Count));
    }

    private static AttentionGroup Read(NpgsqlDataReader row, string language)
    {
        var (reason, connection, code) = (row.GetString(0), Text(row, 1), Text(row, 2));
        var (one, other) = connection is null
            ? (AttentionWords.Said(code, language, Text(row, 8)), AttentionWords.Said(code, language, Text(row, 9)))
            : (Text(row, 6), Text(row, 7));
        var message = AttentionWords.Shared(one);
        return new(reason, connection, code, Text(row, 3), row.GetInt64(4), row.GetFieldValue<DateTimeOffset>(5), message, message == AttentionWords.Shared(other),
            Text(row, 10) ?? AttentionWords.Fix(reason, connection, code, language), AttentionWords.Mend(reason, code), Actions(reason, connection, code));
    }

    private static string[] Actions(string reason, string? connection, string? code) => reason switch
    {
        AttentionSources.Stopped => ["reopen"],
        _ when connection is null && Wishes.IsDecision(reason, code) => ["accept", "stop"],
        _ => ["retry", "stop"],
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Collections;
using OrderSync.Gateway.Parked;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.NeedsAttention;

/// <summary>One thing that needs a person: a record at the gateway (no connection), or its delivery to a connection.</summary>
/// <param name="RecordId">The record.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Number">Its number, once it has one.</param>
/// <param name="Reference">What the device shows for it.</param>
/// <param name="Customer">Its customer's name.</param>
/// <param name="Currency">Of the total.</param>
/// <param name="Total">As captured.</param>
/// <param name="Rep">Who captured it.</param>
/// <param name="Connection">Null = the gateway.</param>
/// <param name="Reason">held, refused (the device mends it), waiting (for more than a day, or for something that was stopped), attention or reconnect; stopped where it was asked for.</param>
/// <param name="Code">Why, as a stable code.</param>
/// <param name="Message">Why, in plain words.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Attempts">How often the destination was tried.</param>
/// <param name="Since">Since when it stands so; what was refused came last then.</param>
/// <param name="FirstAt">When it came for the first time.</param>
internal sealed record AttentionRow(
    Guid RecordId, string Kind, string? Number, string? Reference, string? Customer, string? Currency, decimal? Total, string Rep, string? Connection, string Reason, string? Code, string? Message,
    string? Fix, int Attempts, DateTimeOffset Since, DateTimeOffset FirstAt);

internal sealed record AttentionCount(string Reason, string? Connection, string? Code, long Count);

/// <summary>A page, and how many there are of each sort under the same filter.</summary>
/// <param name="Items">The page.</param>
/// <param name="Counts">Of each sort.</param>
/// <param name="Total">Of all sorts.</param>
/// <param name="Next">The text for <c>after</c>; null on the last page.</param>
/// <param name="Parked">Messages between parts that could not be read, whatever the filter; on the first page only.</param>
/// <param name="Collections">What is brought back from destinations and waits for a person, whatever the filter; on the first page only.</param>
internal sealed record AttentionList(
    IReadOnlyList<AttentionRow> Items, IReadOnlyList<AttentionCount> Counts, long Total, string? Next, IReadOnlyList<ParkedCount> Parked, IReadOnlyList<CollectionTrouble> Collections);

/// <summary>What needs a person, in one list whatever holds it up, the longest standing first.</summary>
internal sealed class AttentionPages(NpgsqlDataSource database, ParkedCounts parked, CollectionTroubles collections, TimeProvider time)
{
    public async Task<IResult> ListAsync(OfficeIdentity office, HttpRequest request, AttentionFilter filter, string? after, int? limit, CancellationToken stop)
    {
        if (!AttentionPlace.TryRead(after, out var place))
            return Problems.Bad("attention.after", "after is the text an earlier page gave as next. Leave it out to begin at the start.");
        if (filter.Reason is not null && !AttentionSources.Knows(filter.Reason))
            return UnknownReason();

        var language = Sentences.LanguageOf(request);
        var unread = place is null ? parked.ListAsync(office, language, stop) : Task.FromResult<IReadOnlyList<ParkedCount>>([]);
        var troubles = place is null ? collections.ListAsync(office, language, stop) : Task.FromResult<IReadOnlyList<CollectionTrouble>>([]);
        var (rows, counts, next) = AttentionSources.Of(filter).Any() ? await ReadAsync(office, filter, place ?? AttentionPlace.Start, Access.Page.Size(limit), language, stop) : ([], [], null);
        return Results.Ok(new AttentionList(rows, counts, counts.Sum(count => count.Count), next, await unread, await troubles));
    }

    public static IResult UnknownReason() => Problems.Bad("attention.reason", "reason is held, refused, waiting, attention, reconnect or stopped.");

    private async Task<(List<AttentionRow>, List<AttentionCount>, string? Next)> ReadAsync(
        OfficeIdentity office, AttentionFilter filter, AttentionPlace place, int size, string language, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"""
            with page as (select * from ({AttentionSources.FirstOfEach(filter)}) found order by {AttentionSources.Order} limit $10)
            select s.record_id, r.kind, n.number, r.reference, c.name, r.currency, r.total, p.name, s.connection, s.reason, s.code, s.said, s.fix, s.attempts, s.since, s.params::text,
                coalesce(s.connection_id, '00000000-0000-0000-0000-000000000000'), coalesce(f.at, r.received_at)
            from page s
            cross join lateral (select * from record r where r.company_id = $1 and r.record_id = s.record_id limit 1) r
            join rep p on p.company_id = $1 and p.rep_id = r.rep_id
            left join lateral (select n.number from record_number n where n.company_id = $1 and n.record_id = s.record_id limit 1) n on true
            left join lateral (select min(f.received_at) as at from capture f where f.company_id = $1 and f.record_id = s.record_id) f on true
            left join customer c on c.company_id = $1 and c.customer_id = r.customer_id
            order by s.since, s.record_id, 17
            """, [.. filter.Parameters(office.CompanyId, now), .. place.Parameters, size]);
        batch.Add($"select reason, connection, code, count(*) from ({AttentionSources.Found(filter)}) found group by 1, 2, 3 order by 4 desc, 1, 2, 3", filter.Parameters(office.CompanyId, now));

        var rows = new List<AttentionRow>();
        AttentionPlace? last = null;
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(Read(reader, language));
            last = new(rows[^1].Since, rows[^1].RecordId, reader.GetGuid(16));
        }

        var counts = new List<AttentionCount>();
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            counts.Add(new(reader.GetString(0), Text(reader, 1), Text(reader, 2), reader.GetInt64(3)));
        return (rows, counts, rows.Count == size ? last?.ToString() : null);
    }

    private static AttentionRow Read(NpgsqlDataReader row, string language)
    {
        var code = Text(row, 10);
        // Of a record the sentence is made here; a destination has said its own.
        var message = Text(row, 8) is not null ? Text(row, 11) : AttentionWords.Said(code, language, Text(row, 15));
        return new(row.GetGuid(0), row.GetString(1), Text(row, 2), Text(row, 3), Text(row, 4), Text(row, 5), row.IsDBNull(6) ? null : row.GetDecimal(6), row.GetString(7), Text(row, 8),
            row.GetString(9), code, message, Text(row, 12), row.GetInt32(13), row.GetFieldValue<DateTimeOffset>(14), row.GetFieldValue<DateTimeOffset>(17));
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

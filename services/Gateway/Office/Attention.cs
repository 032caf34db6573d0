using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Collections;
using OrderSync.Gateway.Parked;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office;

internal sealed record AttentionFilter(string? Reason, string? Connection, string? Kind, string? Code, string? After, int? Limit);

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
/// <param name="Reason">held, refused (the device mends it), waiting (for more than a day, or for something that was stopped), attention or reconnect.</param>
/// <param name="Code">Why, as a stable code.</param>
/// <param name="Message">Why, in plain words.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Attempts">How often the destination was tried.</param>
/// <param name="Since">Since when it stands so.</param>
internal sealed record AttentionRow(
    Guid RecordId, string Kind, string? Number, string? Reference, string? Customer, string? Currency, decimal? Total, string Rep, string? Connection, string Reason, string? Code, string? Message,
    string? Fix, int Attempts, DateTimeOffset Since);

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

/// <summary>What needs a person, in one list whatever holds it up. Derived from what stands, so that nothing has to be cleared.</summary>
internal sealed class Attention(NpgsqlDataSource database, ParkedCounts parked, CollectionTroubles collections, TimeProvider time)
{
    private static readonly TimeSpan LongWait = TimeSpan.FromDays(1);

    private const string Shown = """
        with found as (
            select r.record_id, null::uuid as connection_id, 'held' as reason, r.code, null::text as said, null::text as fix, 0 as attempts, r.received_at as since
            from record r where r.company_id = $1 and r.state = 'held'
            union all
            select r.record_id, null, 'refused', r.code, null, null, 0, r.received_at from record r where r.company_id = $1 and r.state = 'refused'
            union all
            select r.record_id, null, 'waiting', r.code, null, null, 0, r.received_at from record r
            where r.company_id = $1 and r.state = 'waiting' and (r.received_at < $2
                or exists (select from record s where s.company_id = $1 and s.record_id = any(r.awaits) and s.state = 'stopped'))
            union all
            select d.record_id, d.connection_id, d.state, d.code, d.reason, d.fix, d.attempts, d.moved_at from delivery d
            where d.company_id = $1 and (d.state in ('attention', 'reconnect') or d.state = 'waiting' and d.moved_at < $2)),
        shown as (
            select f.*, x.name as connection, r.kind from found f
            join record r on r.company_id = $1 and r.record_id = f.record_id
            left join connection x on x.company_id = $1 and x.connection_id = f.connection_id
            where ($3::text is null or f.reason = $3) and ($4::text is null or x.name = $4) and ($5::text is null or r.kind = $5) and ($6::text is null or f.code = $6))
        """;

    public async Task<IResult> ListAsync(OfficeIdentity office, HttpRequest request, AttentionFilter filter, CancellationToken stop)
    {
        if (!Place.TryRead(filter.After, out var place))
            return Problems.Bad("attention.after", "after is the text an earlier page gave as next. Leave it out to begin at the start.");

        var language = Sentences.LanguageOf(request);
        var unread = place is null ? parked.ListAsync(office, language, stop) : Task.FromResult<IReadOnlyList<ParkedCount>>([]);
        var troubles = place is null ? collections.ListAsync(office, language, stop) : Task.FromResult<IReadOnlyList<CollectionTrouble>>([]);
        var size = Access.Page.Size(filter.Limit);
        var longAgo = time.GetUtcNow() - LongWait;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"""
            {Shown}
            select s.record_id, s.kind, n.number, r.reference, c.name, r.currency, r.total, p.name, s.connection, s.reason, s.code, s.said, s.fix, s.attempts, s.since, r.params::text,
                coalesce(s.connection_id, '00000000-0000-0000-0000-000000000000')
            from shown s
            join record r on r.company_id = $1 and r.record_id = s.record_id
            join rep p on p.company_id = $1 and p.rep_id = r.rep_id
            left join record_number n on n.company_id = $1 and n.record_id = s.record_id
            left join customer c on c.company_id = $1 and c.customer_id = r.customer_id
            where $7::timestamptz is null or (s.since, s.record_id, coalesce(s.connection_id, '00000000-0000-0000-0000-000000000000')) > ($7, $8, $9)
            order by s.since, s.record_id, coalesce(s.connection_id, '00000000-0000-0000-0000-000000000000') limit $10
            """, [.. Filters(), CompanyBatch.Maybe(place?.Since), place?.Record ?? Guid.Empty, place?.Connection ?? Guid.Empty, size]);
        batch.Add($"{Shown} select reason, connection, code, count(*) from shown group by 1, 2, 3 order by 4 desc, 1, 2, 3", Filters());

        var rows = new List<AttentionRow>();
        Place? last = null;
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
        return Results.Ok(new AttentionList(rows, counts, counts.Sum(count => count.Count), rows.Count == size ? last?.ToString() : null, await unread, await troubles));

        object[] Filters() =>
            [office.CompanyId, longAgo, CompanyBatch.Maybe(filter.Reason), CompanyBatch.Maybe(filter.Connection), CompanyBatch.Maybe(filter.Kind), CompanyBatch.Maybe(filter.Code)];
    }

    private static AttentionRow Read(NpgsqlDataReader row, string language)
    {
        var code = Text(row, 10);
        // Of a record the sentence is made here; a destination has said its own.
        var message = Text(row, 8) is not null ? Text(row, 11)
            : code is null ? null : Sentences.Of(code, language, row.IsDBNull(15) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(15)));
        return new(row.GetGuid(0), row.GetString(1), Text(row, 2), Text(row, 3), Text(row, 4), Text(row, 5), row.IsDBNull(6) ? null : row.GetDecimal(6), row.GetString(7), Text(row, 8),
            row.GetString(9), code, message, Text(row, 12), row.GetInt32(13), row.GetFieldValue<DateTimeOffset>(14));
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>Where a page ended: the next begins behind it, however the list has changed meanwhile.</summary>
    private sealed record Place(DateTimeOffset Since, Guid Record, Guid Connection)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Since.UtcTicks / 10}_{Record:N}_{Connection:N}");

        public static bool TryRead(string? text, out Place? place)
        {
            place = null;
            if (text is null)
                return true;
            if (text.Split('_') is not [var since, var record, var connection] || !long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
                || microseconds > DateTimeOffset.MaxValue.Ticks / 10 || !Guid.TryParseExact(record, "N", out var recordId) || !Guid.TryParseExact(connection, "N", out var connectionId))
                return false;
            place = new(new DateTimeOffset(microseconds * 10, TimeSpan.Zero), recordId, connectionId);
            return true;
        }
    }
}

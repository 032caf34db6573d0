using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.NeedsAttention;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.OwnRecords;

/// <summary>One record of a rep that does not go on, or a destination that did not take it.</summary>
/// <param name="Id">The record.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Rev">The revision that stands.</param>
/// <param name="Number">Its final number.</param>
/// <param name="Reference">What the device shows for it.</param>
/// <param name="Customer">Its customer's name.</param>
/// <param name="Reason">refused, held, waiting, attention, reconnect or stopped.</param>
/// <param name="Connection">The destination; absent where it stands at the gateway.</param>
/// <param name="Code">Why, as a stable code.</param>
/// <param name="Field">Which field the reason speaks of.</param>
/// <param name="Message">Why, in plain words.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Actions">What the device may ask for: retry, stop, reopen.</param>
/// <param name="Attempts">How often the destination was tried.</param>
/// <param name="FirstAt">When it came for the first time.</param>
/// <param name="LastAt">When it was last judged, or last moved at the destination.</param>
/// <param name="DeviceId">The device that sent it last.</param>
internal sealed record OwnAttentionRow(
    Guid Id, string Kind, int Rev, string? Number, string? Reference, string? Customer, string Reason, string? Connection, string? Code, string? Field, string? Message, string? Fix,
    IReadOnlyList<string> Actions, int Attempts, DateTimeOffset FirstAt, DateTimeOffset LastAt, Guid DeviceId);

/// <summary>What needs somebody of one rep's records.</summary>
/// <param name="Items">What has stood longest first.</param>
/// <param name="Counts">By reason, under the same question.</param>
/// <param name="Next">The text for <c>after</c>; absent on the last page.</param>
internal sealed record OwnAttentionList(IReadOnlyList<OwnAttentionRow> Items, IReadOnlyDictionary<string, long> Counts, string? Next);

/// <summary><c>GET /v1/sync/attention</c>: what a rep's device shows under "needs you", as the server has it. Only the rep's own records.</summary>
internal sealed class OwnAttention(NpgsqlDataSource database, TimeProvider time)
{
    // What has been stopped is nobody's business any more, unless it is asked for; a short wait needs nobody.
    private const string AtGateway = """
        r.rep_id = self.rep_id and case when $6 = 'stopped' then r.state = 'stopped'
            else r.state in ('refused', 'held') or (r.state = 'waiting' and ($6 = 'waiting' or r.received_at < $7)) end
        and ($6 is null or r.state = $6)
        """;

    private static readonly string Found = $"""
        with self as (select rep_id from device where company_id = $1 and device_id = $2), found as (
            select r.record_id, r.rev, r.state as reason, null::text as connection, '00000000-0000-0000-0000-000000000000'::uuid as connection_id, r.code, r.field, r.params::text as params,
                null::text as said, null::text as fix, 0 as attempts, r.received_at as since, r.params ->> 'by' as by
            from self join record r on r.company_id = $1 and r.state <> 'accepted' and {AtGateway}
            union all
            select d.record_id, d.rev, d.state, x.name, x.connection_id, d.code, null, null, d.reason, d.fix, d.attempts, d.moved_at, null
            from connection x join delivery d on d.company_id = $1 and d.connection_id = x.connection_id and d.state in ('attention', 'reconnect') and d.wish = 'push'
            join record r on r.company_id = $1 and r.record_id = d.record_id join self on r.rep_id = self.rep_id
            where x.company_id = $1 and ($6 is null or d.state = $6))
        """;

    private static readonly string[] Reasons = ["refused", "held", "waiting", "attention", "reconnect", "stopped"];

    public async Task<IResult> ListAsync(HttpContext http, string? reason, string? after, int? limit, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        if (reason is not null && !Reasons.Contains(reason))
            return AttentionPages.UnknownReason();
        if (!AttentionPlace.TryRead(after, out var place))
            return Problems.Bad("attention.after", "after is the text an earlier page gave as next. Leave it out to begin at the start.");

        var (size, language) = (Page.Size(limit), Sentences.LanguageOf(http.Request));
        var longSince = time.GetUtcNow() - AttentionSources.LongWait;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        batch.Add($"""
            {Found}, page as (select * from found where (since, record_id, connection_id) > ($3, $4, $5) order by since, record_id, connection_id limit $8)
            select p.record_id, r.kind, p.rev, n.number, r.reference, c.name, p.reason, p.connection, p.code, p.field, p.said, p.fix, p.attempts, coalesce(f.at, r.received_at), p.since, r.device_id, p.params,
                p.connection_id, p.by
            from page p join record r on r.company_id = $1 and r.record_id = p.record_id
            left join record_number n on n.company_id = $1 and n.record_id = p.record_id
            left join customer c on c.company_id = $1 and c.customer_id = r.customer_id
            left join lateral (select min(f.received_at) as at from capture f where f.company_id = $1 and f.record_id = p.record_id) f on true
            order by p.since, p.record_id, p.connection_id
            """, [device.CompanyId, device.DeviceId, .. (place ?? AttentionPlace.Start).Parameters, CompanyBatch.Maybe(reason), longSince, size]);
        batch.Add($"{Found} select reason, count(*) from found group by 1",
            [device.CompanyId, device.DeviceId, .. AttentionPlace.Start.Parameters, CompanyBatch.Maybe(reason), longSince]);

        var (rows, last) = (new List<OwnAttentionRow>(), default(AttentionPlace));
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(Read(reader, language));
            last = new(rows[^1].LastAt, rows[^1].Id, reader.GetGuid(17));
        }

        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return Results.Ok(new OwnAttentionList(rows, counts, rows.Count == size ? last?.ToString() : null));
    }

    private static OwnAttentionRow Read(NpgsqlDataReader row, string language)
    {
        var (reason, connection, code) = (row.GetString(6), Text(row, 7), Text(row, 8));
        var message = connection is null ? AttentionWords.Said(code, language, Text(row, 16)) : Text(row, 10);
        var fix = Text(row, 11) ?? Sentences.Of($"own.fix.{reason}", language, null);
        return new(row.GetGuid(0), row.GetString(1), row.GetInt32(2), Text(row, 3), Text(row, 4), Text(row, 5), reason, connection, code, Text(row, 9), message, fix, Actions(reason, connection, Text(row, 18)),
            row.GetInt32(12), row.GetFieldValue<DateTimeOffset>(13), row.GetFieldValue<DateTimeOffset>(14), row.GetGuid(15));
    }

    // What the office has put aside the office takes up again; what an ERP did not take is the office's to give up.
    private static string[] Actions(string reason, string? connection, string? by) => (reason, connection) switch
    {
        ("stopped", _) => by == OwnWork.Device ? ["reopen"] : [],
        (_, null) => ["retry", "stop"],
        _ => ["retry"],
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

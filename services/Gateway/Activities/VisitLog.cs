using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Activities;

/// <summary>Something that was captured during a visit.</summary>
/// <param name="Record">The record.</param>
/// <param name="Type">What it is: a visit's own step, a form, a count …</param>
/// <param name="Step">Which step of it.</param>
/// <param name="At">When it was captured, by the device's clock.</param>
/// <param name="SkewSeconds">How far that clock was behind ours when it was sent.</param>
/// <param name="Notes">What was written.</param>
/// <param name="AttachmentsExpected">Files that belong to it.</param>
/// <param name="State">How the record stands.</param>
internal sealed record VisitEntry(Guid Record, string Type, string? Step, DateTimeOffset At, double SkewSeconds, string? Notes, int? AttachmentsExpected, string State);

/// <summary>A visit.</summary>
/// <param name="Id">The visit's id.</param>
/// <param name="CustomerId">Who was visited.</param>
/// <param name="Customer">Name of the customer.</param>
/// <param name="CheckedInAt">When it began.</param>
/// <param name="CompletedAt">When it was marked complete; absent = it was not.</param>
/// <param name="Entries">All that was captured during it, in order.</param>
internal sealed record VisitRow(Guid Id, Guid? CustomerId, string? Customer, DateTimeOffset? CheckedInAt, DateTimeOffset? CompletedAt, IReadOnlyList<VisitEntry> Entries);

internal sealed record VisitList(IReadOnlyList<VisitRow> Visits);

/// <summary>What a rep did on a day, visit by visit. A visit is of the day on which it began.</summary>
internal sealed class VisitLog(NpgsqlDataSource database)
{
    private const int MostVisits = 500;

    public async Task<IResult> ListAsync(OfficeIdentity office, Guid rep, DateOnly day, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"""
            with begun as (
                select a.visit_id from activity a join record r on r.company_id = $1 and r.record_id = a.record_id and r.rev = a.rev
                where a.company_id = $1 and a.rep_id = $2 and a.type = 'visit' and a.step = 'checkIn' and r.state <> 'refused'
                    and a.document_date = $3 and a.captured_at between $3::timestamp - interval '400 days' and $3::timestamp + interval '400 days'
                order by a.captured_at limit {MostVisits})
            select a.visit_id, a.record_id, a.type, a.step, a.captured_at, r.captured_offset, a.skew_ms, a.notes, a.attachments_expected, r.state, r.customer_id, c.name
            from begun b join activity a on a.company_id = $1 and a.visit_id = b.visit_id
            join record r on r.company_id = $1 and r.record_id = a.record_id and r.rev = a.rev and r.state <> 'refused'
            left join customer c on c.company_id = $1 and c.customer_id = r.customer_id
            order by a.captured_at, a.record_id
            """, office.CompanyId, rep, day);
        var found = new List<(Guid Visit, Guid? Customer, string? Name, VisitEntry Entry)>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var at = reader.GetFieldValue<DateTimeOffset>(4).ToOffset(TimeSpan.FromMinutes(reader.GetInt16(5)));
            found.Add((reader.GetGuid(0), reader.IsDBNull(10) ? null : reader.GetGuid(10), Text(11), new(
                reader.GetGuid(1), reader.GetString(2), Text(3), at, reader.GetInt64(6) / 1000.0, Text(7), reader.IsDBNull(8) ? null : reader.GetInt32(8), reader.GetString(9))));
        }

        return Results.Ok(new VisitList([.. found.GroupBy(one => one.Visit).Select(visit => new VisitRow(
            visit.Key, visit.Select(one => one.Customer).FirstOrDefault(id => id is not null), visit.Select(one => one.Name).FirstOrDefault(name => name is not null),
            AtOf(visit, "checkIn"), AtOf(visit, "complete"), [.. visit.Select(one => one.Entry)]))]));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private static DateTimeOffset? AtOf(IEnumerable<(Guid, Guid?, string?, VisitEntry Entry)> visit, string step) =>
        visit.Select(one => one.Entry).FirstOrDefault(entry => entry.Type == Visits.Type && entry.Step == step)?.At;
}

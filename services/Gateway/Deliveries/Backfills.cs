using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Deliveries;

/// <summary>Which stored records a connection is to get.</summary>
/// <param name="From">Document date of the first.</param>
/// <param name="To">Document date of the last; left out = no end.</param>
/// <param name="Kinds">Kinds among those the connection takes; left out = all of them.</param>
/// <param name="DryRun">Only count.</param>
internal sealed record BackfillRequest(DateOnly? From, DateOnly? To, IReadOnlyList<string>? Kinds, bool DryRun);

/// <summary>Accepted records of a kind: how many there are, how many the connection has a delivery of, how many it lacks.</summary>
internal sealed record BackfillCount(string Kind, long Stored, long There, long Missing);

/// <summary>What a back-fill will bring. Id is null for a dry run, and when nothing is missing.</summary>
internal sealed record BackfillAnswer(Guid? Id, DateOnly From, DateOnly? To, IReadOnlyList<BackfillCount> Counts);

/// <summary>How far a back-fill is: of <paramref name="Total"/> records, <paramref name="Looked"/> were looked at and <paramref name="Made"/> deliveries made, those of what they need included.</summary>
internal sealed record BackfillRow(
    Guid Id, string Mode, IReadOnlyList<string> Kinds, DateOnly? From, DateOnly? To, string State, long Total, long Looked, long Made, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record BackfillList(IReadOnlyList<BackfillRow> Backfills);

/// <summary>Back-fills of connections, for the office: stored records from a date on go to a connection that was made later.</summary>
internal sealed class Backfills(NpgsqlDataSource database, TimeProvider time)
{
    private const long Most = 1_000_000;

    public async Task<IResult> StartAsync(OfficeIdentity office, string name, BackfillRequest request, CancellationToken stop)
    {
        if (request.From is not { } from || request.To < from)
            return Problems.Bad("backfill.dates", "Send from, the document date of the first record to bring, such as 2026-01-31; to, if it is sent, is not before it.");
        await using var connection = await database.OpenConnectionAsync(stop);
        if (await FindAsync(connection, office.CompanyId, name, stop) is not { } found)
            return Unknown(name);
        var kinds = request.Kinds is null ? found.Kinds : [.. request.Kinds.Distinct()];
        if (kinds.Length == 0 || kinds.Except(found.Kinds).Any())
            return Problems.Bad("backfill.kinds", $"The connection {name} takes {string.Join(", ", found.Kinds)}. Choose among these.");

        var counts = await CountAsync(connection, office.CompanyId, found.Id, kinds, from, request.To, stop);
        var missing = counts.Sum(count => count.Missing);
        if (request.DryRun || missing == 0)
            return Results.Ok(new BackfillAnswer(null, from, request.To, counts));
        if (missing > Most)
            return Problems.Bad("backfill.tooMany", $"{missing} records are too many for one back-fill; {Most} are possible. Choose a shorter time with from and to, and go on when it is done.");

        return await InsertAsync(connection, office, name, found.Id, kinds, from, request.To, stop) is { } id
            ? Results.Ok(new BackfillAnswer(id, from, request.To, counts))
            : Problems.Conflict("backfill.running", $"Another back-fill of the connection {name} is running. Wait until it is done, or cancel it.");
    }

    public async Task<IResult> ListAsync(OfficeIdentity office, string name, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        if (await FindAsync(connection, office.CompanyId, name, stop) is not { } found)
            return Unknown(name);

        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select backfill_id, mode, kinds, nullif(from_date, '-infinity'), to_date, state, total, place, made, created_at, updated_at
            from backfill where company_id = $1 and connection_id = $2 order by created_at desc, backfill_id limit 100
            """, office.CompanyId, found.Id);
        var rows = new List<BackfillRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<string[]>(2), Day(3), Day(4), reader.GetString(5), reader.GetInt64(6), reader.GetInt64(7),
                reader.GetInt64(8), reader.GetFieldValue<DateTimeOffset>(9), reader.GetFieldValue<DateTimeOffset>(10)));
        }

        return Results.Ok(new BackfillList(rows));

        DateOnly? Day(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateOnly>(column);
    }

    public async Task<IResult> CancelAsync(OfficeIdentity office, string name, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        if (await FindAsync(connection, office.CompanyId, name, stop) is not { } found)
            return Unknown(name);

        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select state from backfill where company_id = $1 and connection_id = $2 and backfill_id = $3 for update", office.CompanyId, found.Id, id);
        batch.Add("""
            update backfill set state = 'cancelled', updated_at = $4
            where company_id = $1 and connection_id = $2 and backfill_id = $3 and state in ('listing', 'running')
            """, office.CompanyId, found.Id, id, time.GetUtcNow());
        batch.Add("""
            delete from backfill_record r using backfill b
            where r.company_id = $1 and r.backfill_id = $3 and b.company_id = $1 and b.backfill_id = $3 and b.connection_id = $2
            """, office.CompanyId, found.Id, id);
        batch.Add("""
            insert into audit (company_id, audit_id, at, actor_id, action, subject)
            select $1, $2, $3, $4, 'connection.backfill.cancel', $5 where exists (select from backfill where company_id = $1 and connection_id = $6 and backfill_id = $7)
            """, office.CompanyId, Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow(), office.ActorId, name, found.Id, id);
        await using var reader = await batch.ReadAsync(stop);
        var known = await reader.ReadAsync(stop);
        await reader.EndAsync(stop);
        return known ? Results.NoContent() : Problems.NotFound("backfill.unknown", "This connection has no back-fill with this id.");
    }

    private static IResult Unknown(string name) => Problems.NotFound("connection.unknown", $"No connection is named {name}.");

    private static async Task<(Guid Id, string[] Kinds)?> FindAsync(NpgsqlConnection connection, Guid company, string name, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select connection_id, kinds from connection where company_id = $1 and name = $2", company, name);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? (reader.GetGuid(0), reader.GetFieldValue<string[]>(1)) : null;
    }

    private static async Task<IReadOnlyList<BackfillCount>> CountAsync(
        NpgsqlConnection connection, Guid company, Guid id, string[] kinds, DateOnly from, DateOnly? to, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            select r.kind, count(*), count(d.record_id) from record r
            left join lateral (select d.record_id from delivery d where d.company_id = $1 and d.record_id = r.record_id and d.connection_id = $2 limit 1) d on true
            where r.company_id = $1 and r.state = 'accepted' and r.kind = any($3) and r.document_date >= $4 and ($5::date is null or r.document_date <= $5)
            group by 1 order by 1
            """, company, id, kinds, from, CompanyBatch.Maybe(to));
        var counts = new List<BackfillCount>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            counts.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(1) - reader.GetInt64(2)));
        return counts;
    }

    // The same asked for again while it runs is the same; null = another one runs.
    private async Task<Guid?> InsertAsync(
        NpgsqlConnection connection, OfficeIdentity office, string name, Guid id, string[] kinds, DateOnly from, DateOnly? to, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("""
            insert into backfill (company_id, backfill_id, connection_id, mode, kinds, from_date, to_date, state, created_at, updated_at)
            values ($1, $2, $3, 'missing', $4, $5, $6, 'listing', $7, $7) on conflict do nothing
            """, office.CompanyId, Guid.CreateVersion7(now), id, kinds, from, CompanyBatch.Maybe(to), now);
        AuditLog.Add(batch, office, now, "connection.backfill", name, null, new { From = from, To = to, Kinds = kinds });
        batch.Add("""
            select backfill_id from backfill where company_id = $1 and connection_id = $2 and mode = 'missing' and state in ('listing', 'running')
                and kinds <@ $3 and kinds @> $3 and from_date = $4 and to_date is not distinct from $5
            """, office.CompanyId, id, kinds, from, CompanyBatch.Maybe(to));
        Guid? standing = null;
        await using (var reader = await batch.ReadAsync(stop))
        {
            // Statements without rows are no results of their own: the next is the last one's.
            if (await reader.ReadAsync(stop))
                standing = reader.GetGuid(0);
        }

        if (standing is not null)
            await transaction.CommitAsync(stop);
        return standing;
    }
}

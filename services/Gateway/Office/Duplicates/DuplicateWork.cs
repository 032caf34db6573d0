using Npgsql;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Duplicates;

/// <summary>What the office decides about customers that may be there twice.</summary>
internal sealed class DuplicateWork(NpgsqlDataSource database, Merges merges, Releases releases, TimeProvider time)
{
    public async Task<IResult> MergeAsync(OfficeIdentity office, Guid id, MergeRequest request, CancellationToken stop)
    {
        if (await PairAsync(office.CompanyId, id, stop) is not { } pair)
            return Unknown();
        if (request.Survivor != pair.Customer && request.Survivor != pair.Other)
            return Problems.Bad("duplicate.survivor", "survivor is the id of one of the two customers. Choose which one stays.");

        var merged = request.Survivor == pair.Customer ? pair.Other : pair.Customer;
        if (await merges.MergeAsync(office.CompanyId, merged, request.Survivor, office, stop) != Merged.Done)
            return Decided();
        releases.Look();
        return Results.NoContent();
    }

    public async Task<IResult> KeepAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var batch = CompanyBatch.For(connection, office.CompanyId, transaction))
        {
            batch.Add("""
                update customer_duplicate set decision = 'kept', decided_at = $3, decided_by = $4 where company_id = $1 and duplicate_id = $2 and decision is null returning customer_id
                """, office.CompanyId, id, now, office.ActorId);
            // What both have says nothing of a third one.
            batch.Add("""
                update customer_key k set shared = true from customer_duplicate d where d.company_id = $1 and d.duplicate_id = $2 and k.company_id = $1 and k.key = any(d.keys) and d.decision = 'kept'
                """, office.CompanyId, id);
            batch.Add("""
                update record r set state = 'waiting', code = null, params = null from customer_duplicate d
                where d.company_id = $1 and d.duplicate_id = $2 and d.decision = 'kept' and r.company_id = $1 and r.record_id in (d.customer_id, d.other_id)
                    and r.state = 'held' and r.code = 'customer.possibleDuplicate'
                    and not exists (select from customer_duplicate x where x.company_id = $1 and x.customer_id = r.record_id and x.decision is null)
                """, office.CompanyId, id);
            batch.Add("select decision, customer_id from customer_duplicate where company_id = $1 and duplicate_id = $2", office.CompanyId, id);
            await using var reader = await batch.ReadAsync(stop);
            var first = await reader.ReadAsync(stop);
            await reader.NextResultAsync(stop);
            if (!await reader.ReadAsync(stop))
                return Unknown();
            if (!first)
                return reader.GetString(0) == "kept" ? Results.NoContent() : Decided();
        }

        await using var last = CompanyBatch.For(connection, office.CompanyId, transaction);
        AuditLog.Add(last, office, now, "customer.keepBoth", id.ToString(), null, new { Decision = "kept" });
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        releases.Look();
        return Results.NoContent();
    }

    private async Task<(Guid Customer, Guid Other)?> PairAsync(Guid company, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select customer_id, other_id from customer_duplicate where company_id = $1 and duplicate_id = $2", company, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? (reader.GetGuid(0), reader.GetGuid(1)) : null;
    }

    private static IResult Unknown() => Problems.NotFound("duplicate.unknown", "Nothing with this id has to be decided. Load the list again.");

    private static IResult Decided() =>
        Problems.Conflict("duplicate.decided", "This was decided otherwise meanwhile, or one of the two was stopped, removed or merged with another customer. Load the list again.");
}

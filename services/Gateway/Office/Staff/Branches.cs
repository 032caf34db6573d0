using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Staff;

internal sealed record BranchRequest(string? Name);

internal sealed record BranchAnswer(string Code, string Name);

internal sealed record BranchRow(string Code, string Name, long Devices);

internal sealed record BranchList(IReadOnlyList<BranchRow> Branches, string? Next);

/// <summary>Branches; numbers of documents run by branch, so one is never removed.</summary>
internal sealed class Branches(NpgsqlDataSource database, Series series, TimeProvider time)
{
    private const int MostCode = 20;

    public async Task<IResult> ListAsync(OfficeIdentity office, string? after, int? limit, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select b.code, b.name, (select count(*) from device d where d.company_id = b.company_id and d.branch_id = b.branch_id and d.revoked_at is null)
            from branch b where b.company_id = $1 and ($2::text is null or b.code > $2) order by b.code limit $3
            """, office.CompanyId, CompanyBatch.Maybe(after), Page.Size(limit));
        var rows = new List<BranchRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return Results.Ok(new BranchList(rows, rows.Count == Page.Size(limit) ? rows[^1].Code : null));
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, string code, BranchRequest request, CancellationToken stop)
    {
        if (code.Length > MostCode || string.IsNullOrWhiteSpace(code) || request.Name is not { Length: > 0 and <= 100 } || string.IsNullOrWhiteSpace(request.Name))
            return Problems.Bad("branch.incomplete", $"Send name (100 characters at most); a branch's code has {MostCode} characters at most.");

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var before = await ReadAsync(connection, transaction, office.CompanyId, code, stop);
        if (before != request.Name)
        {
            await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
            batch.Add("insert into branch (company_id, branch_id, code, name) values ($1, $2, $3, $4) on conflict do nothing", office.CompanyId, Guid.CreateVersion7(), code, request.Name);
            series.Add(batch, office.CompanyId, code);
            batch.Add("update branch set name = $3 where company_id = $1 and code = $2", office.CompanyId, code, request.Name);
            AuditLog.Add(batch, office, time.GetUtcNow(), "branch.put", code, before is null ? null : new { Name = before }, new { request.Name });
            await batch.ExecuteNonQueryAsync(stop);
            await transaction.CommitAsync(stop);
        }

        return Results.Ok(new BranchAnswer(code, request.Name));
    }

    private static async Task<string?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, string code, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select name from branch where company_id = $1 and code = $2 for update", company, code);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? reader.GetString(0) : null;
    }
}

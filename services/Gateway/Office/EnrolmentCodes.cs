using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office;

internal sealed record RepRow(string? Name, string? Email);

internal sealed record EnrolmentCodeRequest(RepRow? Rep, string? Branch);

internal sealed record EnrolmentCodeAnswer(string Code, DateTimeOffset ExpiresAt);

/// <summary>One-time codes that enrol a device for a rep and a branch; both are made when they are new.</summary>
internal sealed class EnrolmentCodes(NpgsqlDataSource database, Series series, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public async Task<IResult> CreateAsync(OfficeIdentity office, EnrolmentCodeRequest request, CancellationToken stop)
    {
        if (request is not { Rep.Name.Length: > 0 and <= 100, Branch.Length: > 0 and <= 20 } || request.Rep.Email?.Length > 254)
            return Problems.Bad("enrolmentCode.incomplete", "Send rep.name (100 characters at most) and branch (a code of 20 characters at most).");

        var code = Secrets.NewCode();
        var expiresAt = time.GetUtcNow() + Lifetime;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("insert into branch (company_id, branch_id, code, name) values ($1, $2, $3, $3) on conflict do nothing", office.CompanyId, Guid.CreateVersion7(), request.Branch);
        series.Add(batch, office.CompanyId, request.Branch);
        batch.Add("insert into rep (company_id, rep_id, name, email) values ($1, $2, $3, $4) on conflict do nothing",
            office.CompanyId, Guid.CreateVersion7(), request.Rep.Name, CompanyBatch.Maybe(request.Rep.Email));
        batch.Add("""
            insert into enrolment_code (company_id, hash, rep_id, branch_id, expires_at)
            select $1, $2, r.rep_id, b.branch_id, $3 from rep r, branch b
            where r.company_id = $1 and r.name = $4 and coalesce(r.email, '') = coalesce($5, '') and b.company_id = $1 and b.code = $6
            """, office.CompanyId, Secrets.HashOfCode(code), expiresAt, request.Rep.Name, CompanyBatch.Maybe(request.Rep.Email), request.Branch);
        AuditLog.Add(batch, office, time.GetUtcNow(), "enrolmentCode.create", request.Branch, null, new { Rep = request.Rep.Name, request.Branch, expiresAt });
        await batch.ExecuteNonQueryAsync(stop);
        return Results.Ok(new EnrolmentCodeAnswer(code, expiresAt));
    }
}

using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office;

internal sealed record RepRow(string? Name, string? Email);

/// <summary>For whom a code is wanted.</summary>
/// <param name="Rep">Name and e-mail address.</param>
/// <param name="Branch">Code of the branch.</param>
/// <param name="Minutes">How long it is good; a day if not given.</param>
/// <param name="Class">What kind of device it is for: phone, tablet or register; a new device is a phone if not given.</param>
internal sealed record EnrolmentCodeRequest(RepRow? Rep, string? Branch, int? Minutes = null, string? Class = null);

/// <summary>A new code; its text is shown this once and kept nowhere.</summary>
/// <param name="Code">To be typed into the device.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
/// <param name="Id">To ask what has become of it.</param>
/// <param name="Gateway">The address a device needs beside the code.</param>
/// <param name="Link">Both, as a QR code holds them: ordersync://enrol?gateway=…&amp;code=….</param>
internal sealed record EnrolmentCodeAnswer(string Code, DateTimeOffset ExpiresAt, Guid Id, string Gateway, string Link);

/// <summary>What has become of a code.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Rep">Whom it enrols a device for.</param>
/// <param name="Branch">Where.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
/// <param name="State">open, used or expired.</param>
/// <param name="DeviceId">The device that used it.</param>
/// <param name="Device">That device's name.</param>
internal sealed record EnrolmentCodeRow(Guid Id, string Rep, string Branch, DateTimeOffset ExpiresAt, string State, Guid? DeviceId, string? Device);

internal sealed record EnrolmentCodeList(IReadOnlyList<EnrolmentCodeRow> Codes);

/// <summary>One-time codes that enrol a device for a rep and a branch; both are made when they are new.</summary>
internal sealed class EnrolmentCodes(NpgsqlDataSource database, Series series, IConfiguration configuration, TimeProvider time)
{
    private const int LeastMinutes = 1;
    private const int MostMinutes = 24 * 60;
    private const int MostListed = 100;

    private const string Select = """
        select c.code_id, r.name, b.code, c.expires_at, case when c.device_id is not null then 'used' when c.expires_at > $2 then 'open' else 'expired' end, c.device_id, d.name
        from enrolment_code c join rep r on r.company_id = c.company_id and r.rep_id = c.rep_id join branch b on b.company_id = c.company_id and b.branch_id = c.branch_id
        left join device d on d.company_id = c.company_id and d.device_id = c.device_id
        where c.company_id = $1 and c.code_id is not null
        """;

    public async Task<IResult> CreateAsync(OfficeIdentity office, EnrolmentCodeRequest request, HttpRequest http, CancellationToken stop)
    {
        if (request is not { Rep.Name.Length: > 0 and <= 100, Branch.Length: > 0 and <= 20 } || request.Rep.Email?.Length > 254)
            return Problems.Bad("enrolmentCode.incomplete", "Send rep.name (100 characters at most) and branch (a code of 20 characters at most).");
        if (request.Minutes is < LeastMinutes or > MostMinutes)
            return Problems.Bad("enrolmentCode.minutes", $"A code is good for {LeastMinutes} to {MostMinutes} minutes.");

        if (request.Class is not null && !Scope.Classes.Contains(request.Class))
            return Problems.Bad("enrolmentCode.class", $"class is one of {string.Join(", ", Scope.Classes)}.");

        var (code, id, now) = (Secrets.NewCode(), Guid.CreateVersion7(), time.GetUtcNow());
        var expiresAt = now + TimeSpan.FromMinutes(request.Minutes ?? MostMinutes);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("insert into branch (company_id, branch_id, code, name) values ($1, $2, $3, $3) on conflict do nothing", office.CompanyId, Guid.CreateVersion7(), request.Branch);
        series.Add(batch, office.CompanyId, request.Branch);
        batch.Add("insert into rep (company_id, rep_id, name, email) values ($1, $2, $3, $4) on conflict do nothing",
            office.CompanyId, Guid.CreateVersion7(), request.Rep.Name, CompanyBatch.Maybe(request.Rep.Email));
        batch.Add("""
            insert into enrolment_code (company_id, hash, rep_id, branch_id, expires_at, code_id, created_at, class)
            select $1, $2, r.rep_id, b.branch_id, $3, $7, $8, $9 from rep r, branch b
            where r.company_id = $1 and r.name = $4 and coalesce(r.email, '') = coalesce($5, '') and b.company_id = $1 and b.code = $6
            """, office.CompanyId, Secrets.HashOfCode(code), expiresAt, request.Rep.Name, CompanyBatch.Maybe(request.Rep.Email), request.Branch, id, now, CompanyBatch.Maybe(request.Class));
        AuditLog.Add(batch, office, now, "enrolmentCode.create", request.Branch, null, new { Rep = request.Rep.Name, request.Branch, expiresAt, request.Class });
        await batch.ExecuteNonQueryAsync(stop);

        var gateway = PublicAddress.Of(http, configuration).ToString();
        return Results.Ok(new EnrolmentCodeAnswer(code, expiresAt, id, gateway, $"ordersync://enrol?gateway={Uri.EscapeDataString(gateway)}&code={code}"));
    }

    /// <summary>Codes that a device can still use, the newest first.</summary>
    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} and c.device_id is null and c.expires_at > $2 order by c.created_at desc limit {MostListed}", office.CompanyId, time.GetUtcNow());
        return Results.Ok(new EnrolmentCodeList(await ReadAsync(batch, stop)));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} and c.code_id = $3", office.CompanyId, time.GetUtcNow(), id);
        return await ReadAsync(batch, stop) is [var code] ? Results.Ok(code) : Unknown();
    }

    /// <summary>The code is good no longer. One that a device has used stays used.</summary>
    public async Task<IResult> CancelAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var look = CompanyBatch.For(connection, office.CompanyId);
        look.Add($"{Select} and c.code_id = $3", office.CompanyId, now, id);
        if (await ReadAsync(look, stop) is not [var code])
            return Unknown();
        if (code.State != "open")
            return Results.Ok(code);

        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        // A device may have used it just now: then nothing was ended, and nobody is said to have done so.
        batch.Add("""
            with ended as (update enrolment_code set expires_at = $3 where company_id = $1 and code_id = $2 and device_id is null and expires_at > $3 returning code_id)
            insert into audit (company_id, audit_id, at, actor_id, action, subject, after)
            select $1, $4, $3, $5, 'enrolmentCode.cancel', $6, jsonb_build_object('rep', $7::text, 'branch', $6::text) from ended
            """, office.CompanyId, id, now, Guid.CreateVersion7(now), office.ActorId, code.Branch, code.Rep);
        batch.Add($"{Select} and c.code_id = $3", office.CompanyId, now, id);
        return Results.Ok((await ReadAsync(batch, stop))[0]);
    }

    private static IResult Unknown() => Problems.NotFound("enrolmentCode.unknown", "No enrolment code with this id.");

    private static async Task<List<EnrolmentCodeRow>> ReadAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var rows = new List<EnrolmentCodeRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetGuid(5), reader.IsDBNull(6) ? null : reader.GetString(6)));
        await reader.EndAsync(stop);
        return rows;
    }
}

/// <summary>Maps <c>/v1/office/enrolment-codes</c>.</summary>
internal static class MapEnrolmentCodesExtensions
{
    public static void MapEnrolmentCodes(this IEndpointRouteBuilder look, IEndpointRouteBuilder change)
    {
        look.MapGet("/enrolment-codes", (OfficeIdentity office, EnrolmentCodes codes, CancellationToken stop) => codes.ListAsync(office, stop))
            .WithSummary("Lists enrolment codes that a device can still use, without their text").Produces<EnrolmentCodeList>();
        look.MapGet("/enrolment-codes/{id:guid}", (OfficeIdentity office, EnrolmentCodes codes, Guid id, CancellationToken stop) => codes.GetAsync(office, id, stop))
            .WithSummary("Shows what has become of an enrolment code").Produces<EnrolmentCodeRow>();
        change.MapPost("/enrolment-codes", (OfficeIdentity office, EnrolmentCodes codes, EnrolmentCodeRequest request, HttpRequest http, CancellationToken stop) =>
            codes.CreateAsync(office, request, http, stop))
            .WithSummary("Makes a one-time code that enrols a device for a rep and a branch").Produces<EnrolmentCodeAnswer>();
        change.MapPost("/enrolment-codes/{id:guid}/cancel", (OfficeIdentity office, EnrolmentCodes codes, Guid id, CancellationToken stop) => codes.CancelAsync(office, id, stop))
            .WithSummary("Ends an enrolment code that no device has used").Produces<EnrolmentCodeRow>();
    }
}

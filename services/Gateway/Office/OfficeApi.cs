using Npgsql;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Office.Search;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office;

/// <summary>What the console and administrators call: <c>/v1/office/…</c>.</summary>
internal static class OfficeApi
{
    public static void AddOffice(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Connections>().AddSingleton<EnrolmentCodes>().AddSingleton<Records>().AddSingleton<Summary>();
        builder.Services.AddSingleton<RecordSearch>().AddCatalogue();
        builder.Services.AddHttpClient("connectors");
    }

    public static void MapOffice(this IEndpointRouteBuilder app)
    {
        var look = app.MapGroup("/v1/office").RequireAuthorization(OfficeAuthentication.Scheme_).WithTags("Office");
        look.MapGet("/summary", (OfficeIdentity office, Summary summary, string? since, CancellationToken stop) => summary.GetAsync(office, since, stop))
            .WithSummary("Counts and sums records, by kind, state and destination").Produces<SummaryAnswer>();
        look.MapSearch();
        look.MapGet("/records/{id:guid}", (OfficeIdentity office, Records records, Guid id, HttpRequest request, CancellationToken stop) => records.GetAsync(office, id, request, stop))
            .WithSummary("Shows one record with all that happened to it").Produces<RecordDetail>();
        look.MapGet("/records/{id:guid}/captures/{sha256}", (OfficeIdentity office, Records records, Guid id, string sha256, CancellationToken stop) => records.CaptureAsync(office, id, sha256, stop))
            .WithSummary("Gives the bytes of one capture exactly as they came").Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream");
        look.MapGet("/connections", (OfficeIdentity office, Connections connections, CancellationToken stop) => connections.ListAsync(office, stop))
            .WithSummary("Lists connections").Produces<ConnectionList>();
        look.MapGet("/devices", ListDevicesAsync).WithSummary("Lists devices").Produces<DeviceList>();

        var change = look.MapGroup("").RequireAuthorization("office.change");
        look.MapCatalogue(change);
        change.MapPut("/connections/{name}", (OfficeIdentity office, Connections connections, string name, ConnectionRequest request, CancellationToken stop) =>
            connections.PutAsync(office, name, request, stop))
            .WithSummary("Makes a connection or replaces its settings").Produces<ConnectionRow>().ProducesProblem(StatusCodes.Status409Conflict);
        change.MapPost("/enrolment-codes", (OfficeIdentity office, EnrolmentCodes codes, EnrolmentCodeRequest request, CancellationToken stop) => codes.CreateAsync(office, request, stop))
            .WithSummary("Makes a one-time code that enrols a device for a rep and a branch").Produces<EnrolmentCodeAnswer>();
    }

    private static async Task<IResult> ListDevicesAsync(OfficeIdentity office, NpgsqlDataSource database, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select d.device_id, d.name, r.name, b.code, d.enrolled_at, d.last_push_at, d.skew_ms, d.revoked_at
            from device d join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id join branch b on b.company_id = d.company_id and b.branch_id = d.branch_id
            where d.company_id = $1 order by d.enrolled_at
            """, office.CompanyId);
        var devices = new List<DeviceRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            devices.Add(new(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5), reader.IsDBNull(6) ? null : reader.GetInt64(6) / 1000.0,
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return Results.Ok(new DeviceList(devices));
    }

    private sealed record DeviceList(IReadOnlyList<DeviceRow> Devices);

    private sealed record DeviceRow(
        Guid Id, string? Name, string Rep, string Branch, DateTimeOffset EnrolledAt, DateTimeOffset? LastPushAt, double? SkewSeconds, DateTimeOffset? RevokedAt);
}

using OrderSync.Gateway.Office;
using OrderSync.ServiceDefaults;

namespace OrderSync.Gateway.Quarantine;

/// <summary>Input without an id, kept for the office.</summary>
internal static class AddQuarantineExtensions
{
    public static void AddQuarantine(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<QuarantineSettings>(QuarantineSettings.Section, settings => settings.WhyNot());
        builder.Services.AddSingleton<UnreadableInput>().AddSingleton<UnreadableList>();
    }

    public static void MapQuarantine(this IEndpointRouteBuilder app)
    {
        var look = app.MapGroup("/v1/office/unreadable").RequireAuthorization(OfficeAuthentication.Scheme_).WithTags("Office");
        look.MapGet("", (OfficeIdentity office, UnreadableList unreadable, int? limit, CancellationToken stop) => unreadable.ListAsync(office, limit, stop))
            .WithSummary("Lists input that could not be stored as a record").Produces<UnreadableAnswer>();
        look.MapGet("/{id}", (OfficeIdentity office, UnreadableList unreadable, string id, CancellationToken stop) => unreadable.GetAsync(office, id, stop))
            .WithSummary("Gives the bytes of such input exactly as they came").Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream");
    }
}

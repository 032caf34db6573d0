using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.Staff;

namespace OrderSync.Gateway.Office;

/// <summary>What the console and administrators call: <c>/v1/office/…</c>.</summary>
internal static class OfficeApi
{
    public static void AddOffice(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Catalogue>().AddSingleton<Connections>().AddSingleton<EnrolmentCodes>().AddSingleton<Records>().AddSingleton<Summary>();
        builder.AddStaff();
        builder.AddAccess();
        builder.Services.AddHttpClient("connectors");
    }

    public static void MapOffice(this IEndpointRouteBuilder app)
    {
        var look = app.MapGroup("/v1/office").RequireAuthorization(OfficeAuthentication.Scheme_).WithTags("Office");
        look.MapGet("/summary", (OfficeIdentity office, Summary summary, string? since, CancellationToken stop) => summary.GetAsync(office, since, stop)).ForOps();
        look.MapGet("/orders", (OfficeIdentity office, Records records, string? number, string? state, string? search, int? limit, CancellationToken stop) =>
            records.ListAsync(office, number, state, search, limit, stop));
        look.MapGet("/records/{id:guid}", (OfficeIdentity office, Records records, Guid id, HttpRequest request, CancellationToken stop) => records.GetAsync(office, id, request, stop));
        look.MapGet("/connections", (OfficeIdentity office, Connections connections, CancellationToken stop) => connections.ListAsync(office, stop)).ForOps();
        look.MapStaff();
        look.MapAccess();

        var change = look.MapGroup("").RequireAuthorization(Roles.Change);
        change.MapPut("/taxes", (OfficeIdentity office, Catalogue catalogue, TaxList list, CancellationToken stop) => catalogue.PutTaxesAsync(office, list, stop));
        change.MapPut("/products", (OfficeIdentity office, Catalogue catalogue, ProductList list, CancellationToken stop) => catalogue.PutProductsAsync(office, list, stop));
        change.MapPut("/customers", (OfficeIdentity office, Catalogue catalogue, CustomerList list, CancellationToken stop) => catalogue.PutCustomersAsync(office, list, stop));
        change.MapPut("/connections/{name}", (OfficeIdentity office, Connections connections, string name, ConnectionRequest request, CancellationToken stop) =>
            connections.PutAsync(office, name, request, stop));
        change.MapPost("/enrolment-codes", (OfficeIdentity office, EnrolmentCodes codes, EnrolmentCodeRequest request, CancellationToken stop) => codes.CreateAsync(office, request, stop));
    }
}

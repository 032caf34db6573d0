using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.Live;

/// <summary>What a device does with a connection only: <c>/v1/live/…</c>. Each operation takes an Idempotency-Key.</summary>
internal static class AddLiveExtensions
{
    private const string Key = "A new text for each operation, the same when it is sent again: then the first answer is given.";

    public static void AddLive(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<Idempotency>().AddSingleton<LiveRecords>().AddSingleton<QuoteToOrder>().AddSingleton<LeadToCustomer>();

    public static void MapLive(this IEndpointRouteBuilder app)
    {
        var live = app.MapGroup("/v1/live").WithTags("Live").RequireAuthorization(DeviceAuthentication.Scheme_);
        live.MapPost("/quotes/{id:guid}/order", (HttpContext http, Idempotency once, QuoteToOrder quotes, Guid id, [Description(Key), FromHeader(Name = Idempotency.Header)] string? key, CancellationToken stop) =>
                once.OnceAsync<QuoteToOrderRequest>(http, (request, made) => quotes.MakeAsync(http, id, request, made, stop), stop))
            .WithSummary("Takes a quote over as an order, as it was captured, once").Accepts<QuoteToOrderRequest>(true, "application/json")
            .Produces<LiveRecord>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        live.MapPost("/leads/{id:guid}/customer", (HttpContext http, Idempotency once, LeadToCustomer leads, Guid id, [Description(Key), FromHeader(Name = Idempotency.Header)] string? key, CancellationToken stop) =>
                once.OnceAsync<LeadToCustomerRequest>(http, (request, _) => leads.MakeAsync(http, id, request, stop), stop))
            .WithSummary("Makes a lead a customer, under the same id, once").Accepts<LeadToCustomerRequest>(true, "application/json")
            .Produces<LiveCustomer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}

using System.ComponentModel;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Search;

/// <param name="Orders">Newest first.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
internal sealed record OrderList(IReadOnlyList<FoundRecord> Orders, string? Next);

/// <param name="Quotes">Newest first.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
internal sealed record QuoteList(IReadOnlyList<FoundRecord> Quotes, string? Next);

/// <param name="Receipts">Newest first.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
internal sealed record ReceiptList(IReadOnlyList<FoundRecord> Receipts, string? Next);

/// <param name="Records">Newest first.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
internal sealed record RecordList(IReadOnlyList<FoundRecord> Records, string? Next);

/// <summary>Lists of records: <c>/v1/office/orders</c> and its like.</summary>
internal static class SearchApi
{
    public static void MapSearch(this IEndpointRouteBuilder look)
    {
        look.MapGet("/orders", ([AsParameters] RecordFilter filter, OfficeIdentity office, RecordSearch search, HttpRequest request, CancellationToken stop) =>
                FindAsync(office, search, filter with { Kind = Kinds.Order }, request, (rows, next) => new OrderList(rows, next), stop))
            .WithSummary("Finds orders, newest first").Produces<OrderList>();
        look.MapGet("/quotes", ([AsParameters] RecordFilter filter, OfficeIdentity office, RecordSearch search, HttpRequest request, CancellationToken stop) =>
                FindAsync(office, search, filter with { Kind = "quote" }, request, (rows, next) => new QuoteList(rows, next), stop))
            .WithSummary("Finds quotes, newest first").Produces<QuoteList>();
        look.MapGet("/receipts", ([AsParameters] RecordFilter filter, OfficeIdentity office, RecordSearch search, HttpRequest request, CancellationToken stop) =>
                FindAsync(office, search, filter with { Kind = "receipt" }, request, (rows, next) => new ReceiptList(rows, next), stop))
            .WithSummary("Finds receipts, newest first").Produces<ReceiptList>();
        look.MapGet("/records", (
                    [AsParameters] RecordFilter filter, [Description("order, quote, receipt, customer …; all kinds if not given.")] string? kind, OfficeIdentity office, RecordSearch search,
                    HttpRequest request, CancellationToken stop) =>
                FindAsync(office, search, filter with { Kind = kind }, request, (rows, next) => new RecordList(rows, next), stop))
            .WithSummary("Finds records of any kind, newest first").Produces<RecordList>();
        look.MapGet("/customers/by-name", (
                    OfficeIdentity office, CustomerPages customers, [Description("Part of the customer's name, number, code or e-mail address.")] string? search,
                    [Description("The value of `next` in the page before.")] Guid? after, [Description("Customers on a page: 1 to 200, 50 if not given.")] int? limit, CancellationToken stop) =>
                customers.ListAsync(office, search, after, limit, stop))
            .WithSummary("Finds customers, by name").Produces<NamedCustomerList>();
        look.MapGet("/customers/{id:guid}", (OfficeIdentity office, CustomerPages customers, Guid id, HttpRequest request, CancellationToken stop) =>
                customers.GetAsync(office, id, Sentences.LanguageOf(request), stop))
            .WithSummary("Shows one customer, where it came from, and the newest that was captured for it").Produces<CustomerDetail>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> FindAsync<T>(
        OfficeIdentity office, RecordSearch search, RecordFilter filter, HttpRequest request, Func<IReadOnlyList<FoundRecord>, string?, T> answer, CancellationToken stop)
    {
        if (filter.WhyNot() is { } bad)
            return bad;

        var (rows, next) = await search.FindAsync(office, filter, Sentences.LanguageOf(request), stop);
        return Results.Ok(answer(rows, next));
    }
}

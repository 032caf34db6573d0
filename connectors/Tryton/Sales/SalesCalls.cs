using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Tryton's sales: find, read, create, change, bring on, cancel. What brings a sale from one state to the next does nothing where it is not in the first.</summary>
internal sealed class SalesCalls(TrytonClient tryton)
{
    private const string Model = "sale.sale";

    private static readonly string[] Fields =
    [
        "number", "state", "write_date", "reference", "description", "comment", "sale_date", "party", "party.name", "currency.code", "untaxed_amount", "tax_amount", "total_amount",
        "lines.type", "lines.product", "lines.product.code", "lines.quantity", "lines.unit_price", "lines.description", "lines.amount", "lines.unit.symbol", "lines.taxes.rate",
    ];

    /// <summary>The sales of a company that carry a mark or a number, oldest first.</summary>
    public Task<List<Sale>> FindAsync(Steps steps, int company, string mark, string? number, string what, CancellationToken stop)
    {
        object?[] marked = [OurMark.FieldOfSales(steps.Connection.Settings<TrytonSettings>()), "=", mark];
        object?[] where = number is null ? marked : ["OR", marked, new object[] { "number", "=", number }];
        return SearchAsync(steps, [new object[] { "company", "=", company }, where], what, stop);
    }

    /// <summary>A sale by its id; null when it is not there.</summary>
    public async Task<Sale?> FindAsync(Steps steps, int id, string what, CancellationToken stop) => (await SearchAsync(steps, [new object[] { "id", "=", id }], what, stop)).FirstOrDefault();

    /// <summary>A sale that must be there.</summary>
    public async Task<Sale> ReadAsync(Steps steps, int id, string what, CancellationToken stop) => await FindAsync(steps, id, what, stop)
        ?? throw new OutcomeException(new Outcome.Refused("erp.gone", $"Tryton does not have {what} any more.", "It was deleted there. Stop it here too, or Retry to write it again."));

    /// <summary>Creates a draft; answers its id.</summary>
    public async Task<int> CreateAsync(Steps steps, NewSale sale, string what, CancellationToken stop) =>
        (await tryton.WriteAsync<int[]>(steps, new($"model.{Model}.create", what, (object)new[] { sale }), stop))[0];

    /// <summary>Puts other content into a draft: in one transaction its lines go and new ones come.</summary>
    public async Task<int> ChangeAsync(Steps steps, Sale theirs, NewSale sale, string what, CancellationToken stop)
    {
        var lines = new object[] { new object[] { "delete", (theirs.Lines ?? []).Select(line => line.Id).ToArray() } }.Concat(sale.Lines).ToArray();
        await tryton.WriteAsync<object?>(steps, new($"model.{Model}.write", what, new[] { theirs.Id }, sale with { Lines = lines, Company = null }), stop);
        return theirs.Id;
    }

    /// <summary>One of Tryton's buttons: draft, quote, confirm, process, cancel.</summary>
    public async Task<int> PressAsync(Steps steps, int id, string button, string what, CancellationToken stop)
    {
        await tryton.WriteAsync<object?>(steps, new($"model.{Model}.{button}", what, (object)new[] { id }), stop);
        return id;
    }

    private async Task<List<Sale>> SearchAsync(Steps steps, object?[] domain, string what, CancellationToken stop) => [.. (await tryton.AskAsync<List<Sale>>(
        steps, Rpc.Search(Model, what, domain, Fields, order: Rpc.OldestFirst), stop)).OrderBy(sale => sale.Id)];
}

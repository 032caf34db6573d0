namespace OrderSync.Device;

/// <summary>What a customer has ordered.</summary>
/// <param name="Orders">The last ones, as many as the company has set.</param>
/// <param name="Purchased">Products they have had.</param>
public sealed record CustomerHistory(IReadOnlyList<PastOrder> Orders, IReadOnlyList<PurchasedProduct> Purchased)
{
    internal static CustomerHistory Empty { get; } = new([], []);

    internal static CustomerHistory? Of(string key, RowBody row) => new([.. row.Objects("orders").Select(PastOrder.Of)], [.. row.Objects("purchased").Select(PurchasedProduct.Of).OfType<PurchasedProduct>()]);
}

/// <summary>An order of the past.</summary>
/// <param name="Id">The record, where it was captured on a device.</param>
/// <param name="Number">Its number.</param>
/// <param name="Reference">The reference a device gave it.</param>
/// <param name="Date">Its date.</param>
/// <param name="Total">Its total.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="State">How it stands at the gateway.</param>
/// <param name="Status">How it stands in the ERP.</param>
public sealed record PastOrder(Guid? Id, string? Number, string? Reference, DateOnly? Date, decimal? Total, string? Currency, string? State, string? Status)
{
    internal static PastOrder Of(RowBody row) =>
        new(row.Id("id"), row.Text("number"), row.Text("reference"), row.Date("date"), row.Number("total"), row.Text("currency"), row.Text("state"), row.Text("status"));
}

/// <summary>A product that a customer has had.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Last">When last.</param>
/// <param name="Times">In how many orders.</param>
/// <param name="Quantity">How much altogether.</param>
public sealed record PurchasedProduct(string Sku, DateOnly? Last, long Times, decimal Quantity)
{
    internal static PurchasedProduct? Of(RowBody row) => row.Text("sku") is { } sku ? new(sku, row.Date("last"), row.Whole("times") ?? 0, row.Number("quantity") ?? 0) : null;
}

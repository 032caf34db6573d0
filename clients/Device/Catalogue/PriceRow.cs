using OrderSync.Money;

namespace OrderSync.Device;

/// <summary>Rows of prices and price lists, for the price book.</summary>
internal static class PriceRow
{
    public static ListedPrice? Of(string key, RowBody row) => row.Number("unitPrice") is { } price
        ? new(price, row.Text("priceList"), row.Text("customer"), row.Number("fromQuantity") ?? 0, row.Number("toQuantity"), row.Text("currency"))
        : null;

    public static PriceList? ListOf(string key, RowBody row) => new(row.Text("key") ?? key, row.Text("name") ?? key, row.Flag("active") ?? true, row.Text("currency"), row.Number("percent"));
}

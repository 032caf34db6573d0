namespace OrderSync.Device;

/// <summary>By what the rows of a collection are found, besides their keys. Of a collection that this library does not know: by nothing.</summary>
internal sealed record Terms(IReadOnlyList<(string Name, string Value)> Exact, string? Products = null, string? Customers = null)
{
    private static readonly Terms None = new([]);

    /// <summary>What is kept for a row; whatever cannot be read has none.</summary>
    public static Terms Of(string collection, byte[] body) => (collection switch
    {
        FeedCollections.Products => RowBody.Read(body, OfProduct),
        FeedCollections.Customers => RowBody.Read(body, OfCustomer),
        FeedCollections.Prices => RowBody.Read(body, row => row.Text("sku") is { } sku ? new Terms([("price", Price(sku, row.Text("customer")))]) : null),
        FeedCollections.Stock => RowBody.Read(body, row => OfSku(row, "stock")),
        FeedCollections.Images => RowBody.Read(body, row => OfSku(row, "image")),
        _ => null,
    }) ?? None;

    /// <summary>Where the prices of an item lie: those for everybody, or for one customer, by number.</summary>
    public static string Price(string sku, string? customer) => $"{sku}\n{customer}";

    /// <summary>A number or code as it is compared: nobody types capitals on a phone.</summary>
    public static string Folded(string code) => code.Trim().ToUpperInvariant();

    private static Terms OfProduct(RowBody row)
    {
        var barcodes = row.Texts("barcodes");
        return new Terms([.. barcodes.Distinct(StringComparer.Ordinal).Select(code => ("barcode", code))], Products: string.Join(' ', [row.Text("search"), row.Text("name"), row.Text("sku"), .. barcodes]));
    }

    private static Terms OfCustomer(RowBody row)
    {
        var (number, code) = (row.Text("number"), row.Text("code"));
        var exact = new[] { ("number", number), ("code", code) }.Where(one => one.Item2 is not null).Select(one => (one.Item1, Folded(one.Item2!)));
        return new Terms([.. exact], Customers: string.Join(' ', [row.Text("name"), row.Text("company"), row.Text("contact"), number, code, row.Text("email"), row.Object("billing")?.Text("city")]));
    }

    private static Terms? OfSku(RowBody row, string name) => row.Text("sku") is { } sku ? new Terms([(name, sku)]) : null;
}

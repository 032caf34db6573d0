using System.Text.Json;
using OrderSync.Money;

namespace OrderSync.Device;

/// <summary>
/// What the server knows, as of the last complete download: to be searched, sold from and shown without a line. Each answer is of one moment, also while a download comes or is
/// applied. Before the first download everything is empty. May be called from any thread.
/// </summary>
public sealed class Catalogue
{
    private readonly IMoments _feed;

    internal Catalogue(IMoments feed) => _feed = feed;

    /// <summary>Several look-ups of one moment. What is applied meanwhile is seen after it; keep it short.</summary>
    /// <param name="look">Asks what it is given, and nothing else.</param>
    public T At<T>(Func<Catalogue, T> look) => _feed.Read(sql => look(new Catalogue(new Moment(sql))));

    /// <summary>The product of a SKU, or null.</summary>
    /// <param name="sku">Exactly as the office writes it.</param>
    public Product? Product(string sku) => _feed.Read(sql => One(sql, FeedCollections.Products, sku, Device.Product.Of));

    /// <summary>The products of a barcode: one, as a rule.</summary>
    /// <param name="barcode">As it was scanned.</param>
    public IReadOnlyList<Product> ProductsOfBarcode(string barcode) => _feed.Read(sql => ByTerm(sql, "barcode", barcode.Trim(), Device.Product.Of));

    /// <summary>Products that have all these words, or the beginnings of them, in name, SKU or barcode; capitals and accents do not count. The best come first.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<Product> SearchProducts(string text, int most = 50) => _feed.Read(sql => Search(sql, "products", text, most, Device.Product.Of));

    /// <summary>All products, by SKU.</summary>
    public IReadOnlyList<Product> Products() => _feed.Read(sql => All(sql, FeedCollections.Products, Device.Product.Of));

    /// <summary>The customer of an id, also of one that was captured here and has become another's since; or null.</summary>
    /// <param name="id">Id at the gateway, or of the capture.</param>
    public Customer? Customer(Guid id) => _feed.Read(sql => One(sql, FeedCollections.Customers, BecameOf(sql, id), Device.Customer.Of));

    /// <summary>The customer of a number in the ERP, or null.</summary>
    /// <param name="number">Capitals do not count.</param>
    public Customer? CustomerOfNumber(string number) => _feed.Read(sql => ByTerm(sql, "number", Terms.Folded(number), Device.Customer.Of).FirstOrDefault());

    /// <summary>The customer of a code, or null.</summary>
    /// <param name="code">Capitals do not count.</param>
    public Customer? CustomerOfCode(string code) => _feed.Read(sql => ByTerm(sql, "code", Terms.Folded(code), Device.Customer.Of).FirstOrDefault());

    /// <summary>Customers that have all these words, or the beginnings of them, in name, contact, number, code, e-mail address or town.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<Customer> SearchCustomers(string text, int most = 50) => _feed.Read(sql => Search(sql, "customers", text, most, Device.Customer.Of));

    /// <summary>What a customer pays for a quantity of an item, as the server would say at this moment; null: there is no price, and a person has to say one.</summary>
    /// <param name="sku">The item.</param>
    /// <param name="quantity">More than 0.</param>
    /// <param name="customer">The customer; null = nobody yet.</param>
    /// <param name="currency">ISO 4217; null = whichever there is.</param>
    public PriceFound? PriceOf(string sku, decimal quantity, Guid? customer = null, string? currency = null) => _feed.Read(sql =>
    {
        var product = One(sql, FeedCollections.Products, sku, Device.Product.Of);
        var buyer = customer is { } id ? One(sql, FeedCollections.Customers, BecameOf(sql, id), Device.Customer.Of) : null;
        var prices = ByTerm(sql, "price", Terms.Price(sku, null), PriceRow.Of);
        if (buyer?.Number is { } number)
            prices.AddRange(ByTerm(sql, "price", Terms.Price(sku, number), PriceRow.Of));
        return PriceBook.Find(new PriceAsked(quantity, buyer?.Number, buyer?.PriceList, currency, product?.Price), prices, Lists(sql));
    });

    /// <summary>The price lists.</summary>
    public IReadOnlyList<PriceList> PriceLists() => _feed.Read(Lists);

    /// <summary>What is in stock of an item, place by place, each as of its time.</summary>
    /// <param name="sku">The item.</param>
    public IReadOnlyList<StockLevel> StockOf(string sku) => _feed.Read(sql => ByTerm(sql, "stock", sku, StockLevel.Of));

    /// <summary>What a customer has ordered.</summary>
    /// <param name="customer">Id at the gateway, or of the capture.</param>
    public CustomerHistory HistoryOf(Guid customer) => _feed.Read(sql => One(sql, FeedCollections.History, BecameOf(sql, customer), CustomerHistory.Of)) ?? CustomerHistory.Empty;

    /// <summary>The images of an item, in their order. Their bytes come apart from the data.</summary>
    /// <param name="sku">The item.</param>
    public IReadOnlyList<ProductImage> ImagesOf(string sku) => [.. _feed.Read(sql => ByTerm(sql, "image", sku, ProductImage.Of)).OrderBy(image => image.Place)];

    /// <summary>The layouts of quick keys by name, as the office made them.</summary>
    public IReadOnlyDictionary<string, JsonElement> QuickKeys() => Raw(FeedCollections.QuickKeys);

    /// <summary>A setting of the company, or null.</summary>
    /// <param name="name">Such as <c>orderHistory</c>.</param>
    public JsonElement? Setting(string name) =>
        _feed.Read(sql => Body(sql, FeedCollections.Settings, name)) is { } body && RowBody.Read(body, row => row.Any("value") is { } value ? new Boxed(value) : null) is { } boxed ? boxed.Value : null;

    /// <summary>The reps.</summary>
    public IReadOnlyList<Rep> Reps() => _feed.Read(sql => All(sql, FeedCollections.Reps, Rep.Of));

    /// <summary>The taxes.</summary>
    public IReadOnlyList<Tax> Taxes() => _feed.Read(sql => All(sql, FeedCollections.Taxes, Tax.Of));

    /// <summary>What became of a record after it was stored: its number, and how far it is at each destination. Null: the server has said nothing yet.</summary>
    /// <param name="record">Its id.</param>
    public RecordProgress? ProgressOf(Guid record) => _feed.Read(sql => One(sql, FeedCollections.Status, Key(record), RecordProgress.Of));

    /// <summary>Any collection as the server sends it, also one that this library knows nothing of.</summary>
    /// <param name="collection">Its name on the wire.</param>
    public IReadOnlyDictionary<string, JsonElement> Raw(string collection) => _feed.Read(sql => All(sql, collection, static (key, row) => new Boxed(row.Element, key))).ToDictionary(one => one.Key, one => one.Value);

    /// <summary>Each collection with its count of rows and the hash that proves it equal to the server's.</summary>
    public IReadOnlyDictionary<string, (long Count, string Hash)> Contents() => _feed.Read(sql =>
        sql.Query("select distinct collection from row", row => row.GetString(0)).ToDictionary(name => name, name => Staging.Of(sql, name) is var hash ? (hash.Count, hash.Text) : default));

    private static List<PriceList> Lists(Statements sql) => All(sql, FeedCollections.PriceLists, PriceRow.ListOf);

    // What was captured under one id may stand under another: a double that was merged.
    private static string BecameOf(Statements sql, Guid id) =>
        Body(sql, FeedCollections.Ids, Key(id)) is { } body && RowBody.Read(body, row => row.Text("customer")) is { } became && Guid.TryParse(became, out var now) ? Key(now) : Key(id);

    private static byte[]? Body(Statements sql, string collection, string key) =>
        sql.Query("select body from row where collection = $1 and key = $2", row => (byte[])row.GetValue(0), collection, key).FirstOrDefault();

    private static T? One<T>(Statements sql, string collection, string key, Func<string, RowBody, T?> make)
        where T : class => Body(sql, collection, key) is { } body ? RowBody.Read(body, row => make(key, row)) : null;

    private static List<T> All<T>(Statements sql, string collection, Func<string, RowBody, T?> make)
        where T : class => Read(sql.Query("select key, body from row where collection = $1 order by key", KeyAndBody, collection), make);

    private static List<T> ByTerm<T>(Statements sql, string name, string value, Func<string, RowBody, T?> make)
        where T : class => Read(sql.Query("select r.key, r.body from term t join row r on r.id = t.row where t.name = $1 and t.value = $2 order by r.key", KeyAndBody, name, value), make);

    private static List<T> Search<T>(Statements sql, string column, string text, int most, Func<string, RowBody, T?> make)
        where T : class
    {
        if (SearchWords.Of(column, text) is not { } words || most <= 0)
            return [];
        // One that is called exactly so goes before all.
        return Read(sql.Query("""
            select r.key, r.body from words w join row r on r.id = w.rowid where words match $1 order by r.key = $2 collate nocase desc, w.rank, r.key limit $3
            """, KeyAndBody, words, text.Trim(), most), make);
    }

    private static (string Key, byte[] Body) KeyAndBody(Microsoft.Data.Sqlite.SqliteDataReader row) => (row.GetString(0), (byte[])row.GetValue(1));

    private static List<T> Read<T>(IEnumerable<(string Key, byte[] Body)> rows, Func<string, RowBody, T?> make)
        where T : class => [.. rows.Select(one => RowBody.Read(one.Body, row => make(one.Key, row))).OfType<T>()];

    private static string Key(Guid id) => id.ToString("D");

    private sealed record Moment(Statements Sql) : IMoments
    {
        public T Read<T>(Func<Statements, T> look) => look(Sql);
    }

    private sealed record Boxed(JsonElement Value, string Key = "");
}

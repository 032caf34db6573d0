using System.Text.Json;
using OrderSync.Money;

namespace OrderSync.Device.Tests;

/// <summary>What an app can look up without a line.</summary>
public sealed class LookUpTests : IAsyncLifetime
{
    private static readonly Guid Ana = Guid.Parse("0192aaaa-0000-7000-8000-000000000001"), Captured = Guid.Parse("0192aaaa-0000-7000-8000-000000000002"), Record = Guid.Parse("0192aaaa-0000-7000-8000-000000000003");

    private readonly PullingDevice _site = new();

    private OrderSync.Device.Catalogue Catalogue => _site.Device.Catalogue;

    public async Task InitializeAsync()
    {
        var feed = _site.Feed;
        feed.Put("products", "SKU-7", """{"sku":"SKU-7","name":"Käse, gerieben","search":"kase, gerieben sku-7 4006381333931","unit":"kg","price":12.5,"minimumQuantity":2,"categories":["Dairy"],"barcodes":["4006381333931","07"],"attributes":{"fat":"45 %"},"specifications":{"weight":1.5},"description":"Grated","offlineOrderable":false,"active":true}""");
        feed.Put("products", "OIL-5", """{"sku":"OIL-5","name":"Olive oil, 5 l","price":30}""");
        feed.Put("products", "OIL-5-BOX", """{"sku":"OIL-5-BOX","name":"Olive oil, box of 5","price":110,"active":false}""");
        feed.Put("customers", Ana.ToString(), """{"number":"C-1","code":"ANA","name":"Ana's Bikes","contact":"Ana Müller","billing":{"city":"Straße"},"priceList":"Trade","active":true}""");
        feed.Put("priceLists", "0192/pl-1", """{"key":"pl-1","name":"Trade","active":true,"currency":"USD","percent":-10,"version":3}""");
        feed.Put("prices", "p1", """{"sku":"OIL-5","priceList":"pl-1","fromQuantity":10,"unitPrice":25,"currency":"USD"}""");
        feed.Put("prices", "p2", """{"sku":"OIL-5","customer":"C-1","fromQuantity":100,"unitPrice":20,"currency":"USD"}""");
        feed.Put("prices", "p3", """{"sku":"OIL-5","customer":"C-2","unitPrice":1,"currency":"USD"}""");
        feed.Put("stock", "OIL-5/W1", """{"sku":"OIL-5","location":"W1","locationName":"Main","available":7.5,"asOf":"2026-03-03T08:00:00Z"}""");
        feed.Put("history", Ana.ToString(), """{"orders":[{"number":"SO-1","date":"2026-02-01","total":99.5,"currency":"USD","state":"accepted"}],"purchased":[{"sku":"OIL-5","last":"2026-02-01","times":3,"quantity":12}]}""");
        feed.Put("ids", Captured.ToString(), $$"""{"customer":"{{Ana}}","number":"C-1"}""");
        feed.Put("status", Record.ToString(), """{"number":"SO-12","destinations":[{"connection":"Zoho","state":"inErp","externalNumber":"SO-00012","total":99.5}],"erp":[{"number":"INV-1","status":"paid","balance":0}]}""");
        feed.Put("quickKeys", "Register", """{"keys":[{"sku":"OIL-5"}]}""");
        feed.Put("settings", "orderHistory", """{"value":20}""");
        feed.Put("reps", Record.ToString(), """{"name":"Ada","role":"rep","rights":["discount"],"territories":["north"]}""");
        feed.Put("taxes", "T8", """{"code":"T8","name":"Tax 8 %","rate":8}""");
        feed.Put("images", "OIL-5/2", """{"sku":"OIL-5","place":2,"sha256":"bb","bytes":10,"contentType":"image/png"}""");
        feed.Put("images", "OIL-5/1", """{"sku":"OIL-5","place":1,"sha256":"aa","bytes":12,"contentType":"image/jpeg"}""");
        Assert.Null((await _site.Device.SyncNowAsync()).Trouble);
    }

    public Task DisposeAsync()
    {
        _site.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("kase", "SKU-7")]
    [InlineData("KÄSE ger", "SKU-7")]
    [InlineData("sku-7", "SKU-7")]
    [InlineData("4006381333931", "SKU-7")]
    [InlineData("40063", "SKU-7")]
    [InlineData("oil", "OIL-5,OIL-5-BOX")]
    [InlineData("oil-5", "OIL-5,OIL-5-BOX")]
    [InlineData("box olive", "OIL-5-BOX")]
    [InlineData("live", "")]
    [InlineData("oil NOT box", "")]
    [InlineData("\"oil\" OR (", "")]
    [InlineData("customers : oil", "")]
    [InlineData("* ' \" --", "")]
    [InlineData("  ", "")]
    public void F016_Products_are_found_by_beginnings_of_words_of_name_SKU_and_barcode(string typed, string found) =>
        Assert.Equal(found, string.Join(',', Catalogue.SearchProducts(typed).Select(product => product.Sku)));

    [Fact]
    public void F011_A_product_has_all_that_the_server_said()
    {
        var product = Assert.Single(Catalogue.ProductsOfBarcode("4006381333931"));

        Assert.Equal(("SKU-7", "Käse, gerieben", "kg", 12.5m, 2m, "Grated", false, true), (product.Sku, product.Name, product.Unit, product.Price, product.MinimumQuantity, product.Description, product.IsOfflineOrderable, product.IsActive));
        Assert.Equal(("45 %", "1.5", "Dairy"), (product.Attributes["fat"], product.Specifications["weight"], product.Categories[0]));
        Assert.Null(Catalogue.Product("sku-7"));
        Assert.Empty(Catalogue.Product("OIL-5")!.Barcodes);
        Assert.Equal(["aa", "bb"], Catalogue.ImagesOf("OIL-5").Select(image => image.Sha256));
    }

    [Fact]
    public void F012_F017_Customers_are_found_by_name_number_and_code_with_what_they_bought()
    {
        Assert.Equal(Ana, Assert.Single(Catalogue.SearchCustomers("ana mul")).Id);
        Assert.Equal(Ana, Assert.Single(Catalogue.SearchCustomers("c-1")).Id);
        Assert.Equal((Ana, Ana), (Catalogue.CustomerOfNumber("c-1")!.Id, Catalogue.CustomerOfCode("ana ")!.Id));
        Assert.Equal((99.5m, "SO-1", 3L), (Catalogue.HistoryOf(Ana).Orders[0].Total, Catalogue.HistoryOf(Ana).Orders[0].Number, Catalogue.HistoryOf(Ana).Purchased[0].Times));
        Assert.Empty(Catalogue.HistoryOf(Record).Orders);
    }

    [Fact]
    public void A_customer_that_was_captured_here_is_found_under_its_own_id_as_what_it_became()
    {
        Assert.Equal(Ana, Catalogue.Customer(Captured)!.Id);
        Assert.Equal(20m, Catalogue.PriceOf("OIL-5", 100, Captured)!.UnitPrice);
        Assert.Single(Catalogue.HistoryOf(Captured).Orders);
    }

    [Theory]
    [InlineData(1, true, 27)]       // 10 % off the item's own price
    [InlineData(10, true, 25)]      // a break of the list
    [InlineData(100, true, 20)]     // agreed with the customer
    [InlineData(100, false, 30)]    // nobody yet
    public void F013_A_price_is_the_customers_own_before_the_lists_before_the_items(int quantity, bool withCustomer, int price)
    {
        Assert.Equal(price, Catalogue.PriceOf("OIL-5", quantity, withCustomer ? Ana : null)!.UnitPrice);
        Assert.Null(Catalogue.PriceOf("NONE", 1, Ana));
        Assert.Throws<MoneyOutOfRange>(() => Catalogue.PriceOf("OIL-5", 0, Ana));
    }

    [Fact]
    public void F014_Stock_says_as_of_when_it_is() =>
        Assert.Equal((7.5m, "Main", new DateTimeOffset(2026, 3, 3, 8, 0, 0, TimeSpan.Zero)), Assert.Single(Catalogue.StockOf("OIL-5")) is var level ? (level.Available, level.LocationName, level.AsOf) : default);

    [Fact]
    public void What_became_of_a_record_reps_taxes_quick_keys_and_settings_are_there()
    {
        Assert.Equal(("SO-12", "inErp", "SO-00012", "paid"), Catalogue.ProgressOf(Record) is { } progress ? (progress.Number, progress.Destinations[0].State, progress.Destinations[0].ExternalNumber, progress.Documents[0].Status) : default);
        Assert.Equal(("Ada", "discount"), (Catalogue.Reps()[0].Name, Catalogue.Reps()[0].Rights[0]));
        Assert.Equal((8m, 20, JsonValueKind.Object), (Catalogue.Taxes()[0].Rate, Catalogue.Setting("orderHistory")!.Value.GetInt32(), Catalogue.QuickKeys()["Register"].ValueKind));
        Assert.Null(Catalogue.Setting("none"));
    }
}

using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework.Pull;
using OrderSync.Testing;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>What comes back from Zoho, with the real loop, the real ledger and the stand-in over HTTP.</summary>
public sealed class ZohoPullTests(ZohoLedgerFixture database, ZohoSandbox sandbox) : IClassFixture<ZohoLedgerFixture>, IClassFixture<ZohoSandbox>
{
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F022_F023_F107_Items_prices_stock_customers_and_documents_of_an_organisation_come_back_as_they_stand()
    {
        var zoho = await sandbox.OrganisationAsync(new
        {
            locations = new[] { "Main", "Van" },
            items = new object[]
            {
                new { sku = "A", name = "Olive oil 5 l", rate = 29.99m, unit = "can", tax_percentage = 8m, category = "Oil", brand = "Sol", ean = "4006381333931", stock = new Dictionary<string, decimal> { ["Main"] = 12, ["Van"] = 3 } },
                new { sku = "B", name = "Water", status = "inactive" },
            },
            pricebooks = new object[]
            {
                new { name = "Wholesale", items = new object[] { new { sku = "A", rate = 27.5m }, new { sku = "B", brackets = new object[] { new { start_quantity = 1, end_quantity = 9, pricebook_rate = 0.9m }, new { start_quantity = 10, pricebook_rate = 0.8m } } } } },
                new { name = "Friends", percentage = 10m, is_increase = false },
            },
        });
        var contact = (string)(await zoho.EnterAsync("contacts", new
        {
            contact_name = "Al Noor Grocery", company_name = "Al Noor LLC", contact_type = "customer", billing_address = new { address = "12 Market St", city = "Sharjah" },
            contact_persons = new[] { new { first_name = "Omar", last_name = "Said", email = "omar@alnoor.example", is_primary_contact = true } },
        }))["contact"]!["contact_id"]!;
        var items = (await zoho.ItemsAsync()).ToDictionary(item => (string)item!["sku"]!, item => (string)item!["item_id"]!);
        var order = (string)(await zoho.EnterAsync("salesorders", new { customer_id = contact, line_items = new[] { new { item_id = items["A"], quantity = 2, rate = 29.99m } } }))["salesorder"]!["salesorder_id"]!;
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { PullMinutes = 600 });

        await WholeAsync(replica);

        var item = await BodyAsync(CollectionNames.Items, items["A"]);
        Assert.Equal(("A", "Olive oil 5 l", 29.99m, "can", 8m, "Oil", "4006381333931", "Sol"), (
            (string)item["sku"]!, (string)item["name"]!, (decimal)item["price"]!, (string)item["unit"]!, (decimal)item["taxRate"]!, (string)item["categories"]![0]!, (string)item["barcodes"]![0]!, (string)item["attributes"]!["brand"]!));
        Assert.False((bool)(await BodyAsync(CollectionNames.Items, items["B"]))["active"]!);
        Assert.Equal([("A", 3m), ("A", 12m)], (await BodiesAsync(CollectionNames.Stock)).Select(stock => ((string)stock["sku"]!, (decimal)stock["onHand"]!)).OrderBy(stock => stock.Item2));
        Assert.Equal([(0m, 27.5m), (1m, 0.9m), (10m, 0.8m)], (await BodiesAsync(CollectionNames.Prices)).Select(price => ((decimal)price["fromQuantity"]!, (decimal)price["unitPrice"]!)).Order());
        Assert.Equal([-10m], (await BodiesAsync(CollectionNames.PriceLists)).Where(list => list["percent"] is not null).Select(list => (decimal)list["percent"]!));
        var customer = (await BodyAsync(CollectionNames.Customers, contact))["body"]!;
        Assert.Equal(("Al Noor Grocery", "Al Noor LLC", "Omar Said", "omar@alnoor.example", "Sharjah"), (
            (string)customer["name"]!, (string)customer["company"]!, (string)customer["contact"]!, (string)customer["email"]!, (string)customer["billing"]!["city"]!));
        Assert.Equal(("draft", contact), ((string)(await BodyAsync(CollectionNames.Orders, order))["status"]!, (string)(await BodyAsync(CollectionNames.Orders, order))["customer"]!));
    }

    [Fact]
    public async Task F024_F107_What_changes_and_what_is_deleted_in_Zoho_is_seen_and_nothing_else_is_touched()
    {
        var zoho = await sandbox.OrganisationAsync();
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { PullMinutes = 600 });
        await WholeAsync(replica);
        await zoho.ChangeAsync(new { items = new[] { new { sku = "A", rate = 31m } } });
        await zoho.RemoveAsync("items", "C");

        await LookAsync(replica, CollectionNames.Items, wholly: false);
        var changed = await VersionsAsync();
        // Zoho does not say how many items there are: what one sweep misses, the next must miss too.
        await LookAsync(replica, CollectionNames.Items, wholly: true);
        await LookAsync(replica, CollectionNames.Items, wholly: true);

        Assert.Equal("A=2,B=1,C=1,SHIP=1", changed);
        Assert.Equal("A=2,B=1,C=2 gone,SHIP=1", await VersionsAsync());
    }

    [Fact]
    public async Task F107_Customers_of_whom_Zoho_does_not_say_who_changed_come_back_once_the_settings_say_so()
    {
        var zoho = await sandbox.OrganisationAsync(new { lists_without_last_modified_time = new[] { "contacts", "invoices" } });
        await zoho.EnterAsync("contacts", new { contact_name = "Al Noor", contact_type = "customer" });
        await zoho.EnterAsync("contacts", new { contact_name = "Zoë", contact_type = "customer" });
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { PullMinutes = 600 });
        await WholeAsync(replica);
        await zoho.ActAsync("contacts", "Zoë", "inactive");
        // As after some hours: all rows are older than what is asked for.
        await database.ScalarAsync<int>($"update zoho.pull set cursor = '2099-01-01T00:00:00+0000' where company_id = '{company}' and collection = 'customers' returning 1");

        await replica.PullAsync(company, connection, CollectionNames.Customers);
        var refused = (await Eventually.GetAsync(() => StandingAsync(replica), one => one.Code is not null, "the look to be refused"));
        await replica.ConnectAsync(company, connection, zoho.Settings with { PullMinutes = 600, ReadWhole = [CollectionNames.Customers, CollectionNames.Invoices] });
        await LookAsync(replica, CollectionNames.Customers, wholly: false);

        Assert.Equal("erp.searchIgnored", refused.Code);
        Assert.Contains("ReadWhole", refused.Fix!, StringComparison.Ordinal);
        Assert.Null((await StandingAsync(replica)).Code);
        Assert.Equal("Al Noor 1 true, Zoë 2 false", await database.ScalarAsync<string>($"""
            select string_agg((body::jsonb -> 'body' ->> 'name') || ' ' || version || ' ' || (body::jsonb ->> 'active'), ', ' order by version) from zoho.pulled where company_id = '{company}' and collection = 'customers'
            """));

        async Task<CollectionStanding> StandingAsync(ZohoReplica of) => (await of.CollectionsAsync(company, connection)).Single(one => one.Collection == CollectionNames.Customers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F107_A_customer_that_changes_twice_in_one_second_and_is_read_in_between_is_read_again(bool whole)
    {
        await using var still = await StillAsync();
        var zoho = await still.OrganisationAsync();
        await zoho.EnterAsync("contacts", new { contact_name = "Zoë", contact_type = "customer" });
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { PullMinutes = 600, ReadWhole = whole ? [CollectionNames.Customers] : [] });
        await WholeAsync(replica);
        await zoho.ActAsync("contacts", "Zoë", "inactive");

        await LookAsync(replica, CollectionNames.Customers, wholly: false);

        Assert.Equal("false", await database.ScalarAsync<string>($"select body::jsonb ->> 'active' from zoho.pulled where company_id = '{company}' and collection = 'customers'"));
    }

    [Theory]
    [InlineData(StockFigure.AvailableForSale, true, "4 6")]
    [InlineData(StockFigure.ActualAvailable, true, "5 8")]
    [InlineData(StockFigure.Available, true, "8 8")]
    [InlineData(StockFigure.OnHand, true, "9 0")]
    [InlineData(StockFigure.AvailableForSale, false, "11")]
    [InlineData(StockFigure.OnHand, false, "17")]
    public void F022_Stock_is_the_figure_the_settings_name_or_the_next_that_Zoho_gives_by_location_or_whole(StockFigure figure, bool byLocation, string expected)
    {
        var item = new Item("1", "A", "Oil", "active")
        {
            ActualAvailableStock = 11, StockOnHand = 17,
            Locations = [new("10", "Main", 9, 8, 5, 4, 1), new("20", "Van", null, 8, null, 6, null)],
        };

        var levels = PullMapping.Stock(item, new ZohoSettings { StockFigure = figure, StockByLocation = byLocation }).ToList();

        Assert.Equal(expected, string.Join(' ', levels.Select(one => one.Level.Available)));
        Assert.Equal(byLocation ? ["1/10", "1/20"] : ["1/main"], levels.Select(one => one.Key));
    }

    // A stand-in whose second never ends.
    private static async Task<ZohoSandbox> StillAsync()
    {
        var still = new ZohoSandbox(new ManualClock(DateTimeOffset.UtcNow));
        await still.InitializeAsync();
        return still;
    }

    private async Task WholeAsync(ZohoReplica replica)
    {
        await replica.PullAsync(company, connection, CollectionNames.Items);
        await Eventually.TrueAsync(async () =>
        {
            var all = await replica.CollectionsAsync(company, connection);
            foreach (var early in all.Where(one => one.ReadWholeAt is null && one.Code == "later"))
                await replica.PullAsync(company, connection, early.Collection);
            return all.Count == CollectionNames.All.Count && all.All(one => one.ReadWholeAt is not null);
        }, "all to be read");
    }

    private async Task LookAsync(ZohoReplica replica, string collection, bool wholly)
    {
        var before = (await replica.CollectionsAsync(company, connection)).Single(one => one.Collection == collection).EndedAt;
        await replica.PullAsync(company, connection, collection, wholly);
        await Eventually.TrueAsync(async () => (await replica.CollectionsAsync(company, connection)).Single(one => one.Collection == collection).EndedAt > before, "the look to end");
    }

    private async Task<JsonNode> BodyAsync(string collection, string key) =>
        JsonNode.Parse(await database.ScalarAsync<string>($"select body from zoho.pulled where company_id = '{company}' and collection = '{collection}' and key = '{key}'"))!;

    private async Task<IReadOnlyList<JsonNode>> BodiesAsync(string collection) =>
        [.. JsonNode.Parse(await database.ScalarAsync<string>($"select '[' || coalesce(string_agg(body, ','), '') || ']' from zoho.pulled where company_id = '{company}' and collection = '{collection}' and not deleted"))!
            .AsArray().Select(row => row!)];

    // By the SKU each row had when it was last seen.
    private Task<string> VersionsAsync() => database.ScalarAsync<string>($"""
        select string_agg(sku || '=' || version || case when deleted then ' gone' else '' end, ',' order by sku)
        from (select version, deleted, coalesce(body::jsonb ->> 'sku', 'C') as sku from zoho.pulled where company_id = '{company}' and collection = 'items') rows
        """);
}

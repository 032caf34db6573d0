using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.NetSuite;

/// <summary>NetSuite's arithmetic: the acceptance set of the sheet on rounding.</summary>
public sealed class NetSuiteMoneyTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Theory]
    [InlineData("line", "off", "halfUp", 1.02)]
    [InlineData("transaction", "off", "halfUp", 1.01)]
    [InlineData("transaction", "off", "halfEven", 1.00)]
    [InlineData("line", "down", "halfUp", 0.99)]
    [InlineData("transaction", "up", "halfUp", 1.01)]
    public async Task The_reference_case_is_rounded_as_the_account_rounds(string taxLevel, string taxRounding, string tie, decimal tax)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { taxLevel, taxRounding, tie }, sandbox.Clock);

        var theirs = await suite.WrittenAsync(await suite.OrderAsync(("A", 1, 3.35m), ("A", 1, 3.35m), ("A", 1, 3.35m)));

        Assert.Equal((10.05m + tax, tax, 10.05m), ((decimal)theirs["total"]!, (decimal)theirs["taxTotal"]!, (decimal)theirs["subtotal"]!));
    }

    [Fact]
    public async Task Rounded_by_transaction_the_difference_goes_to_the_last_line_of_a_rate()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { taxLevel = "transaction" }, sandbox.Clock);

        var theirs = await suite.WrittenAsync(await suite.OrderAsync(("A", 1, 3.35m), ("B", 1, 3.33m), ("A", 1, 3.35m), ("A", 1, 3.35m)));

        Assert.Equal([0.34m, 0.67m, 0.34m, 0.33m], theirs["taxDetails"]!["items"]!.AsArray().Select(row => (decimal)row!["taxAmount"]!));
    }

    [Theory]
    [InlineData("last", 6.67, 6.67, 6.66)]
    [InlineData("cumulative", 6.67, 6.66, 6.67)]
    [InlineData("largest", 6.66, 6.67, 6.67)]
    public async Task A_discount_of_the_order_lowers_what_is_taxed_and_its_odd_cent_goes_where_the_account_says(string centTo, decimal one, decimal two, decimal three)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { centTo }, sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m), ("A", 1, 10m), ("A", 1, 10m));
        await DiscountAsync(suite, order, -10.00m);

        var theirs = await suite.WrittenAsync(order);

        Assert.Equal([one, two, three], theirs["taxDetails"]!["items"]!.AsArray().Select(row => (decimal)row!["taxBasis"]!));
        Assert.Equal((-10m, 2.01m, 22.01m), ((decimal)theirs["discountTotal"]!, (decimal)theirs["taxTotal"]!, (decimal)theirs["total"]!));
    }

    [Fact]
    public async Task Where_tax_comes_before_the_discount_it_is_that_of_the_whole_and_a_percentage_is_written_as_text()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { taxBeforeDiscount = true }, sandbox.Clock);
        var order = await suite.OrderAsync(("A", 3, 3.33m));
        await DiscountAsync(suite, order, "-5%");
        order["shippingCost"] = 2m;

        var theirs = await suite.WrittenAsync(order);

        Assert.Equal((-0.50m, 1.00m, 12.49m), ((decimal)theirs["discountTotal"]!, (decimal)theirs["taxTotal"]!, (decimal)theirs["total"]!));
    }

    [Fact]
    public async Task A_discount_that_adds_or_names_no_item_is_refused()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        await DiscountAsync(suite, order, 1m);
        var adds = await suite.PutAsync("salesOrder/eid:O-1", order);
        order["discountRate"] = -1m;
        order.Remove("discountItem");

        var nameless = await suite.PutAsync("salesOrder/eid:O-1", order);

        Assert.Equal(("USER_ERROR", "discountRate"), (adds.Code, adds.Path));
        Assert.Equal(("USER_ERROR", "discountItem"), (nameless.Code, nameless.Path));
    }

    [Theory]
    [InlineData(true, 0.90)]
    [InlineData(false, 1.00)]
    public async Task A_discount_item_below_a_line_takes_from_it_and_from_its_tax_where_that_is_so(bool discountLinesTaxed, decimal tax)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { discountLinesTaxed }, sandbox.Clock);
        var order = await suite.OrderAsync(("F", 1, 5m), ("A", 1, 10m));
        order["item"]!["items"]!.AsArray().Add(new JsonObject { ["item"] = new JsonObject { ["id"] = await suite.ItemAsync("OFF") }, ["rate"] = "-10%" });

        var theirs = await suite.WrittenAsync(order);

        Assert.Equal((14m, tax), ((decimal)theirs["subtotal"]!, (decimal)theirs["taxTotal"]!));
        Assert.Equal(-1m, (decimal)theirs["item"]!["items"]![2]!["amount"]!);
    }

    [Theory]
    [InlineData("kept", 10.01)]
    [InlineData("recomputed", 9.99)]
    public async Task An_amount_that_is_sent_counts_where_the_account_keeps_it(string explicitAmount, decimal subtotal)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { explicitAmount }, sandbox.Clock);
        var order = await suite.OrderAsync(("F", 3, 3.33m));
        order["item"]!["items"]![0]!["amount"] = 10.01m;

        Assert.Equal(subtotal, (decimal)(await suite.WrittenAsync(order))["subtotal"]!);
    }

    [Fact]
    public async Task A_price_level_overrules_the_rate_that_is_sent_with_it()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = await suite.OrderAsync(("F", 2, 4m));
        var level = (string)(await suite.RowsAsync("SELECT id FROM pricelevel WHERE name = 'Base Price'"))[0]!["id"]!;
        order["item"]!["items"]![0]!["price"]!["id"] = level;

        Assert.Equal(10m, (decimal)(await suite.WrittenAsync(order))["subtotal"]!);
    }

    [Fact]
    public async Task Too_many_decimals_are_rounded_or_refused_and_a_currency_without_cents_has_none()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { currency = "JPY", currencies = new[] { new { code = "JPY", precision = 0 } }, rateDecimals = 2 }, sandbox.Clock);
        var order = await suite.OrderAsync(("A", 3, 33.336m));

        var rounded = await suite.WrittenAsync(order);
        await suite.ControlAsync(HttpMethod.Put, "", new { excessDecimals = "refuse" });
        var refused = await suite.PutAsync("salesOrder/eid:O-2", order);

        Assert.Equal((100m, 10m), ((decimal)rounded["subtotal"]!, (decimal)rounded["taxTotal"]!));
        Assert.Equal(("USER_ERROR", "item.items[0].rate"), (refused.Code, refused.Path));
    }

    [Fact]
    public async Task Tax_details_of_the_caller_count_only_whole_and_only_where_the_role_may()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        var row = new JsonObject
        {
            ["taxType"] = await RefAsync(suite, "taxtype", "Tax"), ["taxCode"] = await RefAsync(suite, "salestaxitem", "Ten"), ["taxBasis"] = 10m, ["taxRate"] = 10m, ["taxAmount"] = 1.01m,
        };
        order["taxDetailsOverride"] = true;
        order["taxDetails"] = new JsonObject { ["items"] = new JsonArray(row.DeepClone()) };
        var forced = await suite.WrittenAsync(order);
        await suite.ControlAsync(HttpMethod.Put, "", new { taxOverride = false });
        var denied = await suite.PutAsync("salesOrder/eid:O-1", order);
        await suite.ControlAsync(HttpMethod.Put, "", new { taxOverride = true });
        order["taxDetails"]!["items"]![0]!.AsObject().Remove("taxBasis");

        var partial = await suite.PutAsync("salesOrder/eid:O-1", order);

        Assert.Equal(11.01m, (decimal)forced["total"]!);
        Assert.Equal("USER_ERROR", denied.Code);
        Assert.Equal("taxDetails.items[0].taxBasis", partial.Path);
    }

    [Fact]
    public async Task The_tax_code_of_a_line_is_refused_unless_the_account_takes_it()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        order["item"]!["items"]![0]!["taxCode"] = await RefAsync(suite, "salestaxitem", "Twenty");
        var refused = await suite.PutAsync("salesOrder/eid:O-1", order);
        await suite.ControlAsync(HttpMethod.Put, "", new { lineTaxCodes = true });

        var taken = await suite.WrittenAsync(order);

        Assert.Equal("item.items[0].taxCode", refused.Path);
        Assert.Equal(2m, (decimal)taken["taxTotal"]!);
    }

    private static async Task DiscountAsync(Suite suite, JsonObject order, JsonNode rate)
    {
        order["discountItem"] = new JsonObject { ["id"] = await suite.ItemAsync("OFF") };
        order["discountRate"] = rate;
    }

    private static async Task<JsonObject> RefAsync(Suite suite, string table, string name) =>
        new() { ["id"] = (string)(await suite.RowsAsync($"SELECT id FROM {table} WHERE name = '{name}'"))[0]!["id"]! };
}

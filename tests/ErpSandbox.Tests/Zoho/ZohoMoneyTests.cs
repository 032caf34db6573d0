using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>The acceptance set of the rounding sheet; every expected figure was worked out by hand.</summary>
public sealed class ZohoMoneyTests(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    private readonly SandboxServer sandbox = shared.Server;

    public Task InitializeAsync() => sandbox.ResetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory] // three lines of 1 × 3.35 at 10 %: exact tax 0.335 a line, 1.005 in all
    [InlineData("document", "half_up", "1.01", "11.06")]
    [InlineData("document", "half_even", "1.00", "11.05")]
    [InlineData("document", "up", "1.01", "11.06")]
    [InlineData("document", "down", "1.00", "11.05")]
    [InlineData("line", "half_up", "1.02", "11.07")]
    [InlineData("line", "half_even", "1.02", "11.07")]
    [InlineData("line", "up", "1.02", "11.07")]
    [InlineData("line", "down", "0.99", "11.04")]
    public async Task F101_Case_R_rounds_as_the_organisation_is_set(string level, string tie, string tax, string total)
    {
        var order = await OrderAsync(new { tax_level = level, tie }, 10, Lines(3, 1, 3.35m));
        Assert.Equal("10.05", Text(order["sub_total"]));
        Assert.Equal(Number(tax), (decimal)order["tax_total"]!);
        Assert.Equal(Number(total), (decimal)order["total"]!);
        Assert.Equal(level == "line" ? "item_level" : "entity_level", (string?)order["tax_rounding"]);
    }

    [Theory] // 29 × 0.19 + 2 × 2.10 = 9.71; 12 % of 81.09 = 9.7308
    [InlineData("line", "9.71", "90.80")]
    [InlineData("document", "9.73", "90.82")]
    public async Task The_31_line_case_differs_by_two_cents_between_the_levels(string level, string tax, string total)
    {
        var order = await OrderAsync(new { tax_level = level }, 12, [.. Lines(2, 11, 1.59m), .. Lines(29, 1, 1.59m)]);
        Assert.Equal((Number("81.09"), Number(tax), Number(total)), Figures(order));
    }

    [Theory] // 3 × 1.00 with 20 % inside: exact 0.1666… a line
    [InlineData("document", "half_up", "tax", "0.50")]
    [InlineData("line", "half_up", "tax", "0.51")]
    [InlineData("line", "half_even", "net", "0.51")]
    [InlineData("line", "down", "tax", "0.48")]
    [InlineData("line", "down", "net", "0.51")]
    [InlineData("document", "down", "tax", "0.50")]
    public async Task Tax_inside_gross_prices_never_changes_the_total(string level, string tie, string part, string tax)
    {
        var order = await OrderAsync(new { tax_level = level, tie, inclusive_round = part }, 20, Lines(3, 1, 1m), more: o => o["is_inclusive_tax"] = true);
        Assert.Equal((3m - Number(tax), Number(tax), 3m), Figures(order));
        Assert.Equal(3m, (decimal)order["sub_total_inclusive_of_tax"]!);
    }

    [Theory] // 0.769 + 0.384 + 0.192 on 35.00 at 4 %, the vendor's example
    [InlineData("document", "1.35")]
    [InlineData("line", "1.34")]
    public async Task Tax_inside_gross_prices_is_rounded_once_for_the_document(string level, string tax)
    {
        var order = await OrderAsync(new { tax_level = level }, 4, [Line(1, 20), Line(1, 10), Line(1, 5)], more: o => o["is_inclusive_tax"] = true);
        Assert.Equal(Number(tax), (decimal)order["tax_total"]!);
    }

    [Theory] // 54.54545 becomes 54.55, its tax 5.455
    [InlineData("rounded_line", "5.46", "60.01")]
    [InlineData("raw", "5.45", "60.00")]
    public async Task Tax_is_taken_of_the_rounded_line(string taxBase, string tax, string total)
    {
        var order = await OrderAsync(new { tax_base = taxBase }, 10, [Line(1, 54.54545m)]);
        Assert.Equal((54.55m, Number(tax), Number(total)), Figures(order));
    }

    [Theory] // 10.00 over 3 × 20.00; one line taxed at 50 % shows who takes the cent: 16.67 → 8.34, 16.66 → 8.33
    [InlineData("last", 1, "8.34")]
    [InlineData("last", 2, "8.33")]
    [InlineData("cumulative", 1, "8.33")]
    [InlineData("cumulative", 2, "8.34")]
    [InlineData("largest", 0, "8.33")]
    [InlineData("last", 0, "8.34")]
    public async Task An_order_discount_is_spread_so_that_one_line_takes_the_cent(string centTo, int taxed, string tax)
    {
        var lines = Lines(3, 1, 20m);
        for (var i = 0; i < 3; i++)
            lines[i]["untaxed"] = i != taxed;
        var order = await OrderAsync(new { cent_to = centTo }, 50, lines, more: o => o["discount"] = "10.00");
        Assert.Equal((60m, Number(tax), 50m + Number(tax)), Figures(order));
        Assert.Equal(10m, (decimal)order["discount_total"]!);
    }

    [Theory] // 1.005 less 10 %: 0.9045, or 1.01 − 0.10
    [InlineData("once", "half_up", "0.90")]
    [InlineData("twice", "half_up", "0.91")]
    [InlineData("once", "half_even", "0.90")]
    [InlineData("twice", "half_even", "0.90")]
    public async Task A_line_discount_on_half_a_cent_is_rounded_once_or_twice(string rounds, string tie, string total)
    {
        var line = Line(1, 1.005m);
        line["discount"] = "10%";
        var order = await OrderAsync(new { discount_round = rounds, tie }, 0, [line], more: o => o["discount_type"] = "item_level");
        Assert.Equal(Number(total), (decimal)order["total"]!);
    }

    [Theory] // +3.35 +3.35 −3.35 at 10 %
    [InlineData("document", "half_up", "0.34")]
    [InlineData("line", "half_up", "0.34")]
    [InlineData("line", "down", "0.33")]
    [InlineData("document", "down", "0.33")]
    public async Task Lines_of_mixed_signs_round_symmetrically(string level, string tie, string tax)
    {
        var order = await OrderAsync(new { tax_level = level, tie }, 10, [Line(1, 3.35m), Line(1, 3.35m), Line(-1, 3.35m)]);
        Assert.Equal((3.35m, Number(tax), 3.35m + Number(tax)), Figures(order));
    }

    [Theory] // stored with 6 decimals 0.0000005 becomes 0.000001; a quantity with 2 becomes 1.56
    [InlineData("round", "0.0000005", "20000", "0.02")]
    [InlineData("keep", "0.0000005", "20000", "0.01")]
    [InlineData("round", "10", "1.555", "15.60")]
    [InlineData("keep", "10", "1.555", "15.55")]
    public async Task A_decimal_too_many_is_rounded_or_kept(string excess, string rate, string quantity, string total)
    {
        var order = await OrderAsync(new { excess_dp = excess }, 0, [Line(Number(quantity), Number(rate))]);
        Assert.Equal(Number(total), (decimal)order["total"]!);
    }

    [Fact]
    public async Task A_decimal_too_many_is_refused_where_the_organisation_is_set_so()
    {
        var org = await sandbox.OrgAsync(new { excess_dp = "reject" });
        var customer = await org.ContactAsync();
        var reply = await org.OrderAsync(new { customer_id = customer, salesorder_number = "X-1", line_items = new[] { new { name = "Screw", rate = 0.0000005m, quantity = 1 } } });
        Assert.Equal((400, 2), (reply.Status, reply.Code));
        Assert.Contains("line_items.rate", (string)reply["message"]!, StringComparison.Ordinal);
    }

    [Theory] // 100.00 at 10 % with 10 % off
    [InlineData(true, "sub_total", "9", "99")]
    [InlineData(false, "sub_total", "10", "100")]
    [InlineData(false, "total", "10", "99")]
    public async Task A_discount_before_tax_lessens_the_tax_and_one_after_tax_does_not(bool before, string of, string tax, string total)
    {
        var order = await OrderAsync(new { after_tax_discount_of = of }, 10, [Line(1, 100)], more: o =>
        {
            o["discount"] = "10%";
            o["is_discount_before_tax"] = before;
        });
        Assert.Equal((100m, Number(tax), Number(total)), Figures(order));
    }

    [Theory] // 10.00 at 10 %, shipping 5.00, adjustment −0.02
    [InlineData(false, false, "1.00", "15.98")]
    [InlineData(true, false, "1.50", "16.48")]
    [InlineData(true, true, "1.50", "16.48")]
    public async Task Shipping_and_adjustment_are_added_after_tax_unless_set_otherwise(bool shippingTaxed, bool adjustmentTaxed, string tax, string total)
    {
        var order = await OrderAsync(new { shipping_taxed = shippingTaxed, adjustment_taxed = adjustmentTaxed }, 10, [Line(1, 10)], more: o =>
        {
            o["shipping_charge"] = 5.00m;
            o["adjustment"] = -0.02m;
            o["adjustment_description"] = "Rounding";
        });
        Assert.Equal((10m, Number(tax), Number(total)), Figures(order));
        Assert.Equal(-0.02m, (decimal)order["adjustment"]!);
    }

    [Theory] // the vendor's examples for 20.63
    [InlineData("0.5", "20.5", "-0.13")]
    [InlineData("0.25", "20.75", "0.12")]
    public async Task Totals_are_rounded_off_to_the_nearest_step(string step, string total, string difference)
    {
        var order = await OrderAsync(new { roundoff_step = Number(step) }, 0, [Line(1, 20.63m)]);
        Assert.Equal((Number(total), Number(difference)), ((decimal)order["total"]!, (decimal)order["roundoff_value"]!));
    }

    [Theory] // a currency without decimals, and one with three
    [InlineData(0, "335", "10", "34", "369")]
    [InlineData(3, "3.335", "10", "0.334", "3.669")]
    public async Task Amounts_have_the_decimals_of_the_currency(int decimals, string rate, string percent, string tax, string total)
    {
        var order = await OrderAsync(new { price_precision = decimals }, Number(percent), [Line(1, Number(rate))]);
        Assert.Equal((Number(rate), Number(tax), Number(total)), Figures(order));
    }

    [Fact]
    public async Task Two_rates_are_rounded_apart_and_shown_by_tax()
    {
        var org = await sandbox.OrgAsync(new { taxes = new[] { new { tax_name = "A", tax_percentage = 10m }, new { tax_name = "B", tax_percentage = 5m } } }, "2rates");
        var reply = await org.OrderAsync(new
        {
            customer_id = await org.ContactAsync(),
            salesorder_number = "T-2",
            line_items = new[] { new { name = "a", rate = 3.35m, tax_id = org.TaxId() }, new { name = "b", rate = 3.3m, tax_id = org.TaxId(1) } },
        });
        var taxes = reply["salesorder"]["taxes"]!.AsArray().Select(tax => ((string?)tax!["tax_name"], (decimal)tax["tax_amount"]!));
        Assert.Equal([("A", 0.34m), ("B", 0.17m)], taxes); // 0.335 and 0.165, both exactly half
    }

    private async Task<JsonObject> OrderAsync(object settings, decimal percent, JsonObject[] lines, Action<JsonObject>? more = null)
    {
        var setUp = JsonSerializer.SerializeToNode(settings)!.AsObject();
        setUp["taxes"] = new JsonArray(new JsonObject { ["tax_name"] = "Tax", ["tax_percentage"] = percent });
        var org = await sandbox.OrgAsync(setUp);
        foreach (var line in lines)
        {
            if (!line.Remove("untaxed", out var untaxed) || untaxed?.GetValue<bool>() != true)
                line["tax_id"] = org.TaxId();
        }

        var body = new JsonObject
        {
            ["customer_id"] = await org.ContactAsync(), ["salesorder_number"] = "SO-R", ["line_items"] = new JsonArray([.. lines]),
        };
        more?.Invoke(body);
        var reply = await org.OrderAsync(body);
        Assert.True(reply.Status == 201, reply.Body.ToJsonString());
        return reply["salesorder"].AsObject();
    }

    private static JsonObject[] Lines(int count, decimal quantity, decimal rate) => Enumerable.Range(0, count).Select(_ => Line(quantity, rate)).ToArray();

    private static JsonObject Line(decimal quantity, decimal rate) => new() { ["name"] = "Thing", ["quantity"] = quantity, ["rate"] = rate };

    private static (decimal SubTotal, decimal Tax, decimal Total) Figures(JsonObject order) =>
        ((decimal)order["sub_total"]!, (decimal)order["tax_total"]!, (decimal)order["total"]!);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => ((decimal)node!).ToString(CultureInfo.InvariantCulture);
}

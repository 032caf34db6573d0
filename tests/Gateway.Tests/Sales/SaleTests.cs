using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sales;

[Collection("office-2")]
public sealed class SaleTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F069_Cash_layby_on_account_and_several_tenders_at_once_are_accepted_with_numbers_of_their_own()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var layBy = An.Sale(customer: customer, tenders: [("cash", 2.80m), ("layBy", 8m)]);
        layBy["body"]!["tenders"]![1]!["deposit"] = 2.80m;
        layBy["body"]!["tenders"]![1]!["dueDate"] = "2026-06-30";

        var verdicts = (await device.PushAsync(
            An.Customer(customer), An.Sale(), An.Sale(customer: customer, tenders: [("onAccount", 10.80m)]), layBy, An.Sale(tenders: [("cash", 5m), ("externalTerminal", 5.80m)]))).Skip(1).ToList();

        Assert.All(verdicts, verdict => Assert.Equal(("accepted", null), (verdict.Outcome(), verdict.Code())));
        Assert.All(verdicts, verdict => Assert.Matches("^SA-MAIN-[0-9]{6}$", verdict.GetProperty("number").GetString()));
        Assert.Equal(4, verdicts.Select(verdict => verdict.GetProperty("number").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task F084_A_card_charged_by_the_app_is_refused_and_one_on_a_terminal_of_its_own_is_accepted()
    {
        using var device = await gateway.EnrolAsync();

        var verdicts = await device.PushAsync(
            An.Sale(tenders: [("cash", 5m), ("integratedCard", 5.80m)]), An.Sale(tenders: [("externalTerminal", 10.80m)]), An.Receipt(method: "integratedCard"));

        Assert.Equal(("refused", "sale.needsConnection", "tenders[1].method"), (verdicts[0].Outcome(), verdicts[0].Code(), verdicts[0].GetProperty("field").GetString()));
        Assert.Equal(("accepted", null), (verdicts[1].Outcome(), verdicts[1].Code()));
        Assert.Equal(("refused", "receipt.needsConnection"), (verdicts[2].Outcome(), verdicts[2].Code()));
    }

    [Theory]
    [InlineData("lines", "null")]
    [InlineData("lines", "[null]")]
    [InlineData("tenders", "null")]
    [InlineData("tenders", "[null]")]
    [InlineData("totals", "null")]
    [InlineData("customer", "7")]
    public async Task A_sale_that_cannot_be_read_is_refused_and_its_bytes_are_kept(string field, string value)
    {
        using var device = await gateway.EnrolAsync();
        var sale = With(An.Sale(), field, value);

        var verdict = Assert.Single(await device.PushAsync(sale));

        Assert.Equal(("refused", "record.unreadable"), (verdict.Outcome(), verdict.Code()));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.capture where record_id = '{sale["id"]!.GetValue<Guid>()}'"));
    }

    [Theory]
    [InlineData("currency", "\"XYZ\"", "sale.currency")]
    [InlineData("lines", "[]", "sale.lines")]
    [InlineData("rounding", "null", "sale.rounding")]
    [InlineData("discount", """{"percent":101}""", "sale.discount.invalid")]
    [InlineData("shipping", "-1", "sale.shipping")]
    [InlineData("tenders", """[{"method":"shells","amount":10.80}]""", "sale.tender")]
    [InlineData("tenders", """[{"method":"cash","amount":10.805}]""", "sale.tender")]
    [InlineData("tenders", """[{"method":"onAccount","amount":10.80}]""", "sale.customer")]
    [InlineData("tenders", """[{"method":"layBy","amount":10.80}]""", "sale.customer")]
    [InlineData("customer", """{"code":"NOBODY-HAS-IT"}""", "customer.codeUnknown")]
    [InlineData("notes", "\"a\\u0000b\"", "text.invalid")]
    [InlineData("totals", """{"subtotal":10,"discount":0,"tax":0.8,"total":1e26}""", "sale.amount.invalid")]
    public async Task What_nobody_could_go_on_with_is_stored_and_held_with_its_reason(string field, string value, string code)
    {
        using var device = await gateway.EnrolAsync();

        var verdict = Assert.Single(await device.PushAsync(With(An.Sale(), field, value)));

        Assert.Equal(("accepted", "held", code), (verdict.Outcome(), verdict.State(), verdict.Code()));
    }

    [Theory]
    [InlineData("totals", """{"subtotal":10,"discount":0,"tax":0.8,"total":10.79}""", "sale.totals")]
    [InlineData("tenders", """[{"method":"cash","amount":10}]""", "sale.tenders")]
    public async Task What_has_been_paid_goes_on_as_it_was_captured_and_is_flagged_where_it_does_not_add_up(string field, string value, string code)
    {
        using var device = await gateway.EnrolAsync();
        var sale = With(An.Sale(), field, value);

        var verdict = Assert.Single(await device.PushAsync(sale));

        Assert.Equal(("accepted", null, code), (verdict.Outcome(), verdict.State(), verdict.Code()));
        var record = await gateway.RecordAsync(sale["id"]!.GetValue<Guid>());
        Assert.Equal(("accepted", code), (record.GetProperty("state").GetString(), record.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_sale_of_an_unknown_item_goes_on_and_says_which()
    {
        using var device = await gateway.EnrolAsync();

        var verdict = Assert.Single(await device.PushAsync(An.Sale(sku: "SKU-OF-THE-SHELF")));

        Assert.Equal(("accepted", null, "sale.item.unknown"), (verdict.Outcome(), verdict.State(), verdict.Code()));
        Assert.Contains("SKU-OF-THE-SHELF", verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F069_On_account_posts_to_the_customers_balance_once_and_receipts_take_off()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var sale = An.Sale(customer: customer, lines: 2, tenders: [("cash", 1.60m), ("onAccount", 15m), ("onAccount", 5m)]);
        var receipt = An.Receipt(customer: customer, amount: 4m);

        // The sale before its customer: it posts when it is released.
        Assert.Equal("waiting", Assert.Single(await device.PushAsync(sale)).Outcome());
        await device.PushAsync(An.Customer(customer), receipt);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => device.PushAsync(sale, receipt)));

        var balances = await Eventually.GetAsync(async () => (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/customers/{customer}")).GetProperty("balances"),
            found => found.GetArrayLength() == 1 && found[0].GetProperty("amount").GetDecimal() == 16m, "the balance");
        Assert.Equal("USD", balances[0].GetProperty("currency").GetString());
        Assert.Equal(3, await gateway.Scalar<long>($"select count(*) from gateway.customer_entry where customer_id = '{customer}'"));
    }

    private static JsonObject With(JsonObject sale, string field, string value)
    {
        sale["body"]![field] = JsonNode.Parse(value);
        return sale;
    }
}

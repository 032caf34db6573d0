using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Quotes;

[Collection("office-2")]
public sealed class QuoteTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F062_An_order_and_a_quote_are_both_accepted_with_lines_and_numbers_of_their_own_series()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        var quote = An.Quote(customer: customer, lines: 2);

        var verdicts = await device.PushAsync(An.Customer(customer), order, quote);

        Assert.All(verdicts, verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
        Assert.Matches("^SO-MAIN-[0-9]{6}$", verdicts[1].GetProperty("number").GetString());
        Assert.Matches("^QU-MAIN-[0-9]{6}$", verdicts[2].GetProperty("number").GetString());
        var id = quote["id"]!.GetValue<Guid>();
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.order_line where record_id = '{id}'"));
        var record = await gateway.RecordAsync(id);
        Assert.Equal("quote", record.GetProperty("kind").GetString());
        Assert.Equal(21.60m, record.GetProperty("total").GetDecimal());
        Assert.Equal("2026-04-03", record.GetProperty("captured").GetProperty("body").GetProperty("validUntil").GetString());
    }

    [Fact]
    public async Task F061_A_quote_of_a_guest_is_refused_with_the_words_choose_a_customer()
    {
        using var device = await gateway.EnrolAsync();

        var verdict = Assert.Single(await device.PushAsync(An.Quote()));

        Assert.Equal("refused", verdict.GetProperty("outcome").GetString());
        Assert.Equal("customer.missing", verdict.GetProperty("code").GetString());
        Assert.Equal("Choose a customer.", verdict.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("lines", "[]", "quote.lines")]
    [InlineData("currency", "\"XYZ\"", "quote.currency")]
    [InlineData("discount", """{"percent":5,"amount":1}""", "quote.discount.invalid")]
    [InlineData("totals", """{"subtotal":10,"discount":0,"tax":0.8,"total":11}""", "quote.totals")]
    [InlineData("validUntil", "\"soon\"", "record.unreadable")]
    public async Task A_quote_keeps_the_rules_of_an_order_and_the_reason_speaks_of_the_quote(string field, string value, string code)
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var quote = An.Quote(customer: customer);
        quote["body"]![field] = System.Text.Json.Nodes.JsonNode.Parse(value);

        var verdict = (await device.PushAsync(An.Customer(customer), quote))[1];

        Assert.Equal("refused", verdict.GetProperty("outcome").GetString());
        Assert.Equal(code, verdict.GetProperty("code").GetString());
        Assert.DoesNotContain("order", verdict.GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
    }
}

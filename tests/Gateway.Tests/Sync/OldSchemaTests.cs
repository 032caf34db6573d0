using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Sync;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

[Collection("office-2")]
public sealed class OldSchemaTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("order")]
    [InlineData("quote")]
    public async Task F123_An_order_captured_400_days_ago_by_an_old_app_in_the_oldest_schema_is_accepted_and_goes_on_as_the_newest(string kind)
    {
        using var device = await gateway.EnrolAsync();
        device.Says["OrderSync-App"] = "Field Sales N-6";
        var customer = Guid.CreateVersion7();
        var record = kind == "order" ? An.Order(customer: customer) : An.Quote(customer: customer);
        record["schema"] = 1;
        record["capturedAt"] = DateTimeOffset.UtcNow.AddDays(-400).ToString("O");
        record["body"]!.AsObject().Remove("rounding");
        record["body"]!["notes"] = "Grüße 🚲";

        var verdict = (await device.PushAsync(An.Customer(customer), record))[1];

        Assert.Equal(("accepted", null), (verdict.Outcome(), verdict.Code()));
        var bytes = await gateway.Scalar<byte[]>($"select bytes from gateway.capture where record_id = '{record["id"]!.GetValue<Guid>()}'");
        Assert.Equal(An.Push(record)[1..^1], bytes);
        var goesOn = PushedRecord.BodyOf(bytes);
        Assert.Equal("""{"level":"document","tie":"halfUp"}""", goesOn.GetProperty("rounding").GetRawText());
        Assert.Equal("Grüße 🚲", goesOn.GetProperty("notes").GetString());
    }

    [Fact]
    public async Task F067_F068_Lots_serials_coupons_and_reasons_of_discounts_are_kept_as_captured()
    {
        using var device = await gateway.EnrolAsync();
        var sale = An.Sale();
        sale["body"]!["lines"]![0]!["lots"] = JsonNode.Parse("""[{"lot":"L-7","serial":"S-1","quantity":1}]""");
        sale["body"]!["lines"]![0]!["discount"] = JsonNode.Parse("""{"percent":0,"reason":"Window piece"}""");
        sale["body"]!["coupons"] = JsonNode.Parse("""[{"id":"SUMMER-1","code":"SUN"}]""");

        var verdict = Assert.Single(await device.PushAsync(sale));

        Assert.Equal("accepted", verdict.Outcome());
        var body = (await gateway.RecordAsync(sale["id"]!.GetValue<Guid>())).GetProperty("captured").GetProperty("body");
        Assert.Equal("""[{"lot":"L-7","serial":"S-1","quantity":1}]""", body.GetProperty("lines")[0].GetProperty("lots").GetRawText());
        Assert.Equal("Window piece", body.GetProperty("lines")[0].GetProperty("discount").GetProperty("reason").GetString());
        Assert.Equal("SUMMER-1", body.GetProperty("coupons")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void An_up_cast_changes_what_it_is_for_and_nothing_else()
    {
        const string Body = """{"a":1.10,"rounding":null,"b":{"c":["x","ü"]},"a":2}""";

        var cast = Shapes.Upcast("order", 1, JsonSerializer.Deserialize<JsonElement>(Body));

        Assert.Equal("""{"a":1.10,"b":{"c":["x","ü"]},"a":2,"rounding":{"level":"document","tie":"halfUp"}}""", cast.GetRawText());
        Assert.Equal(Body, Shapes.Upcast("order", 2, JsonSerializer.Deserialize<JsonElement>(Body)).GetRawText());
    }

    [Fact]
    public async Task F083_F087_A_payment_sent_twenty_times_at_once_is_one_payment_and_its_amount_stays_what_it_was()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var receipt = An.Receipt(customer: customer);
        receipt["body"]!["attachmentsExpected"] = 1;
        var id = receipt["id"]!.GetValue<Guid>();
        await device.PushAsync(An.Customer(customer));

        var outcomes = (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => device.PushAsync(receipt)))).Select(verdicts => Assert.Single(verdicts).Outcome()).ToList();
        Assert.Equal((1, 19), (outcomes.Count(outcome => outcome == "accepted"), outcomes.Count(outcome => outcome == "duplicate")));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.customer_entry where record_id = '{id}'"));

        var (same, higher) = (An.Receipt(id, customer, amount: 99m), An.Receipt(id, customer, amount: 99m));
        higher["rev"] = 2;
        Assert.Equal("record.conflict record.needsConnection", string.Join(' ', (await device.PushAsync(same)).Concat(await device.PushAsync(higher)).Select(Said.Code)));
        var record = await gateway.RecordAsync(id);
        Assert.Equal((10.80m, 1), (record.GetProperty("total").GetDecimal(), record.GetProperty("captured").GetProperty("body").GetProperty("attachmentsExpected").GetInt32()));
    }
}

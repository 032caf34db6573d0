using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Receipts;

[Collection("office-2")]
public sealed class ReceiptTests(GatewayFixture gateway)
{
    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    private static string? Code(JsonElement verdict) => verdict.TryGetProperty("code", out var code) ? code.GetString() : null;

    [Fact]
    public async Task F082_A_receipt_before_its_order_waits_says_for_what_and_resolves_when_the_order_is_there()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        var orderId = order["id"]!.GetValue<Guid>();
        var receipt = An.Receipt(customer: customer, order: orderId);
        var id = receipt["id"]!.GetValue<Guid>();

        var early = (await device.PushAsync(An.Customer(customer), receipt))[1];
        Assert.Equal("waiting", Outcome(early));
        Assert.Equal("receipt.orderUnknown", Code(early));
        Assert.Contains(orderId.ToString(), early.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(Said(early), Said(Assert.Single(await device.PushAsync(receipt))));
        var awaited = (await gateway.RecordAsync(id)).GetProperty("awaits").EnumerateArray().ToList();
        Assert.Equal("customer", awaited[0].GetProperty("kind").GetString());
        Assert.False(awaited[1].TryGetProperty("kind", out _));

        await device.PushAsync(order);

        var record = await Eventually.GetAsync(() => gateway.RecordAsync(id), found => found.GetProperty("state").GetString() == "accepted", "the receipt goes on");
        Assert.Matches("^RC-MAIN-[0-9]{6}$", record.GetProperty("number").GetString());
        Assert.Equal(orderId, Assert.Single(record.GetProperty("allocations").EnumerateArray()).GetProperty("order").GetGuid());
        var paid = Assert.Single((await gateway.RecordAsync(orderId)).GetProperty("receipts").EnumerateArray());
        Assert.Equal(id, paid.GetProperty("id").GetGuid());
        Assert.Equal(10.80m, paid.GetProperty("amount").GetDecimal());
        Assert.Equal("RC-MAIN-", paid.GetProperty("number").GetString()![..8]);
    }

    [Fact]
    public async Task F082_A_receipt_after_its_order_or_with_it_in_any_order_is_accepted()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        var together = An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>(), amount: 5m);
        var after = An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>(), amount: 5.80m);

        Assert.All(await device.PushAsync(together, order, An.Customer(customer)), verdict => Assert.Equal("accepted", Outcome(verdict)));
        Assert.Equal("accepted", Outcome(Assert.Single(await device.PushAsync(after))));

        Assert.Equal(2, (await gateway.RecordAsync(order["id"]!.GetValue<Guid>())).GetProperty("receipts").GetArrayLength());
    }

    [Fact]
    public async Task F055_A_receipt_and_a_quote_whose_order_was_refused_wait_and_say_which_until_it_is_mended()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var orderId = Guid.CreateVersion7();
        var receipt = An.Receipt(customer: customer, order: orderId);
        var quote = An.Quote(customer: customer);
        quote["dependsOn"] = new JsonArray(orderId);

        var verdicts = await device.PushAsync(An.Customer(customer), An.Order(orderId, customer, sku: "NO-SUCH"), receipt, quote);

        Assert.Equal("refused", Outcome(verdicts[1]));
        Assert.Equal(("waiting", "receipt.orderRefused"), (Outcome(verdicts[2]), Code(verdicts[2])));
        Assert.Equal(("waiting", "record.dependencyRefused"), (Outcome(verdicts[3]), Code(verdicts[3])));
        Assert.Contains(orderId.ToString(), verdicts[3].GetProperty("message").GetString(), StringComparison.Ordinal);

        await device.PushAsync(An.Order(orderId, customer, rev: 2));
        foreach (var waiting in new[] { receipt, quote })
            await Eventually.GetAsync(() => gateway.RecordAsync(waiting["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "it goes on");
    }

    [Theory]
    [InlineData("amount", "0", "receipt.amount")]
    [InlineData("amount", "-3", "receipt.amount")]
    [InlineData("amount", "null", "record.unreadable")]
    [InlineData("amount", "2000000000000", "receipt.amount")]
    [InlineData("currency", "\"XYZ\"", "receipt.currency")]
    [InlineData("currency", "null", "receipt.currency")]
    [InlineData("method", "\"integratedCard\"", "receipt.needsConnection")]
    [InlineData("allocations", "[null]", "record.unreadable")]
    [InlineData("allocations", "{}", "record.unreadable")]
    public async Task Money_received_is_refused_only_when_it_cannot_be_read_or_only_the_apps_own_connection_could_take_it(string field, string value, string code)
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var receipt = An.Receipt(customer: customer);
        receipt["body"]![field] = JsonNode.Parse(value);

        var verdict = (await device.PushAsync(An.Customer(customer), receipt))[1];

        Assert.Equal(("refused", code), (Outcome(verdict), Code(verdict)));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.capture where record_id = '{receipt["id"]!.GetValue<Guid>()}'"));
    }

    [Theory]
    [InlineData("method", "\"shells\"", "receipt.method")]
    [InlineData("method", "null", "receipt.method")]
    [InlineData("amount", "10.805", "receipt.decimals")]
    [InlineData("customer", "null", "receipt.customer")]
    [InlineData("notes", "\"a\\u0000b\"", "text.invalid")]
    [InlineData("reference", "\"0123456789012345678901234567890123456789012345678901234567890\"", "text.tooLong")]
    [InlineData("allocations", """[{"document":"INV-1","amount":6},{"document":"INV-2","amount":5}]""", "receipt.allocations")]
    [InlineData("allocations", """[{"amount":6}]""", "receipt.allocation")]
    [InlineData("allocations", """[{"document":"INV-1","amount":0}]""", "receipt.allocation")]
    public async Task All_else_about_money_received_is_stored_and_held_with_its_reason(string field, string value, string code)
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var receipt = An.Receipt(customer: customer);
        receipt["body"]![field] = JsonNode.Parse(value);

        var verdict = (await device.PushAsync(An.Customer(customer), receipt))[1];

        Assert.Equal(("accepted", code), (Outcome(verdict), Code(verdict)));
        Assert.Equal("held", verdict.GetProperty("state").GetString());
        Assert.False(verdict.TryGetProperty("number", out _));
        Assert.Equal(code, (await gateway.RecordAsync(receipt["id"]!.GetValue<Guid>())).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_receipt_of_a_customer_code_nobody_has_is_held_and_goes_on_once_the_office_adds_the_code()
    {
        using var device = await gateway.EnrolAsync();
        var code = $"C-{Guid.NewGuid():N}";
        var receipt = An.Receipt();
        receipt["body"]!["customer"] = new JsonObject { ["code"] = code };
        Assert.Equal("customer.codeUnknown", Code(Assert.Single(await device.PushAsync(receipt))));

        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = Guid.NewGuid(), code, body = new { name = "Late" } } } })).EnsureSuccessStatusCode();

        await Eventually.GetAsync(() => gateway.RecordAsync(receipt["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "the receipt goes on");
    }

    // But for the proof, which states when it was given.
    private static string Said(System.Text.Json.JsonElement verdict) => string.Join(' ', verdict.EnumerateObject().Where(member => member.Name != "proof"));
}

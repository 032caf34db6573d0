using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Customers;

[Collection("office-2")]
public sealed class CapturedCustomerTests(GatewayFixture gateway)
{
    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    [Fact]
    public async Task F073_A_customer_made_offline_keeps_all_its_fields_and_its_order_in_the_same_push_is_accepted()
    {
        using var device = await gateway.EnrolAsync();
        var id = Guid.CreateVersion7();
        var customer = An.Customer(id);
        customer["body"] = JsonNode.Parse("""
            {
                "name": "Ñandú Bikes", "company": "Ñandú Bikes S.A.", "contact": "Ana 🚲", "email": "ana@bikes.example", "phone": "+54 11 5555", "code": "ÑB-7",
                "billing": {"line1": "Main 1", "city": "Springfield", "country": "US"}, "shipping": {"line1": "Dock 2", "postalCode": "12345"},
                "rep": "Grace", "priceList": "Wholesale", "paymentTerms": "30 days"
            }
            """);

        Assert.All(await device.PushAsync(An.Order(customer: id), customer), verdict => Assert.Equal("accepted", Outcome(verdict)));

        var row = JsonNode.Parse(await gateway.Scalar<string>($"select body from gateway.customer where customer_id = '{id}'"))!;
        Assert.True(JsonNode.DeepEquals(customer["body"], row), row.ToJsonString());
        Assert.True(JsonNode.DeepEquals(customer["body"], JsonNode.Parse((await gateway.RecordAsync(id)).GetProperty("captured").GetProperty("body").GetRawText())));
    }

    [Fact]
    public async Task F044_Two_reps_who_order_for_one_customer_at_the_same_time_give_two_orders_with_their_own_lines()
    {
        using var ada = await gateway.EnrolAsync();
        using var grace = await gateway.EnrolAsync("Grace");
        var customer = Guid.CreateVersion7();
        await ada.PushAsync(An.Customer(customer));
        for (var round = 0; round < 10; round++)
        {
            var (first, second) = (An.Order(customer: customer, lines: 2), An.Order(customer: customer, lines: 3));

            var both = await Task.WhenAll(ada.PushAsync(first), grace.PushAsync(second));

            Assert.All(both, verdicts => Assert.Equal("accepted", Outcome(Assert.Single(verdicts))));
            Assert.Equal(2, await Lines(first));
            Assert.Equal(3, await Lines(second));
        }

        Task<long> Lines(JsonObject order) => gateway.Scalar<long>($"""
            select count(*) from gateway.order_line l join gateway.record r using (company_id, record_id)
            where r.record_id = '{order["id"]!.GetValue<Guid>()}' and r.customer_id = '{customer}'
            """);
    }

    [Fact]
    public async Task A_device_does_not_change_a_customer_the_office_loaded()
    {
        using var device = await gateway.EnrolAsync();
        var id = Guid.NewGuid();
        await Load(id, $"K-{id:N}", "Office name");

        var verdict = Assert.Single(await device.PushAsync(An.Customer(id, "Device name")));

        Assert.Equal(("refused", "record.needsConnection"), (Outcome(verdict), verdict.GetProperty("code").GetString()));
        Assert.Equal("Office name", await gateway.Scalar<string>($"select name from gateway.customer where customer_id = '{id}'"));
        Assert.Equal("accepted", Outcome(Assert.Single(await device.PushAsync(An.Order(customer: id)))));
    }

    [Fact]
    public async Task A_later_order_finds_a_captured_customer_by_the_code_it_was_given_on_the_device()
    {
        using var device = await gateway.EnrolAsync();
        var id = Guid.CreateVersion7();
        var code = $"D-{id:N}";
        var order = ByCode(code);
        Assert.Equal("held", Assert.Single(await device.PushAsync(order)).GetProperty("state").GetString());

        await device.PushAsync(WithCode(id, code));

        Assert.Equal("accepted", Outcome(Assert.Single(await device.PushAsync(ByCode(code)))));
        await Eventually.GetAsync(() => gateway.RecordAsync(order["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "the order held for the code goes on");
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.record where kind = 'order' and customer_id = '{id}'"));
    }

    [Fact]
    public async Task A_code_the_office_has_given_is_neither_taken_by_a_device_nor_kept_from_the_office()
    {
        using var device = await gateway.EnrolAsync();
        var (office, captured, later) = (Guid.NewGuid(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var code = $"K-{office:N}";
        await Load(office, code, "Office");

        var verdicts = await device.PushAsync(WithCode(captured, code), WithCode(later, code + "X"), An.Customer());

        Assert.All(verdicts, verdict => Assert.Equal("accepted", Outcome(verdict)));
        Assert.Equal("customer.codeTaken", verdicts[0].GetProperty("code").GetString());
        Assert.Contains(code, verdicts[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(office, await CustomerOf(code));

        // The office gives a code that a device has given before: it is the office's from then on.
        var other = Guid.NewGuid();
        await Load(other, code + "X", "Office too");
        Assert.Equal(other, await CustomerOf(code + "X"));

        async Task<Guid> CustomerOf(string wanted)
        {
            var order = ByCode(wanted);
            Assert.Equal("accepted", Outcome(Assert.Single(await device.PushAsync(order))));
            return await gateway.Scalar<Guid>($"select customer_id from gateway.record where record_id = '{order["id"]!.GetValue<Guid>()}'");
        }
    }

    private async Task Load(Guid id, string code, string name) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id, code, body = new { name } } } })).EnsureSuccessStatusCode();

    private static JsonObject WithCode(Guid id, string code)
    {
        var customer = An.Customer(id);
        customer["body"]!["code"] = code;
        return customer;
    }

    private static JsonObject ByCode(string code)
    {
        var order = An.Order();
        order["body"]!["customer"] = new JsonObject { ["code"] = code };
        return order;
    }
}

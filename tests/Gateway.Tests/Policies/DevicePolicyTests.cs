using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Policies;

/// <summary>What devices of a class can do offline: what is advertised is what is done.</summary>
[Collection("office-2")]
public sealed class DevicePolicyTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F079_On_a_register_a_customer_who_stands_is_not_edited_and_the_reason_is_said()
    {
        using var register = await TestDevice.EnrolAsync(gateway.Office, gateway.Gateway.Url, "Ada", "register");
        var (office, own) = (await gateway.CustomerAsync(), Guid.CreateVersion7());
        var captured = An.Customer(own);
        Assert.Equal("accepted", Assert.Single(await register.PushAsync(captured)).Outcome());
        var edited = An.Customer(own, name: "Another name");
        edited["rev"] = 2;

        var verdicts = await register.PushAsync(An.Customer(office), edited);

        Assert.All(verdicts, verdict => Assert.Equal(("refused", "customer.change.needsConnection"), (verdict.Outcome(), verdict.Code())));
        Assert.Contains("with a connection only", verdicts[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("duplicate", Assert.Single(await register.PushAsync(captured)).Outcome());
        Assert.Equal("Ana Müller", await gateway.Scalar<string>($"select name from gateway.customer where customer_id = '{own}'"));
        Assert.Equal("refused", await gateway.Scalar<string>($"select outcome from gateway.capture where record_id = '{own}' and rev = 2"));
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("register")]
    public async Task F079_What_a_class_is_told_it_can_do_offline_is_what_is_taken(string kind)
    {
        using var device = await TestDevice.EnrolAsync(gateway.Office, gateway.Gateway.Url, "Ada", kind);
        var standing = await gateway.CustomerAsync();
        var before = await AgreesAsync();
        await using var setting = await gateway.SetAsync($"{kind}NeedsConnection", new[] { "order.add", "customer.add" });
        var after = await AgreesAsync();

        Assert.Equal(kind == "register" ? "customer.change" : "", before);
        Assert.Equal("customer.add order.add", after);

        // Each operation of the list is done, and the verdict compared with what the list says of it.
        async Task<string> AgreesAsync()
        {
            var answer = JsonDocument.Parse(await (await device.GetAsync("/v1/sync/capabilities")).Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(kind, answer.GetProperty("class").GetString());
            var captures = answer.GetProperty("captures").EnumerateArray().ToDictionary(one => one.GetProperty("operation").GetString()!, one => one.GetProperty("offline").GetBoolean());
            foreach (var (operation, record) in new (string, JsonObject)[]
                { ("customer.add", An.Customer()), ("customer.change", An.Customer(standing)), ("order.add", An.Order(customer: standing)), ("quote.add", An.Quote(customer: standing)) })
                Assert.Equal((operation, !captures[operation]), (operation, Assert.Single(await device.PushAsync(record)).Code() == $"{operation}.needsConnection"));
            // What has happened is always taken.
            Assert.Equal("accepted", Assert.Single(await device.PushAsync(An.Receipt(customer: standing))).Outcome());
            return string.Join(' ', captures.Where(one => !one.Value).Select(one => one.Key).Order());
        }
    }

    [Theory]
    [InlineData("registerNeedsConnection", """["sale.add"]""")]
    [InlineData("registerNeedsConnection", "true")]
    [InlineData("creditLimit", "\"maybe\"")]
    [InlineData("customerCode", "\"C-{yyyy}\"")]
    [InlineData("customerCode", "\"{n}{n}\"")]
    [InlineData("customerCode", "\"{who}-{n}\"")]
    public async Task A_policy_that_cannot_be_is_refused(string name, string value) => Assert.Equal(HttpStatusCode.BadRequest,
        (await gateway.Office.PutAsJsonAsync($"/v1/office/settings/{name}", new { value = JsonSerializer.Deserialize<JsonElement>(value) })).StatusCode);
}

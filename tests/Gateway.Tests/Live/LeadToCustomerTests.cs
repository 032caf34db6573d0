using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Live;

/// <summary>A lead becomes a customer with a connection only, once, under its own id.</summary>
[Collection("gateway-2")]
public sealed class LeadToCustomerTests(GatewayFixture gateway)
{
    private static Guid IdOf(JsonObject record) => record["id"]!.GetValue<Guid>();

    [Fact]
    public async Task F078_A_lead_becomes_a_customer_once_and_orders_that_wait_for_it_go_on()
    {
        using var device = await gateway.EnrolAsync();
        var lead = An.Lead(name: $"Kiosk {Guid.NewGuid():N}");
        var order = An.Order(customer: IdOf(lead));
        var verdicts = await device.PushAsync(lead, order);
        Assert.Equal(["accepted", "waiting"], verdicts.Select(verdict => verdict.GetProperty("outcome").GetString()));

        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => ConvertAsync(device, lead, i == 0 ? key : Guid.NewGuid().ToString(), new { customer = new { paymentTerms = "30 days" } })));
        var again = await ConvertAsync(device, lead, key, new { customer = new { paymentTerms = "30 days" } });

        Assert.All(answers.Append(again), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(IdOf(lead), (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
        var body = JsonSerializer.Deserialize<JsonElement>(await gateway.Scalar<string>($"select body from gateway.customer where customer_id = '{IdOf(lead)}'"));
        Assert.Equal((lead["body"]!["name"]!.GetValue<string>(), "30 days"), (body.GetProperty("name").GetString(), body.GetProperty("paymentTerms").GetString()));
        await Eventually.GetAsync(() => gateway.RecordAsync(IdOf(order)), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
        Assert.Equal("lead", (await gateway.RecordAsync(IdOf(lead))).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task F078_Uploaded_a_conversion_is_refused_and_a_lead_that_is_a_customer_already_names_it()
    {
        using var device = await gateway.EnrolAsync();
        using var grace = await gateway.EnrolAsync("Grace");
        var (lead, customer) = (An.Lead(name: $"Kiosk {Guid.NewGuid():N}"), An.Customer(name: "Was there"));
        lead["body"]!["email"] = customer["body"]!["email"]!.GetValue<string>();
        await device.PushAsync(customer, lead);
        var uploaded = An.Customer();
        uploaded["body"]!["sourceLead"] = IdOf(lead);

        var verdict = Assert.Single(await device.PushAsync(uploaded));

        Assert.Equal(("refused", "customer.needsConnection"), (verdict.GetProperty("outcome").GetString(), verdict.GetProperty("code").GetString()));
        var twice = await ConvertAsync(device, lead, Guid.NewGuid().ToString(), null);
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        Assert.Contains("Was there", (await twice.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ConvertAsync(grace, lead, Guid.NewGuid().ToString(), null)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ConvertAsync(device, lead, Guid.NewGuid().ToString(), new { customer = new { email = "no address" } })).StatusCode);
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.customer where customer_id = '{IdOf(lead)}'"));
    }

    private async Task<HttpResponseMessage> ConvertAsync(TestDevice device, JsonObject lead, string key, object? body)
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/live/leads/{IdOf(lead)}/customer") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
        request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request);
    }
}

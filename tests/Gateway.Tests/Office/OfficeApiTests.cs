using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>The office API in bad hands and good ones.</summary>
[Collection("office")]
public sealed class OfficeApiTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("PUT", "/v1/office/taxes", "not json")]
    [InlineData("PUT", "/v1/office/taxes", "null")]
    [InlineData("PUT", "/v1/office/taxes", """{"taxes":null}""")]
    [InlineData("PUT", "/v1/office/taxes", """{"taxes":[null]}""")]
    [InlineData("PUT", "/v1/office/taxes", """{"taxes":[{"code":"A","rate":"many"}]}""")]
    [InlineData("PUT", "/v1/office/taxes", """{"taxes":[{"code":"A","rate":1e40}]}""")]
    [InlineData("PUT", "/v1/office/taxes", """{"taxes":[{"code":"A","rate":7.1234567}]}""")]
    [InlineData("PUT", "/v1/office/products", """{"products":{}}""")]
    [InlineData("PUT", "/v1/office/products", """{"products":[{"sku":"A","name":"A","price":100000000000000000000}]}""")]
    [InlineData("PUT", "/v1/office/products", """{"products":[{"sku":"A\u0000","name":"A"}]}""")]
    [InlineData("PUT", "/v1/office/customers", """{"customers":[{"id":"x"}]}""")]
    [InlineData("PUT", "/v1/office/customers", """{"customers":[{"id":"0197a000-0000-7000-8000-00000000ff01","body":null}]}""")]
    [InlineData("POST", "/v1/office/enrolment-codes", "{}")]
    [InlineData("POST", "/v1/office/enrolment-codes", """{"rep":{"name":"A\u0000da"},"branch":"MAIN"}""")]
    [InlineData("POST", "/v1/office/enrolment-codes", """{"rep":{"name":"A\ud800da"},"branch":"MAIN"}""")]
    [InlineData("PUT", "/v1/office/connections/x", """{"connector":"zoho","kinds":[null]}""")]
    [InlineData("GET", "/v1/office/orders?limit=many", null)]
    [InlineData("GET", "/v1/office/orders?search=%00", null)]
    [InlineData("GET", "/v1/office/summary?since=yesterday", null)]
    [InlineData("POST", "/v1/devices/enrol", "[]")]
    [InlineData("POST", "/v1/devices/token", """{"deviceId":"x"}""")]
    public async Task Bad_input_is_answered_with_400_a_code_and_what_to_do(string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await gateway.Office.SendAsync(request);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{answer.StatusCode} {text}");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Matches("^[a-z][A-Za-z.]+$", problem.GetProperty("type").GetString());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("GET", "/v1/office/nowhere", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/v1/office/taxes", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/office/records/0197a000-0000-7000-8000-0000000000aa", HttpStatusCode.NotFound)]
    public async Task Every_refusal_of_a_request_has_a_code(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await gateway.Office.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.Matches("^[a-z][A-Za-z.]+$", JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Money_is_shown_without_trailing_zeros()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer, price: 10.25m);
        await device.PushAsync(An.Customer(customer), order);

        var id = order["id"]!.GetValue<Guid>();
        Assert.Equal("11.07", (await gateway.RecordAsync(id)).GetProperty("total").GetRawText());
        var orders = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/orders?limit=1");
        Assert.Equal("11.07", orders.GetProperty("orders")[0].GetProperty("total").GetRawText());
        var summary = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/summary");
        Assert.DoesNotMatch(@"\.[0-9]*0$", summary.GetProperty("orders").GetProperty("total").GetProperty("USD").GetRawText());
    }

    [Fact]
    public async Task Two_lists_of_customers_in_opposite_order_at_once_are_both_taken()
    {
        var ids = Enumerable.Range(0, 500).Select(_ => Guid.NewGuid()).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var both = await Task.WhenAll(PutAsync(ids, $"A{round}"), PutAsync([.. ids.Reverse()], $"B{round}"));
            Assert.All(both, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        }

        Task<HttpResponseMessage> PutAsync(Guid[] order, string name) =>
            gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = order.Select(id => new { id, body = new { name } }) });
    }
}

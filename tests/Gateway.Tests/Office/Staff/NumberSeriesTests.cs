using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Policies;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Staff;

/// <summary>The number series of a branch, as the office shapes them.</summary>
[Collection("office")]
public sealed class NumberSeriesTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F066_Two_series_of_a_branch_are_gap_free_under_sixteen_writers_each_with_the_numbers_the_office_has_shaped()
    {
        var branch = $"B{Guid.NewGuid():N}"[..8].ToUpperInvariant();
        (await gateway.Office.PutAsJsonAsync($"/v1/office/branches/{branch}", new { name = branch })).EnsureSuccessStatusCode();
        var list = await PutAsync(branch, "order", new { prefix = $"{branch}/A", digits = 3 });
        Assert.Contains($"{branch}/A001", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await PutAsync(branch, "quote", new { prefix = $"{branch}/Q", digits = 5 })).EnsureSuccessStatusCode();
        var customer = await gateway.CustomerAsync();
        var answer = await gateway.Office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = "Ada" }, branch });
        using var device = TestDevice.New(gateway.Gateway.Url);
        (await device.EnrolAsync((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!)).EnsureSuccessStatusCode();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => device.PushAsync(An.Order(customer: customer), An.Quote(customer: customer), An.Order(customer: customer, sku: "NO-SUCH"))));

        Assert.Equal(Enumerable.Range(1, 16).Select(n => $"{branch}/A{n:000}"), await NumbersAsync("order"));
        Assert.Equal(Enumerable.Range(1, 16).Select(n => $"{branch}/Q{n:00000}"), await NumbersAsync("quote"));

        // A new shape goes on where the old one was; numbers outgrow their digits.
        await gateway.Execute($"update gateway.series set next = 99999 where prefix = '{branch}/Q'");
        (await PutAsync(branch, "quote", new { prefix = $"{branch}/X" })).EnsureSuccessStatusCode();
        var numbers = (await device.PushAsync(An.Quote(customer: customer), An.Quote(customer: customer))).Select(verdict => verdict.GetProperty("number").GetString()!).Order().ToArray();
        Assert.Equal([$"{branch}/X100000", $"{branch}/X99999"], numbers);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(branch, "order", new { prefix = $"{branch}/X" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(branch, "receipt", new { prefix = $"{branch}/Q" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(branch, "order", new { prefix = "A1" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(branch, "customer", new { prefix = "A" })).StatusCode);

        async Task<string[]> NumbersAsync(string kind) => (await gateway.Scalar<string>(
            $"select string_agg(n.number, ' ' order by n.counter) from gateway.record_number n join gateway.branch b using (branch_id) where b.code = '{branch}' and n.kind = '{kind}'")).Split(' ');
    }

    private Task<HttpResponseMessage> PutAsync(string branch, string kind, object shape) => gateway.Office.PutAsJsonAsync($"/v1/office/branches/{branch}/series/{kind}", shape);
}

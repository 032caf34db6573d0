using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Setup;

/// <summary>Settings of a company and quick keys.</summary>
[Collection("office")]
public sealed class SetupTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("orderHistory", "101", "setting.value")]
    [InlineData("orderHistory", "-1", "setting.value")]
    [InlineData("orderHistory", "1.5", "setting.value")]
    [InlineData("orderHistory", "\"20\"", "setting.value")]
    [InlineData("keepAcknowledged", "13", "setting.value")]
    [InlineData("keepAcknowledged", "401", "setting.value")]
    [InlineData("customersBelongToRep", "1", "setting.value")]
    [InlineData("colour", "1", "setting.unknown")]
    public async Task A_setting_that_is_unknown_or_out_of_range_is_refused(string name, string value, string code)
    {
        var answer = await PutAsync(name, value);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.company_setting where name = '{name}' and value::text = $${value}$$"));
    }

    [Fact]
    public async Task A_setting_is_its_default_until_it_is_set_and_after_it_is_cleared_and_each_change_is_audited_once()
    {
        var before = await gateway.Scalar<long>("select count(*) from gateway.audit where subject = 'keepAcknowledged'");
        var usual = await ValueAsync();
        (await PutAsync("keepAcknowledged", "400")).EnsureSuccessStatusCode();
        (await PutAsync("keepAcknowledged", "400")).EnsureSuccessStatusCode();
        var set = await ValueAsync();
        (await PutAsync("keepAcknowledged", "null")).EnsureSuccessStatusCode();

        Assert.Equal((45, 400, 45), (usual, set, await ValueAsync()));
        Assert.Equal(before + 2, await gateway.Scalar<long>("select count(*) from gateway.audit where subject = 'keepAcknowledged'"));

        async Task<int> ValueAsync() => (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/settings")).GetProperty("settings").EnumerateArray()
            .Single(setting => setting.GetProperty("name").GetString() == "keepAcknowledged").GetProperty("value").GetInt32();
    }

    [Fact]
    public async Task A_captured_customer_belongs_to_nobody_until_the_company_gives_it_to_who_captured_it()
    {
        using var device = await gateway.EnrolAsync("Rep of captured customers");
        var (free, owned) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await device.PushAsync(An.Customer(free));
        (await PutAsync("customersBelongToRep", "true")).EnsureSuccessStatusCode();
        await device.PushAsync(An.Customer(owned));
        (await PutAsync("customersBelongToRep", "null")).EnsureSuccessStatusCode();

        Assert.Equal("0 Rep of captured customers", await gateway.Scalar<string>($"""
            select (select cardinality(reps) from gateway.customer where customer_id = '{free}') || ' ' || (select r.name from gateway.customer c join gateway.rep r on r.rep_id = any(c.reps) where c.customer_id = '{owned}')
            """));
    }

    [Fact]
    public async Task F017_Quick_keys_name_known_products_and_devices_and_change_only_when_they_differ()
    {
        var name = $"Counter {Guid.NewGuid():N}";
        var layout = new { keys = new[] { new { sku = "SKU-1", label = "Cage", page = "Bikes", row = 0, column = 1 } }, scope = new[] { "class:register" } };
        var first = await gateway.Office.PutAsJsonAsync($"/v1/office/quick-keys/{name}", layout);
        var again = await gateway.Office.PutAsJsonAsync($"/v1/office/quick-keys/{name}", layout);
        var unknown = await gateway.Office.PutAsJsonAsync($"/v1/office/quick-keys/{name}", new { keys = new[] { new { sku = "NO-SKU" } } });
        var wrong = await gateway.Office.PutAsJsonAsync($"/v1/office/quick-keys/{name}", new { keys = new[] { new { label = "nothing" } } });
        var listed = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/quick-keys")).GetProperty("layouts").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        var audited = await gateway.Scalar<long>($"select count(*) from gateway.audit where subject = '{name}'");
        var gone = await gateway.Office.DeleteAsync($"/v1/office/quick-keys/{name}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, 1L), (first.StatusCode, again.StatusCode, audited));
        Assert.Equal(("Cage", "class:register"), (listed.GetProperty("keys")[0].GetProperty("label").GetString(), listed.GetProperty("scope")[0].GetString()));
        Assert.Contains("the product NO-SKU", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "quickKeys.layout"), await wrong.CodeAsync());
        Assert.Equal((HttpStatusCode.NoContent, 0L), (gone.StatusCode, await gateway.Scalar<long>($"select count(*) from gateway.quick_key_layout where name = '{name}'")));
    }

    private Task<HttpResponseMessage> PutAsync(string name, string value) =>
        gateway.Office.PutAsync($"/v1/office/settings/{name}", new StringContent($"{{\"value\":{value}}}", System.Text.Encoding.UTF8, "application/json"));
}

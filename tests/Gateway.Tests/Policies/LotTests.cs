using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Policies;

/// <summary>Lots and serial numbers on lines.</summary>
[Collection("office-2")]
public sealed class LotTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F067_A_known_lot_is_kept_an_unknown_one_is_refused_and_accepted_once_the_office_has_added_it()
    {
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync());
        await LoadAsync(new { sku, number = "L-1" }, new { sku, number = "S-1", kind = "serial" });
        var (known, unknown, serial) = (Order(customer, sku, "L-1", "S-1"), Order(customer, sku, "L-2"), Order(customer, sku, "L-1", "S-1", "S-2"));

        var verdicts = await device.PushAsync(known, unknown, serial);

        Assert.Equal(["accepted", "refused", "refused"], verdicts.Select(verdict => verdict.Outcome()));
        Assert.Equal([null, "line.lot.unknown", "line.serial.unknown"], verdicts.Select(verdict => verdict.Code()));
        Assert.Contains("L-2", verdicts[1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("lines[0].lots[0].lot", verdicts[1].GetProperty("field").GetString());
        var stored = JsonNode.Parse(await gateway.Scalar<byte[]>($"select bytes from gateway.capture where record_id = '{known["id"]!.GetValue<Guid>()}'"))!;
        Assert.Equal("L-1", stored["body"]!["lines"]![0]!["lots"]![0]!["lot"]!.GetValue<string>());

        await LoadAsync(new { sku, number = "L-2" });
        Assert.Equal("accepted", Assert.Single(await device.PushAsync(unknown)).Outcome());
        await LoadAsync(new { sku, number = "L-1", removed = true }, new { sku, number = "L-2", removed = true });
        Assert.Equal("line.lot.unknown", Assert.Single(await device.PushAsync(Order(customer, sku, "L-1"))).Code());
    }

    [Fact]
    public async Task F067_Of_an_item_without_any_lot_the_captured_one_is_kept()
    {
        using var device = await gateway.EnrolAsync();
        Assert.Equal("accepted", Assert.Single(await device.PushAsync(Order(await gateway.CustomerAsync(), await gateway.ItemAsync(), "whatever", "one"))).Outcome());
        Assert.Equal("text.tooLong", Assert.Single(await device.PushAsync(Order(await gateway.CustomerAsync(), await gateway.ItemAsync(), "whatever", new string('x', 101)))).Code());
    }

    [Fact]
    public async Task F067_Lots_are_loaded_as_JSON_or_CSV_a_repeat_changes_nothing_and_an_unknown_item_is_named()
    {
        var sku = await gateway.ItemAsync();
        using var csv = new StringContent($"sku,number,kind,expires\n{sku},L-1,lot,2027-01-31\n{sku},S-1,serial,\n", Encoding.UTF8);
        csv.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var loaded = await gateway.Office.PutAsync("/v1/office/lots", csv);
        Assert.True(loaded.IsSuccessStatusCode, await loaded.Content.ReadAsStringAsync());

        Assert.Equal(0, (await LoadAsync(new { sku, number = "L-1", expires = "2027-01-31" })).GetProperty("changed").GetInt32());
        var listed = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/lots?search={sku}")).GetProperty("lots").EnumerateArray().Select(lot => lot.ToString()).ToArray();
        Assert.Equal([$$"""{"sku":"{{sku}}","number":"L-1","kind":"lot","expires":"2027-01-31","removed":false}""", $$"""{"sku":"{{sku}}","number":"S-1","kind":"serial","removed":false}"""], listed);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.PutAsJsonAsync("/v1/office/lots", new { lots = new[] { new { sku = "NO-SUCH", number = "L-1" } } })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.PutAsJsonAsync("/v1/office/lots", new { lots = new[] { new { sku, number = "L-1", kind = "batch" } } })).StatusCode);
    }

    private async Task<JsonElement> LoadAsync(params object[] lots)
    {
        var answer = await gateway.Office.PutAsJsonAsync("/v1/office/lots", new { lots });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static JsonObject Order(Guid customer, string sku, string lot, params string[] serials)
    {
        var order = An.Order(customer: customer, sku: sku);
        var parts = serials is [] ? [new JsonObject { ["lot"] = lot, ["quantity"] = 1 }] : serials.Select(serial => new JsonObject { ["lot"] = lot, ["serial"] = serial, ["quantity"] = 1 });
        order["body"]!["lines"]![0]!["lots"] = new JsonArray([.. parts]);
        return order;
    }
}

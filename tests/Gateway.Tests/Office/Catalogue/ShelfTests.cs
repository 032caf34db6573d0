using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Catalogue;

/// <summary>What the office says of products, customers, reps and devices beyond what an order needs: what devices shall have of them, and which devices.</summary>
[Collection("office")]
public sealed class ShelfTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F011_A_product_keeps_all_that_is_said_of_it_as_JSON_and_as_CSV_and_a_repeat_changes_nothing()
    {
        var (sku, rep) = ($"F11-{Guid.NewGuid():N}", await RepAsync());
        var product = new
        {
            sku, name = "Lamp", description = "Bright.", barcodes = new[] { "4006381333931" }, categories = new[] { "Light", "Desk" }, collections = new[] { "Spring" },
            attributes = new { colour = "red" }, specifications = new { weight = "2 kg" }, scope = new[] { "territory:North", "branch:MAIN", $"rep:{rep}", "class:tablet" },
        };
        var first = await PutAsync("products", new { products = new[] { product } });
        var again = await PutAsync("products", new { products = new[] { product } });
        var csv = await gateway.Office.SendAsync(new(HttpMethod.Get, $"/v1/office/products?search={sku}") { Headers = { { "Accept", "text/csv" } } });
        var back = await gateway.Office.PutAsync("/v1/office/products", new StringContent(await csv.Content.ReadAsStringAsync(), Encoding.UTF8, "text/csv"));
        var shown = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/products?search={sku}")).GetProperty("products")[0];
        var fewer = await PutAsync("products", new { products = new[] { new { sku, name = "Lamp" } } });

        Assert.Equal((1, 0, 1), (first.GetProperty("changed").GetInt32(), again.GetProperty("changed").GetInt32(), fewer.GetProperty("changed").GetInt32()));
        Assert.Equal(0, (await back.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("changed").GetInt32());
        Assert.Equal("""["Light","Desk"] ["Spring"] ["4006381333931"] {"colour":"red"} {"weight":"2 kg"} Bright.""",
            string.Join(' ', new[] { "categories", "collections", "barcodes", "attributes", "specifications" }.Select(name => shown.GetProperty(name).GetRawText())) + " " + shown.GetProperty("description").GetString());
        Assert.Equal(["branch:MAIN", "class:tablet", $"rep:{rep}", "territory:North"], shown.GetProperty("scope").EnumerateArray().Select(key => key.GetString()));
    }

    [Theory]
    [InlineData("branch:NOWHERE", "the branch NOWHERE, which is not known")]
    [InlineData("rep:0197a000-0000-7000-8000-00000000dead", "the rep 0197a000-0000-7000-8000-00000000dead, who is not known")]
    [InlineData("class:fridge", "a class is one of phone, tablet, register")]
    [InlineData("rep:Ada", "after rep: stands the rep's id")]
    [InlineData("colour:red", "write rep:")]
    public async Task A_scope_that_names_nothing_is_refused_by_its_name_and_nothing_is_stored(string key, string why)
    {
        var sku = $"F11-{Guid.NewGuid():N}";

        var json = await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = new object[] { new { sku, name = "Lamp" }, new { sku = sku + "b", name = "Lamp", scope = new[] { key } } } });
        var csv = await gateway.Office.PutAsync("/v1/office/products", new StringContent($"sku,name,scope\n{sku},Lamp,\n{sku}b,Lamp,\"[\"\"{key}\"\"]\"\n", Encoding.UTF8, "text/csv"));

        foreach (var answer in new[] { json, csv })
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.BadRequest, "bulk.row"), (answer.StatusCode, problem.GetProperty("type").GetString()));
            Assert.Contains(why, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.item where sku like '{sku}%'"));
    }

    [Fact]
    public async Task A_customer_is_given_to_reps_and_a_territory_also_when_a_connection_brings_the_rest()
    {
        var (id, rep) = (Guid.CreateVersion7(), await RepAsync());
        var body = new { name = "Acme" };
        await PutAsync("customers", new { customers = new[] { new { id, body, territory = "North", reps = new[] { rep } } } });
        var again = await PutAsync("customers", new { customers = new[] { new { id, body, territory = "North", reps = new[] { rep } } } });
        await gateway.Execute($"update gateway.customer set owner = (select connection_id from gateway.connection limit 1) where customer_id = '{id}'");
        var owned = await PutAsync("customers", new { customers = new[] { new { id, body = new { name = "Other" }, territory = "South" } } });
        var unknown = await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id, body, reps = new[] { Guid.NewGuid() } } } });

        Assert.Equal((0, 1, 1), (again.GetProperty("changed").GetInt32(), owned.GetProperty("changed").GetInt32(), owned.GetProperty("fromConnection").GetInt32()));
        Assert.Equal("Acme South 1", await gateway.Scalar<string>($"select name || ' ' || territory || ' ' || rev from gateway.customer where customer_id = '{id}' and reps = '{{}}'"));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        await gateway.Execute($"update gateway.customer set owner = null where customer_id = '{id}'");
    }

    [Fact]
    public async Task F007_A_reps_role_rights_list_territories_and_branches_are_kept_and_what_is_absent_stays()
    {
        var (id, name) = (Guid.CreateVersion7(), $"Rep {Guid.NewGuid():N}");
        var full = await PutAsync($"reps/{id}", new { name, role = "cashier", rights = new[] { "discount", "void" }, priceList = "Shop", territories = new[] { "North" }, branches = new[] { "MAIN" } });
        var less = await PutAsync($"reps/{id}", new { name, rights = Array.Empty<string>(), priceList = "" });
        var unknown = await gateway.Office.PutAsJsonAsync($"/v1/office/reps/{id}", new { name, branches = new[] { "NOWHERE" } });

        Assert.Equal(["discount", "void"], full.GetProperty("rights").EnumerateArray().Select(right => right.GetString()));
        Assert.Equal("cashier [] North MAIN", $"{less.GetProperty("role")} {less.GetProperty("rights")} {less.GetProperty("territories")[0]} {less.GetProperty("branches")[0]}");
        Assert.False(less.TryGetProperty("priceList", out _));
        Assert.Equal((HttpStatusCode.BadRequest, "rep.branch"), await unknown.CodeAsync());
        Assert.Contains("NOWHERE", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_is_of_the_class_its_code_named_until_the_office_names_another()
    {
        using var device = await TestDevice.EnrolAsync(gateway.Office, gateway.Gateway.Url, "Ada", "register");
        var enrolled = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices/{device.Id}");
        var changed = await PutAsync($"devices/{device.Id}/class", new { @class = "tablet" });
        await PutAsync($"devices/{device.Id}/class", new { @class = "tablet" });
        var wrong = await gateway.Office.PutAsJsonAsync($"/v1/office/devices/{device.Id}/class", new { @class = "fridge" });
        var audited = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/audit?subject={device.Id}")).GetProperty("changes").EnumerateArray().Count(change => change.GetProperty("action").GetString() == "device.class");

        Assert.Equal(("register", "tablet", 1), (enrolled.GetProperty("class").GetString(), changed.GetProperty("class").GetString(), audited));
        Assert.Equal((HttpStatusCode.BadRequest, "device.class"), await wrong.CodeAsync());
    }

    [Theory]
    [InlineData("order", false, true)]
    [InlineData("order", true, false)]
    [InlineData("quote", false, true)]
    public async Task F018_A_product_with_choices_or_one_that_needs_a_connection_is_refused_in_what_was_captured_offline(string kind, bool needsConnection, bool hasModifiers)
    {
        var (sku, customer) = ($"F18-{Guid.NewGuid():N}", Guid.CreateVersion7());
        await PutAsync("products", new { products = new[] { new { sku, name = "Pizza", needsConnection, hasModifiers } } });
        using var device = await gateway.EnrolAsync();
        var record = kind == "order" ? An.Order(customer: customer, sku: sku) : An.Quote(customer: customer, sku: sku);

        var verdict = (await device.PushAsync(An.Customer(customer), record))[1];
        await PutAsync("products", new { products = new[] { new { sku, name = "Pizza" } } });
        var mended = (await device.PushAsync(record))[0];

        Assert.Equal(("refused", "line.product.needsConnection", "lines[0].sku"), (verdict.GetProperty("outcome").GetString(), verdict.GetProperty("code").GetString(), verdict.GetProperty("field").GetString()));
        Assert.Contains($"{sku} can only be ordered with a connection", verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("accepted", mended.GetProperty("outcome").GetString());
    }

    private async Task<Guid> RepAsync()
    {
        var id = Guid.CreateVersion7();
        await PutAsync($"reps/{id}", new { name = $"Rep {id:N}" });
        await PutAsync("branches/MAIN", new { name = "Main" });
        return id;
    }

    private async Task<JsonElement> PutAsync(string path, object body)
    {
        var answer = await gateway.Office.PutAsJsonAsync($"/v1/office/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}

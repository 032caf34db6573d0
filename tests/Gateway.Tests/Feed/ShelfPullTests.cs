using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>What the office says of products, customers, prices and people is in the next pull of those devices that shall have it, once.</summary>
[Collection("feed")]
public sealed partial class ShelfPullTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F007_Reps_of_a_devices_branch_are_there_with_what_a_sale_needs_and_nothing_that_opens_anything()
    {
        var (here, elsewhere) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var device = await ModelDevice.EnrolAsync(gateway);
        await PutAsync("branches/FAR", new { name = "Far" });
        await PutAsync($"reps/{here}", new { name = $"Rep {here}", role = "cashier", rights = new[] { "void" }, priceList = "Shop", branches = new[] { "MAIN" } });
        await PutAsync($"reps/{elsewhere}", new { name = $"Rep {elsewhere}", branches = new[] { "FAR" } });

        await device.SyncAsync();

        var rep = device.Row("reps", here.ToString());
        Assert.Equal("cashier [\"void\"] Shop", $"{rep.GetProperty("role")} {rep.GetProperty("rights").GetRawText()} {rep.GetProperty("priceList")}");
        Assert.DoesNotContain(elsewhere.ToString(), device.Rows("reps").Keys);
        string[] allowed = ["name", "role", "rights", "priceList", "territories", "email"];
        Assert.All(device.Rows("reps").Values, row => Assert.Empty(JsonSerializer.Deserialize<JsonElement>(row).EnumerateObject().Select(field => field.Name).Except(allowed)));
        Assert.All(device.Copy.SelectMany(collection => collection.Value.Values), row => Assert.DoesNotMatch(Secret(), row));
    }

    [Fact]
    public async Task F011_F015_F016_F018_All_parts_of_a_product_arrive_and_its_images_are_named_not_sent()
    {
        var (sku, plain) = ($"F11-{Guid.NewGuid():N}", $"F11-{Guid.NewGuid():N}");
        await PutAsync("products", new { products = new object[]
        {
            new
            {
                sku, name = "Straße Ärmel", description = "Bright.", barcodes = new[] { "4006381333931" }, categories = new[] { "Light", "Desk" }, collections = new[] { "Spring" },
                attributes = new { colour = "red" }, specifications = new { weight = "2 kg" }, price = 12.50, hasModifiers = true,
            },
            new { sku = plain, name = "Plain", needsConnection = false },
        } });
        byte[] bytes = [0xFF, 0xD8, 0xFF, 0xE0, .. Guid.NewGuid().ToByteArray()];
        (await gateway.Office.PutAsync($"/v1/office/products/{sku}/images/1", new ByteArrayContent(bytes))).EnsureSuccessStatusCode();
        using var device = await ModelDevice.EnrolAsync(gateway);

        await device.SyncAsync();

        device.AssertEqual();
        var row = device.Row("products", sku);
        Assert.Equal($"straße armel {sku} 4006381333931", row.GetProperty("search").GetString(), ignoreCase: true);
        Assert.Equal("""["Light","Desk"] ["Spring"] ["4006381333931"] {"colour":"red"} {"weight":"2 kg"} 12.5 false""",
            string.Join(' ', new[] { "categories", "collections", "barcodes", "attributes", "specifications", "price", "offlineOrderable" }.Select(name => row.GetProperty(name).GetRawText())));
        Assert.Equal("Bright.", row.GetProperty("description").GetString());
        Assert.Equal(("[]", true), (device.Row("products", plain).GetProperty("barcodes").GetRawText(), device.Row("products", plain).GetProperty("offlineOrderable").GetBoolean()));
        var image = device.Row("images", $"{sku}/1");
        Assert.Equal((20, "image/jpeg"), (image.GetProperty("bytes").GetInt32(), image.GetProperty("contentType").GetString()));
        Assert.Equal(bytes, await (await device.Device.GetAsync($"/v1/sync/images/{image.GetProperty("sha256").GetString()}")).Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task F012_F017_A_customer_has_code_last_orders_and_purchases_and_other_reps_customers_are_absent()
    {
        var (theirs, others, name) = (Guid.CreateVersion7(), Guid.CreateVersion7(), $"Rep {Guid.NewGuid():N}");
        using var device = await ModelDevice.EnrolAsync(gateway, name);
        using var stranger = await ModelDevice.EnrolAsync(gateway, $"Rep {Guid.NewGuid():N}");
        await PutAsync("customers", new { customers = new object[]
        {
            new { id = theirs, number = $"N-{theirs}", code = $"C-{theirs}", body = new { name = "Theirs", contact = "Ann", billing = new { city = "Bern" } }, reps = new[] { await RepAsync(name) } },
            new { id = others, body = new { name = "Others'" }, territory = "Far away" },
        } });
        // The number of documents of one push.
        await stranger.Device.PushAsync([.. Enumerable.Range(1, 30).Select(i => An.Order(customer: theirs, seq: i, sku: i % 2 == 0 ? "SKU-1" : "SKU-5", price: 3, lines: 0)).Select(Fill)]);

        await device.SyncAsync();
        await stranger.SyncAsync();

        device.AssertEqual();
        var (customer, history) = (device.Row("customers", theirs.ToString()), device.Row("history", theirs.ToString()));
        Assert.Equal(($"C-{theirs}", "Ann", "Bern"), (customer.GetProperty("code").GetString(), customer.GetProperty("contact").GetString(), customer.GetProperty("billing").GetProperty("city").GetString()));
        Assert.Equal(20, history.GetProperty("orders").GetArrayLength());
        Assert.Equal(["SKU-1 15 75", "SKU-5 15 75"], history.GetProperty("purchased").EnumerateArray().Select(one => $"{one.GetProperty("sku")} {one.GetProperty("times")} {one.GetProperty("quantity").GetRawText()}"));
        Assert.DoesNotContain(others.ToString(), device.Rows("customers").Keys);
        Assert.DoesNotContain(theirs.ToString(), stranger.Rows("customers").Keys.Concat(stranger.Rows("history").Keys));

        await PutAsync("settings/orderHistory", new { value = 3 });
        await device.SyncAsync();
        await PutAsync("settings/orderHistory", new { value = (int?)null });
        Assert.Equal((3, 3), (device.Row("history", theirs.ToString()).GetProperty("orders").GetArrayLength(), device.Row("settings", "orderHistory").GetProperty("value").GetInt32()));
        device.AssertEqual();
    }

    [Fact]
    public async Task F072_An_order_of_one_device_is_in_the_customers_history_on_another_after_its_next_pull()
    {
        using var first = await ModelDevice.EnrolAsync(gateway);
        using var second = await ModelDevice.EnrolAsync(gateway, "Grace");
        var (customer, order) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await first.Device.PushAsync(An.Customer(customer));
        await second.SyncAsync();
        var verdict = (await first.Device.PushAsync(An.Order(order, customer)))[0];

        await second.SyncAsync();

        Assert.Equal([customer.ToString()], second.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Where(line => line.GetProperty("c").GetString() == "history").Select(line => line.GetProperty("k").GetString()));
        var shown = second.Row("history", customer.ToString()).GetProperty("orders")[0];
        Assert.Equal((order, verdict.GetProperty("number").GetString()), (shown.GetProperty("id").GetGuid(), shown.GetProperty("number").GetString()));
        second.AssertEqual();
    }

    [Fact]
    public async Task F014_F022_F027_A_change_of_price_or_stock_is_in_the_next_pull_once_with_its_lists_version_and_its_time()
    {
        var (sku, list) = ($"F22-{Guid.NewGuid():N}", $"List {Guid.NewGuid():N}");
        await PutAsync("products", new { products = new[] { new { sku, name = "Priced" } } });
        await PutAsync("price-lists", new { priceLists = new[] { new { name = list } } });
        using var device = await ModelDevice.EnrolAsync(gateway);
        await device.SyncAsync();
        var key = $"{Guid.Empty}/{list}";
        var version = device.Row("priceLists", key).GetProperty("version").GetInt64();

        await PutAsync("prices", new { prices = new[] { new { sku, priceList = list, unitPrice = 9.5 } } });
        await PutAsync("stock", new { stock = new[] { new { sku, available = 3, asOf = "2026-03-03T09:00:00Z" } } });
        await device.SyncAsync();
        var lines = device.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        await PutAsync("prices", new { prices = new[] { new { sku, priceList = list, removed = true } } });
        await device.SyncAsync();

        Assert.Equal(["priceLists", "prices", "stock"], lines.Select(line => line.GetProperty("c").GetString()).Order());
        var (price, stock) = (Row("prices"), Row("stock"));
        Assert.Equal((key, 9.5m, version + 1), (price.GetProperty("priceList").GetString(), price.GetProperty("unitPrice").GetDecimal(), Row("priceLists").GetProperty("version").GetInt64()));
        Assert.Equal((3m, "2026-03-03T09:00:00Z"), (stock.GetProperty("available").GetDecimal(), stock.GetProperty("asOf").GetString()));
        Assert.True(device.Begin.GetProperty("serverTime").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Equal("deleted", device.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Single(line => line.GetProperty("c").GetString() == "prices").GetProperty("gone").GetString());
        device.AssertEqual();

        JsonElement Row(string collection) => lines.Single(line => line.GetProperty("c").GetString() == collection).GetProperty("row");
    }

    [Fact]
    public async Task F017_What_is_for_a_class_of_devices_or_a_branch_comes_and_goes_with_it_and_takes_its_images_along()
    {
        var (sku, layout) = ($"F17-{Guid.NewGuid():N}", $"Layout {Guid.NewGuid():N}");
        using var device = await ModelDevice.EnrolAsync(gateway);
        await PutAsync("products", new { products = new[] { new { sku, name = "For tills", scope = new[] { "class:register" } } } });
        await PutAsync($"quick-keys/{layout}", new { keys = new[] { new { sku } }, scope = new[] { "class:register", "branch:MAIN" } });
        (await gateway.Office.PutAsync($"/v1/office/products/{sku}/images/1", new ByteArrayContent([0xFF, 0xD8, 0xFF, .. Guid.NewGuid().ToByteArray()]))).EnsureSuccessStatusCode();
        await device.SyncAsync();
        var asPhone = (Has("products", sku), Has("images", $"{sku}/1"), Has("quickKeys", layout));

        await PutAsync($"devices/{device.Device.Id}/class", new { @class = "register" });
        await device.SyncAsync();
        device.AssertEqual();
        var asRegister = (Has("products", sku), Has("images", $"{sku}/1"), Has("quickKeys", layout));
        await PutAsync("products", new { products = new[] { new { sku, name = "For tills", scope = new[] { "class:tablet" } } } });
        (await gateway.Office.DeleteAsync($"/v1/office/quick-keys/{layout}")).EnsureSuccessStatusCode();
        await device.SyncAsync();

        Assert.Equal(((false, false, true), (true, true, true)), (asPhone, asRegister));
        Assert.Equal(["images outOfScope", "products outOfScope", "quickKeys deleted"],
            device.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Select(line => $"{line.GetProperty("c")} {line.GetProperty("gone")}").Order());
        device.AssertEqual();

        bool Has(string collection, string key) => device.Rows(collection).ContainsKey(key);
    }

    // Five pieces each.
    private static System.Text.Json.Nodes.JsonObject Fill(System.Text.Json.Nodes.JsonObject order)
    {
        var sku = order["seq"]!.GetValue<long>() % 2 == 0 ? "SKU-1" : "SKU-5";
        order["body"]!["lines"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["sku"] = sku, ["quantity"] = 5, ["unitPrice"] = 3, ["taxRate"] = 8 });
        order["body"]!["totals"] = An.Order(lines: 5, price: 3)["body"]!["totals"]!.DeepClone();
        return order;
    }

    private Task<Guid> RepAsync(string name) => gateway.Scalar<Guid>($"select rep_id from gateway.rep where name = '{name}'");

    private async Task PutAsync(string path, object body)
    {
        var answer = await gateway.Office.PutAsJsonAsync($"/v1/office/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("(?i)\"[a-z]*(password|secret|token|publicKey|stamp|apiKey)[a-z]*\":")]
    private static partial Regex Secret();
}

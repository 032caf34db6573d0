using System.Text.Json;
using OrderSync.Gateway.Feed.Collections;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>Rows come to the devices that may see them, and leave those that may not any more.</summary>
[Collection("feed")]
public sealed class ScopeTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F024_A_customer_who_moves_leaves_one_device_and_appears_on_another_with_prices_and_history()
    {
        using var ada = await ModelDevice.EnrolAsync(gateway, "Ada of scope");
        using var bea = await ModelDevice.EnrolAsync(gateway, "Bea of scope");
        var (customer, number) = (Guid.NewGuid(), $"C-{Guid.NewGuid():N}");
        await gateway.Execute($"""
            insert into gateway.customer (company_id, customer_id, rev, number, name, body, reps) values ('{gateway.CompanyId}', '{customer}', 1, '{number}', 'Moves', '{Body("Moves")}', array[{await RepOf(ada)}]);
            insert into gateway.price (company_id, connection_id, key, sku, customer, from_quantity, unit_price)
            select company_id, connection_id, '{number}', 'SKU-1', '{number}', 0, 9 from gateway.connection where company_id = '{gateway.CompanyId}' and name = 'erp'
            """);
        await ada.Device.PushAsync(Testing.An.Order(customer: customer));
        await ada.SyncAsync();
        await bea.SyncAsync();
        Assert.Contains(customer.ToString(), ada.Rows("customers").Keys);
        Assert.Contains(customer.ToString(), ada.Rows("history").Keys);
        var price = Assert.Single(ada.Rows("prices"), row => row.Value.Contains(number, StringComparison.Ordinal)).Key;
        Assert.DoesNotContain(customer.ToString(), bea.Rows("customers").Keys);

        await gateway.Execute($"update gateway.customer set reps = array[{await RepOf(bea)}] where customer_id = '{customer}'");
        await ada.SyncAsync();
        await bea.SyncAsync();

        Assert.Equal([("customers", customer.ToString()), ("history", customer.ToString()), ("prices", price)], ada.Lines.Select(Gone).Order());
        Assert.Contains(price, bea.Rows("prices").Keys);
        Assert.Contains(customer.ToString(), bea.Rows("history").Keys);
        ada.AssertEqual();
        bea.AssertEqual();

        await gateway.Execute($"update gateway.customer set removed = true where customer_id = '{customer}'");
        await bea.SyncAsync();
        Assert.Contains(bea.Lines, line => line.Contains($"\"k\":\"{customer}\",\"gone\":\"deleted\"", StringComparison.Ordinal));
        bea.AssertEqual();
    }

    [Fact]
    public async Task F024_What_follows_a_row_goes_from_who_had_it_even_if_it_is_deleted_after_the_row_moved()
    {
        using var ada = await ModelDevice.EnrolAsync(gateway, "Ada who was away");
        using var bea = await ModelDevice.EnrolAsync(gateway, "Bea who was there");
        var (mark, image) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToByteArray().Concat(Guid.NewGuid().ToByteArray()).ToArray());
        await gateway.Execute($"""
            insert into gateway.customer (company_id, customer_id, rev, number, name, body, reps) values ('{gateway.CompanyId}', gen_random_uuid(), 1, '{mark}', 'Moves', '{Body("Moves")}', array[{await RepOf(ada)}]);
            insert into gateway.item (company_id, sku, name, scope) values ('{gateway.CompanyId}', '{mark}', 'Moves', array['rep:' || {await RepOf(ada)}]);
            insert into gateway.image (company_id, sha256, content_type, bytes) values ('{gateway.CompanyId}', '\x{Convert.ToHexString(image)}', 'image/png', '\x00');
            insert into gateway.product_image (company_id, sku, place, sha256) values ('{gateway.CompanyId}', '{mark}', 1, '\x{Convert.ToHexString(image)}');
            insert into gateway.price (company_id, connection_id, key, sku, customer, from_quantity, unit_price)
            select company_id, connection_id, '{mark}', 'SKU-1', '{mark}', 0, 9 from gateway.connection where company_id = '{gateway.CompanyId}' and name = 'erp'
            """);
        await ada.SyncAsync();
        Assert.Contains($"{mark}/1", ada.Rows("images").Keys);
        Assert.Contains(ada.Rows("prices").Values, row => row.Contains(mark, StringComparison.Ordinal));

        await gateway.Execute($"""
            update gateway.customer set reps = array[{await RepOf(bea)}] where number = '{mark}';
            update gateway.item set scope = array['rep:' || {await RepOf(bea)}] where sku = '{mark}'
            """);
        await gateway.Execute($"delete from gateway.price where customer = '{mark}'; delete from gateway.product_image where sku = '{mark}'");
        await ada.SyncAsync();

        Assert.DoesNotContain($"{mark}/1", ada.Rows("images").Keys);
        Assert.DoesNotContain(ada.Rows("prices").Values, row => row.Contains(mark, StringComparison.Ordinal));
        ada.AssertEqual();
    }

    [Fact]
    public async Task A_rep_who_joins_a_territory_gets_what_belongs_there_and_loses_it_on_leaving_and_nothing_else_is_sent()
    {
        using var device = await ModelDevice.EnrolAsync(gateway, "Cleo of scope");
        var (customer, sku, territory) = (Guid.NewGuid(), $"T-{Guid.NewGuid():N}", $"north-{Guid.NewGuid():N}");
        await gateway.Execute($"""
            insert into gateway.customer (company_id, customer_id, rev, name, body, territory) values ('{gateway.CompanyId}', '{customer}', 1, 'North', '{Body("North")}', '{territory}');
            insert into gateway.item (company_id, sku, name, scope) values ('{gateway.CompanyId}', '{sku}', 'Only north', '{"{"}territory:{territory}{"}"}')
            """);
        await device.SyncAsync();
        Assert.DoesNotContain(sku, device.Rows("products").Keys);

        await gateway.Execute($"update gateway.rep set territories = array['{territory}'] where rep_id = {await RepOf(device)}");
        await device.SyncAsync();

        Assert.Equal(("changes", "scope"), (device.Begin.GetProperty("mode").GetString(), device.Begin.GetProperty("reason").GetString()));
        Assert.Contains(customer.ToString(), device.Rows("customers").Keys);
        Assert.Contains(sku, device.Rows("products").Keys);
        Assert.InRange(device.Lines.Count, 3, 4);
        device.AssertEqual();

        await gateway.Execute($"update gateway.rep set territories = array[]::text[] where rep_id = {await RepOf(device)}");
        await device.SyncAsync();
        Assert.DoesNotContain(customer.ToString(), device.Rows("customers").Keys);
        Assert.DoesNotContain(sku, device.Rows("products").Keys);
        device.AssertEqual();
    }

    [Fact]
    public async Task What_is_for_registers_of_a_branch_is_on_no_phone()
    {
        using var phone = await ModelDevice.EnrolAsync(gateway);
        using var register = await ModelDevice.EnrolAsync(gateway);
        await gateway.Execute($"update gateway.device set class = 'register' where device_id = '{register.Device.Id}'");
        var name = $"L-{Guid.NewGuid():N}";
        await gateway.Execute($$"""insert into gateway.quick_key_layout (company_id, name, keys, scope) values ('{{gateway.CompanyId}}', '{{name}}', '[{"sku":"SKU-1"}]', '{class:register}')""");

        await phone.SyncAsync();
        await register.SyncAsync();

        Assert.Equal("SKU-1", register.Row("quickKeys", name).GetProperty("keys")[0].GetProperty("sku").GetString());
        Assert.DoesNotContain(name, phone.Rows("quickKeys").Keys);
    }

    [Fact]
    public async Task A_collection_whose_rows_gain_a_field_is_sent_anew_and_nothing_else()
    {
        await using var before = await FeedParts.OpenAsync(gateway, new Taxes(), new Products());
        var (cursor, _, _) = await before.PullAsync(null);
        await using var after = await FeedParts.OpenAsync(gateway, new WiderTaxes(), new Products(), new Settings());
        // The same device, on a server that is newer.
        var pull = (await after.Pulls.BeginAsync(before.Device, cursor, "en", withHashes: false, default))!;
        Assert.Equal(("scope", false), (pull.Reason, pull.From.IsFull));
        var names = new HashSet<string>();
        var next = pull.From;
        while (next.Phase != Gateway.Feed.Phase.Whole)
        {
            var page = await after.Pages.ReadAsync(pull.Reading, next, default);
            foreach (var line in System.Text.Encoding.UTF8.GetString(page.Lines.Bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                names.Add(JsonSerializer.Deserialize<JsonElement>(line).GetProperty("c").GetString()!);
            next = page.Next;
        }

        Assert.Contains("taxes", names);
        Assert.DoesNotContain("products", names);
        Assert.True((await after.Pulls.BeginAsync(before.Device, after.Cursors.Write(next), "en", withHashes: false, default))!.From.Shapes == after.Shapes.Now);
    }

    private static (string, string) Gone(string line)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.Equal("outOfScope", json.GetProperty("gone").GetString());
        return (json.GetProperty("c").GetString()!, json.GetProperty("k").GetString()!);
    }

    private static string Body(string name) => $$"""{"name":"{{name}}"}""";

    private async Task<string> RepOf(ModelDevice device) => $"'{await gateway.Scalar<Guid>($"select rep_id from gateway.device where device_id = '{device.Device.Id}'")}'::uuid";

    private sealed class WiderTaxes : FeedCollection
    {
        public override string Name => "taxes";

        public override int Shape => 2;

        protected override string From => "tax t";

        protected override string Key => "t.code";

        protected override string Columns => "t.code, t.name, t.rate, 'new' as more";

        protected override string Order => "t.code";

        protected override string After => "t.code > $3";

        protected override string Among => "t.code = any($3)";
    }
}

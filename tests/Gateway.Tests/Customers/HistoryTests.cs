using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Customers;

/// <summary>What a customer ordered and bought, as devices are told.</summary>
[Collection("office-2")]
public sealed class HistoryTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F012_A_customers_last_orders_and_what_they_bought_are_theirs_alone_whoever_captured_them()
    {
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var first = await gateway.EnrolAsync();
        using var second = await gateway.EnrolAsync("Grace");
        var orders = Enumerable.Range(1, 6).Select(i => An.Order(customer: one, sku: i <= 4 ? "SKU-1" : "SKU-5", price: i)).ToList();
        foreach (var (i, order) in orders.Index())
            (order["capturedAt"], order["body"]!["reference"]) = ($"2026-03-{i + 1:00}T10:00:00+01:00", $"R-{i + 1}");
        foreach (var order in orders.Skip(4))
        {
            order["body"]!["lines"]![0]!["quantity"] = 5;
            order["body"]!["totals"] = An.Order(lines: 5, price: order["body"]!["lines"]![0]!["unitPrice"]!.GetValue<decimal>())["body"]!["totals"]!.DeepClone();
        }

        await first.PushAsync([An.Customer(one), An.Customer(other), .. orders.Take(3)]);
        await second.PushAsync([.. orders.Skip(3), An.Order(customer: other), An.Order(customer: one, lines: 0)]);

        var (history, bought) = await HistoryAsync(one, 4);

        Assert.Equal(["R-6", "R-5", "R-4", "R-3"], history.EnumerateArray().Select(order => order.GetProperty("reference").GetString()));
        Assert.Equal(("2026-03-06", "32.4", "USD", "accepted"), (history[0].GetProperty("date").GetString(), history[0].GetProperty("total").GetRawText(), history[0].GetProperty("currency").GetString(), history[0].GetProperty("state").GetString()));
        Assert.StartsWith("SO-MAIN-", history[0].GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Equal("""[{"sku":"SKU-5","last":"2026-03-06","times":2,"quantity":10},{"sku":"SKU-1","last":"2026-03-04","times":4,"quantity":4}]""", bought.GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Assert.Equal(0, (await HistoryAsync(one, 0)).Orders.GetArrayLength());
    }

    [Fact]
    public async Task Orders_that_a_destination_has_from_elsewhere_are_among_them_and_ours_stand_there_once_with_its_word()
    {
        var (customer, number) = (Guid.CreateVersion7(), $"H-{Guid.NewGuid():N}");
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = customer, number, body = new { name = "Acme" } } } })).EnsureSuccessStatusCode();
        using var device = await gateway.EnrolAsync();
        var order = An.Order(customer: customer);
        await device.PushAsync(order);
        var connection = await gateway.Scalar<Guid>("select connection_id from gateway.connection where name = 'erp'");
        await gateway.Execute($"""
            insert into gateway.collection_source (company_id, collection, connection_id, is_source, version, since) values ('{gateway.CompanyId}', 'orders', '{connection}', true, 1, now()) on conflict do nothing;
            update gateway.delivery set external_id = '{number}-77' where record_id = '{order["id"]!.GetValue<Guid>()}';
            insert into gateway.erp_document (company_id, connection_id, collection, key, number, status, total, currency, date, customer_key, at)
            select '{gateway.CompanyId}', '{connection}', collection, '{number}-' || key, 'Z-' || key, status, 12.50, 'USD', date::date, '{number}', now()
            from (values ('orders', '77', 'shipped', '2026-03-03'), ('orders', '78', 'open', '2026-05-05'), ('orders', '79', 'deleted', '2026-05-06'), ('invoices', '80', 'paid', '2026-05-07')) v (collection, key, status, date)
            """);

        var (orders, _) = await HistoryAsync(customer, 20);

        Assert.Equal(["Z-78 open 12.5", $"{orders[1].GetProperty("number").GetString()} shipped 10.8"],
            orders.EnumerateArray().Select(one => $"{one.GetProperty("number").GetString()} {one.GetProperty("status").GetString()} {one.GetProperty("total").GetRawText()}"));
        Assert.StartsWith("SO-", orders[1].GetProperty("number").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F012_The_last_orders_are_those_with_the_latest_dates_not_those_that_came_last()
    {
        var customer = Guid.CreateVersion7();
        using var device = await gateway.EnrolAsync();
        var (recent, old) = (An.Order(customer: customer), An.Order(customer: customer));
        (recent["capturedAt"], recent["body"]!["reference"]) = ("2026-03-20T10:00:00Z", "recent");
        (old["capturedAt"], old["body"]!["reference"]) = ("2026-03-01T10:00:00Z", "old");
        await device.PushAsync(An.Customer(customer), recent);
        await device.PushAsync(old);

        var (orders, _) = await HistoryAsync(customer, 1);

        Assert.Equal("recent", Assert.Single(orders.EnumerateArray()).GetProperty("reference").GetString());
    }

    [Fact]
    public async Task A_document_or_an_order_that_moves_to_another_customer_changes_the_histories_of_both()
    {
        var (one, other, mark) = (Guid.CreateVersion7(), Guid.CreateVersion7(), $"M-{Guid.NewGuid():N}"[..12]);
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { one, other }.Select(id => new { id, number = $"{mark}-{id}", body = new { name = "Moves" } }) })).EnsureSuccessStatusCode();
        using var device = await gateway.EnrolAsync();
        var order = An.Order(customer: one);
        await device.PushAsync(order);
        await gateway.Execute($"""
            insert into gateway.erp_document (company_id, connection_id, collection, key, number, status, customer_key, at)
            select company_id, connection_id, 'orders', '{mark}', '{mark}', 'open', '{mark}-{one}', now() from gateway.connection where company_id = '{gateway.CompanyId}' and name = 'erp'
            """);

        Assert.Equal(2, await ToldAsync($"update gateway.erp_document set customer_key = '{mark}-{other}' where key = '{mark}'"));
        Assert.Equal(1, await ToldAsync($"update gateway.record set customer_id = '{other}' where record_id = '{order["id"]!.GetValue<Guid>()}'"));

        async Task<long> ToldAsync(string sql)
        {
            var before = await gateway.Scalar<long>($"select pos from gateway.company_feed where company_id = '{gateway.CompanyId}'");
            await gateway.Execute(sql);
            return await gateway.Scalar<long>($"select count(*) from gateway.feed where company_id = '{gateway.CompanyId}' and pos > {before} and collection = 'history' and key in ('{one}', '{other}')");
        }
    }

    [Fact]
    public async Task How_much_history_devices_have_is_one_row_of_the_feed_however_many_customers_there_are()
    {
        await gateway.Execute($"insert into gateway.customer (company_id, customer_id, rev, name, body) select '{gateway.CompanyId}', gen_random_uuid(), 1, 'Many', '{{}}' from generate_series(1, 30)");
        var before = await gateway.Scalar<long>($"select pos from gateway.company_feed where company_id = '{gateway.CompanyId}'");

        (await gateway.Office.PutAsJsonAsync("/v1/office/settings/orderHistory", new { value = 7 })).EnsureSuccessStatusCode();
        (await gateway.Office.PutAsJsonAsync("/v1/office/settings/orderHistory", new { value = (int?)null })).EnsureSuccessStatusCode();

        var told = await gateway.Scalar<long[]>($"select array[count(*) filter (where collection = 'histories'), count(*) filter (where collection = 'history')] from gateway.feed where company_id = '{gateway.CompanyId}' and pos > {before}");
        Assert.Equal([2L, 0L], told);
    }

    // As the service reads it, under row-level security.
    private async Task<(JsonElement Orders, JsonElement Purchased)> HistoryAsync(Guid customer, int most)
    {
        await using var service = NpgsqlDataSource.Create(gateway.Database.ConnectionStringAs("gateway"));
        await using var connection = await service.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select set_config('app.company', $1, true)") { Parameters = { new() { Value = gateway.CompanyId.ToString() } } },
                new("select orders::text, purchased::text from customer_history($1, $2, $3)") { Parameters = { new() { Value = gateway.CompanyId }, new() { Value = customer }, new() { Value = most } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return (JsonSerializer.Deserialize<JsonElement>(reader.GetString(0)), JsonSerializer.Deserialize<JsonElement>(reader.GetString(1)));
    }
}

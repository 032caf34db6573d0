using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>Whatever the office does, and however bad the line is, each device ends with exactly what it may see.</summary>
[Collection("feed")]
public sealed class CopyTests(GatewayFixture gateway)
{
    private const int Things = 12;
    private static readonly int Rounds = Servers.Full ? 1_000 : 25;
    private static readonly string[] Territories = ["north", "south", "east"];

    [Fact]
    [InCi]
    public async Task F009_F024_A_devices_copy_equals_the_servers_scope_after_random_edits_and_cuts()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var mark = Guid.NewGuid().ToString("N")[..8];
        var devices = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => ModelDevice.EnrolAsync(gateway, $"Rep {i} of {mark}")));
        var reps = await Task.WhenAll(devices.Select(device => gateway.Scalar<Guid>($"select rep_id from gateway.device where device_id = '{device.Device.Id}'")));
        var customers = Enumerable.Range(0, Things).Select(_ => Guid.NewGuid()).ToArray();
        var connection = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where company_id = '{gateway.CompanyId}' and name = 'erp'");
        await gateway.Execute($"insert into gateway.collection_source (company_id, collection, connection_id, is_source, version, since) values ('{gateway.CompanyId}', 'orders', '{connection}', true, 1, now()) on conflict do nothing");
        for (var round = 0; round < Rounds; round++)
        {
            for (var edits = random.Next(1, 8); edits > 0; edits--)
                await gateway.Execute(string.Join(";\n", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Edit())));
            var device = devices[random.Next(devices.Length)];
            var buyer = customers[random.Next(Things)];
            if (random.Next(3) == 0 && await gateway.Scalar<bool>($"select exists (select from gateway.customer where customer_id = '{buyer}' and not removed)"))
                await device.Device.PushAsync(An.Order(customer: buyer, lines: random.Next(1, 4)));
            if (random.Next(3) == 0 && !await device.PullAsync(cutAfter: random.Next(200, 20_000)))
                continue;
            await CheckAsync(device, $"seed {seed}, round {round}");
        }

        foreach (var device in devices)
        {
            await CheckAsync(device, $"seed {seed}, at the end");
            device.Dispose();
        }

        string Edit()
        {
            var (n, company) = (random.Next(Things), gateway.CompanyId);
            var (sku, customer, number) = ($"{mark}-{n}", customers[random.Next(Things)], $"{mark}-C{random.Next(Things)}");
            var rep = reps[random.Next(reps.Length)];
            string scope = random.Next(3) switch { 0 => "{}", 1 => $"{{rep:{rep}}}", _ => $"{{territory:{Territory()},class:register}}" };
            return random.Next(15) switch
            {
                0 or 1 => $"insert into gateway.item (company_id, sku, name, price, scope) values ('{company}', '{sku}', 'Item {random.Next()}', {random.Next(99)}, '{scope}') on conflict (company_id, sku) do update set name = excluded.name, price = excluded.price, scope = excluded.scope, removed = false",
                2 => $"update gateway.item set removed = not removed where company_id = '{company}' and sku = '{sku}'",
                3 or 4 => $$"""
                    insert into gateway.customer (company_id, customer_id, rev, name, body, reps, territory) values ('{{company}}', '{{customer}}', 1, 'C', '{"name":"C {{random.Next()}}"}', {{Reps()}}, {{Maybe(Territory())}})
                    on conflict (company_id, customer_id) do update set body = excluded.body, reps = excluded.reps, territory = excluded.territory, removed = false
                    """,
                5 => $"update gateway.customer c set number = '{number}' where company_id = '{company}' and customer_id = '{customer}' and not exists (select from gateway.customer o where o.company_id = c.company_id and o.number = '{number}')",
                6 => $"update gateway.customer set removed = not removed, number = case when random() < 0.5 then number end where company_id = '{company}' and customer_id = '{customer}'",
                7 or 8 => $"""
                    insert into gateway.price (company_id, connection_id, key, sku, customer, from_quantity, unit_price) values ('{company}', '{connection}', '{sku}', '{sku}', {Maybe(number)}, 0, {random.Next(99)})
                    on conflict (company_id, connection_id, key) do update set customer = excluded.customer, unit_price = excluded.unit_price
                    """,
                9 => $"delete from gateway.price where company_id = '{company}' and key = '{sku}'",
                10 => $"update gateway.rep set territories = array['{Territory()}', '{Territory()}'] where rep_id = '{rep}'",
                11 => $"""
                    insert into gateway.stock (company_id, connection_id, key, sku, location, available, as_of) values ('{company}', '{connection}', '{sku}', '{sku}', 'L', {random.Next(99)}, now())
                    on conflict (company_id, connection_id, key) do update set available = excluded.available, as_of = excluded.as_of
                    """,
                12 => $"""
                    insert into gateway.erp_document (company_id, connection_id, collection, key, number, status, total, date, customer_key, at)
                    values ('{company}', '{connection}', 'orders', '{mark}-{random.Next(2 * Things)}', 'Z-{n}', '{(random.Next(4) == 0 ? "deleted" : "open")}', {random.Next(99)}, '2026-03-0{random.Next(1, 9)}', '{number}', now())
                    on conflict (company_id, connection_id, collection, key) do update set status = excluded.status, total = excluded.total, customer_key = excluded.customer_key
                    """,
                13 => $"update gateway.collection_source set is_source = not is_source where company_id = '{company}' and collection = 'orders' and connection_id = '{connection}'",
                _ => $$"""insert into gateway.company_setting (company_id, name, value) values ('{{company}}', '{{(random.Next(2) == 0 ? "orderHistory" : mark)}}', '{{random.Next(1, 5)}}') on conflict (company_id, name) do update set value = excluded.value""",
            };
        }

        string Territory() => $"{Territories[random.Next(Territories.Length)]}-{mark}";

        string Reps() => random.Next(3) switch { 0 => "'{}'", 1 => $"array['{reps[random.Next(reps.Length)]}'::uuid]", _ => $"array['{reps[0]}', '{reps[1]}']::uuid[]" };

        string Maybe(string text) => random.Next(2) == 0 ? "null" : $"'{text}'";
    }

    private static async Task CheckAsync(ModelDevice device, string when)
    {
        try
        {
            Assert.True(await device.PullAsync(hashes: true));
            device.AssertEqual();
            Assert.True(device.End.GetProperty("collections").TryGetProperty("history", out _), "histories are proved");
        }
        catch (Xunit.Sdk.XunitException different)
        {
            throw new Xunit.Sdk.XunitException($"{when}: {different.Message}");
        }
    }
}

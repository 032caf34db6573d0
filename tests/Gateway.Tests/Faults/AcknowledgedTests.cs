using System.Net.Http.Headers;
using System.Net.Http.Json;
using Npgsql;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Faults;

/// <summary>Devices upload without pause while PostgreSQL and the gateway are killed in turn. Each server is this class's own.</summary>
[InCi]
public sealed class AcknowledgedTests : IAsyncLifetime
{
    private const int Devices = 3;
    private static readonly int Trials = Servers.Full ? 200 : 3;
    private readonly PrivateServer<PostgresServer> postgres = PrivateServer.Postgres();
    private readonly RabbitFixture rabbit = new();
    private readonly HttpClient office = new();
    private ServiceProcess? gateway;
    private NpgsqlDataSource? database;

    private ServiceProcess Gateway => gateway!;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(postgres.StartAsync(), rabbit.InitializeAsync());
        var administrator = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "ordersync" };
        await GatewayFixture.MigrateAsync(administrator.ConnectionString, "First company", GatewayFixture.ApiKey);
        // The server dies under its connections, so none is kept.
        database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(administrator.ConnectionString) { Pooling = false, SearchPath = "gateway" }.ConnectionString);
        gateway = await ServiceProcess.StartAsync("services/Gateway", new Dictionary<string, string>
        {
            ["ConnectionStrings__gateway"] = new NpgsqlConnectionStringBuilder(administrator.ConnectionString) { Username = "gateway", Password = Servers.RolePassword }.ConnectionString,
            ["ConnectionStrings__rabbitmq"] = rabbit.Uri.OriginalString,
            ["Limits__Device__Burst"] = "100000",
            ["Limits__Company__Burst"] = "100000",
            ["Tokens__Key"] = "only-for-tests-only-for-tests-only-for-tests",
            ["Internal__Key"] = "only-for-tests",
        });
        office.BaseAddress = gateway.Url;
        office.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GatewayFixture.ApiKey);
        (await office.PutAsJsonAsync("/v1/office/products", new { products = new object[] { new { sku = "SKU-1", name = "Bottle cage", price = 10.00m } } })).EnsureSuccessStatusCode();
        Assert.Equal(1, await ExecuteAsync("insert into connection (company_id, connection_id, name, connector, kinds) select company_id, gen_random_uuid(), 'erp', 'nobody', '{order}' from company"));
    }

    public async Task DisposeAsync()
    {
        office.Dispose();
        if (gateway is not null)
            await gateway.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
        await postgres.DisposeAsync();
        await rabbit.DisposeAsync();
    }

    [Fact]
    public async Task F036_F037_Every_acknowledged_order_is_there_once_with_its_bytes_and_number_however_often_database_and_gateway_are_killed()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var customer = Guid.CreateVersion7();
        using (var device = await EnrolAsync())
            await device.PushAsync(An.Customer(customer));
        var uploaders = Enumerable.Range(0, Devices).Select(i => new Uploader(EnrolAsync, customer, i)).ToList();
        using var enough = new CancellationTokenSource();
        var running = Task.WhenAll(uploaders.Select(uploader => Task.Run(() => uploader.RunAsync(enough.Token))));

        for (var trial = 0; trial < Trials; trial++)
        {
            await MoreAsync(uploaders, running, random.Next(1, 100));
            if (trial % 2 == 0)
            {
                await postgres.KillAsync();
                await postgres.StartAsync();
            }
            else
            {
                await Gateway.KillAsync();
                await Gateway.StartAsync();
            }
        }

        await MoreAsync(uploaders, running, 100);
        await enough.CancelAsync();
        await running;

        Assert.True(uploaders.Sum(uploader => uploader.InVain) > 0, $"No request met a killed part (seed {seed}).");
        await CheckAsync([.. uploaders.SelectMany(uploader => uploader.Acknowledged)], seed);
    }

    // What stands must be what was acknowledged: every upload was sent until it was, so nothing else may stand either.
    private async Task CheckAsync(List<Acknowledged> acknowledged, int seed)
    {
        var stored = new Dictionary<Guid, (byte[] Bytes, string Number)>();
        await using (var command = database!.CreateCommand("""
            select r.record_id, c.bytes, n.number from record r
            join capture c on c.company_id = r.company_id and c.record_id = r.record_id join record_number n on n.company_id = r.company_id and n.record_id = r.record_id
            where r.kind = 'order' and r.state = 'accepted'
            """))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                stored.Add(reader.GetGuid(0), (reader.GetFieldValue<byte[]>(1), reader.GetString(2)));
        }

        Assert.Equal(acknowledged.Count, acknowledged.Select(one => one.Id).Distinct().Count());
        var lost = acknowledged.Where(one => !stored.ContainsKey(one.Id)).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {acknowledged.Count} acknowledged orders are lost (seed {seed}): {string.Join(", ", lost.Select(one => one.Id))}");
        Assert.All(acknowledged, one => Assert.Equal((Convert.ToHexString(one.Bytes), one.Number), (Convert.ToHexString(stored[one.Id].Bytes), stored[one.Id].Number)));
        Assert.Equal(acknowledged.Count, stored.Count);
        Assert.Equal((1L, (long)stored.Count, (long)stored.Count), await RangeAsync("select min(counter), max(counter), count(*) from record_number"));
        Assert.Equal((1L, 0L, stored.Count + 1L), await RangeAsync("select min(pos), max(pos) - count(*), count(*) filter (where collection = 'verdicts') from feed"));
        Assert.Equal((5L, 5L, (long)stored.Count), await RangeAsync("""
            select min(n), max(n), count(*) from (select r.record_id, count(part.record_id) as n from record r
                left join (select record_id from order_line union all select record_id from delivery union all select record_id from outbox union all select key::uuid from feed where collection = 'verdicts') part
                    on part.record_id = r.record_id
                where r.kind = 'order' group by r.record_id) parts
            """));
    }

    private static async Task MoreAsync(List<Uploader> uploaders, Task running, int orders)
    {
        var wanted = uploaders.Sum(uploader => uploader.Acknowledged.Count) + orders;
        await Eventually.TrueAsync(() => running.IsCompleted || uploaders.Sum(uploader => uploader.Acknowledged.Count) >= wanted, $"{orders} more orders are acknowledged", TimeSpan.FromMinutes(2));
        if (running.IsCompleted)
            await running;
    }

    private Task<TestDevice> EnrolAsync() => TestDevice.EnrolAsync(office, Gateway.Url, "Ada");

    private async Task<(long, long, long)> RangeAsync(string sql)
    {
        await using var command = database!.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private async Task<int> ExecuteAsync(string sql)
    {
        await using var command = database!.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }
}

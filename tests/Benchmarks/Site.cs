using System.Net.Http.Headers;
using System.Net.Http.Json;
using Npgsql;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing;

namespace OrderSync.Benchmarks;

/// <summary>
/// A gateway on a database of its own with companies, items and customers. Where no connector is named its relay is paused and what is stored stays in the
/// outbox; where one is, its connections take no kind: deliveries are made by whoever measures them.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    public const int Companies = 8;
    public const int Items = 100;

    private readonly PrivateServer<PostgresServer> postgres;
    private readonly PrivateServer<RabbitServer> rabbit;
    private readonly string administrator;
    private readonly string? connector;
    private ServiceProcess? gateway;

    private Site(PrivateServer<PostgresServer> postgres, PrivateServer<RabbitServer> rabbit, string database, string? connector)
    {
        (this.postgres, this.rabbit, this.connector) = (postgres, rabbit, connector);
        administrator = In(postgres.ConnectionString, database);
        Administrator = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(administrator)
        {
            SearchPath = "gateway", MaxAutoPrepare = 64, MaxPoolSize = 30, CommandTimeout = 3_600, NoResetOnClose = true,
        }.ConnectionString);
    }

    /// <summary>A superuser: row-level security does not hold for it.</summary>
    public NpgsqlDataSource Administrator { get; }

    public Uri Url => gateway!.Url;

    public int Gateway => gateway!.ProcessId;

    public int Postmaster => postgres.Server.ProcessId;

    public string AdministratorString => administrator;

    public Uri BrokerUri => new(rabbit.ConnectionString);

    public int Broker => rabbit.Server.ProcessId;

    /// <summary>What gateway and connectors share.</summary>
    public const string InternalKey = "only-for-benchmarks";

    /// <summary>The gateway's database, as another service of it.</summary>
    public string ConnectionStringAs(string role) => new NpgsqlConnectionStringBuilder(administrator) { Username = role, Password = Servers.RolePassword }.ConnectionString;

    public CpuReading Cpu() => CpuClock.Read(Gateway, Postmaster);

    /// <summary>Migrates, starts the gateway and gives each company a connection, items and a tax.</summary>
    public static async Task<Site> OpenAsync(PrivateServer<PostgresServer> postgres, PrivateServer<RabbitServer> rabbit, string database, CancellationToken stop, string? connector = null)
    {
        var site = new Site(postgres, rabbit, database, connector);
        try
        {
            for (var company = 0; company < Companies; company++)
                await site.MigrateAsync(company, stop);
            site.gateway = await ServiceProcess.StartAsync("services/Gateway", site.Environment());
            for (var company = 0; company < Companies; company++)
                await site.FurnishAsync(company, stop);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Somebody of the office of a company.</summary>
    public HttpClient Office(int company)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(company));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Administrator.DisposeAsync();
        if (gateway is not null)
            await gateway.DisposeAsync();
    }

    private async Task MigrateAsync(int company, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var environment = Environment();
        environment["ConnectionStrings__ordersync"] = administrator;
        environment["Bootstrap__Company"] = $"Company {company}";
        environment["Bootstrap__ApiKey"] = KeyOf(company);
        var (code, output) = await ServiceProcess.RunAsync("services/Gateway", environment, "migrate");
        if (code != 0)
            throw new InvalidOperationException($"The gateway's schema could not be made.{System.Environment.NewLine}{output}");
    }

    private async Task FurnishAsync(int company, CancellationToken stop)
    {
        using var office = Office(company);
        (await office.PutAsJsonAsync("/v1/office/taxes", new { taxes = new[] { new { code = "T8", name = "Tax 8 %", rate = 8 } } }, stop)).EnsureSuccessStatusCode();
        var products = Enumerable.Range(0, Items).Select(i => new { sku = Sku(i), name = $"Item {i}", price = 10.00m, minimumQuantity = 1, quantityStep = 1 });
        (await office.PutAsJsonAsync("/v1/office/products", new { products }, stop)).EnsureSuccessStatusCode();
        await using var command = Administrator.CreateCommand(
            "insert into connection (company_id, connection_id, name, connector, kinds) select company_id, $2, 'erp', $3, $4 from api_key where hash = sha256($1)");
        command.Parameters.Add(new() { Value = System.Text.Encoding.UTF8.GetBytes(KeyOf(company)) });
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        command.Parameters.Add(new() { Value = connector ?? "nobody" });
        command.Parameters.Add(new() { Value = connector is null ? new[] { "order" } : [] });
        if (await command.ExecuteNonQueryAsync(stop) != 1)
            throw new InvalidOperationException($"Company {company} is not there.");
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["ConnectionStrings__gateway"] = ConnectionStringAs("gateway"),
        ["ConnectionStrings__rabbitmq"] = rabbit.ConnectionString,
        ["Tokens__Key"] = "only-for-benchmarks-only-for-benchmarks",
        ["Internal__Key"] = InternalKey,
        ["Relay__Paused"] = connector is null ? "true" : "false",
        ["Limits__Device__Burst"] = "1000000",
        ["Limits__Device__PerSecond"] = "10000",
        ["Limits__Company__Burst"] = "1000000",
        ["Limits__Company__PerSecond"] = "10000",
    };

    public static string Sku(int item) => $"SKU-{item:0000}";

    private static string KeyOf(int company) => $"os_only-for-benchmarks-company-{company:0000}";

    private static string In(string server, string database) => new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;
}

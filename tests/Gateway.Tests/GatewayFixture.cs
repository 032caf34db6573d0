using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests;

/// <summary>A gateway process on a database and a virtual host of its own, with one company, an item, a tax and a connection that nobody serves.</summary>
public class GatewayFixture : IAsyncLifetime
{
    public const string ApiKey = "os_test-key-of-the-first-company-0001";
    private readonly GatewayDatabase database = new();
    private readonly RabbitFixture rabbit = new();
    private ServiceProcess? gateway;
    private Uri? broker;

    public PostgresFixture Database => database;

    public RabbitFixture Rabbit => rabbit;

    public ServiceProcess Gateway => gateway!;

    public HttpClient Office { get; private set; } = new();

    public Guid CompanyId { get; private set; }

    public virtual Dictionary<string, string> Environment => new()
    {
        ["ConnectionStrings__gateway"] = database.ConnectionStringAs("gateway"),
        ["ConnectionStrings__rabbitmq"] = broker!.OriginalString,
        ["Tokens__Key"] = "only-for-tests-only-for-tests-only-for-tests",
        ["Internal__Key"] = "only-for-tests",
        // All test classes share it; tests of limits have gateways of their own.
        ["Limits__Device__Burst"] = "100000",
        ["Limits__Company__Burst"] = "100000",
        ["Limits__AddressFailures"] = "100000",
        ["Limits__CodeFailures"] = "100000",
    };

    public virtual async Task InitializeAsync()
    {
        await database.InitializeAsync();
        await rabbit.InitializeAsync();
        broker = await rabbit.UserAsync("gateway");
        gateway = await ServiceProcess.StartAsync("services/Gateway", Environment);
        Office = OfficeOf(ApiKey);
        (await Office.PutAsJsonAsync("/v1/office/taxes", new { taxes = new[] { new { code = "T8", name = "Tax 8 %", rate = 8 } } })).EnsureSuccessStatusCode();
        (await Office.PutAsJsonAsync("/v1/office/products", new { products = new object[]
        {
            new { sku = "SKU-1", name = "Bottle cage", price = 10.00m },
            new { sku = "SKU-12", name = "Box of a dozen", price = 10.00m, minimumQuantity = 12, quantityStep = 12 },
            new { sku = "SKU-5", name = "Cable by the metre", price = 10.00m, minimumQuantity = 5 },
        } })).EnsureSuccessStatusCode();
        CompanyId = (await Scalar<Guid>("select company_id from gateway.company"))!;
        await Execute($"insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{CompanyId}', gen_random_uuid(), 'erp', 'nobody', '{{order,customer}}')");
    }

    public HttpClient OfficeOf(string key)
    {
        var client = new HttpClient { BaseAddress = Gateway.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public Task<TestDevice> EnrolAsync(string rep = "Ada") => TestDevice.EnrolAsync(Office, Gateway.Url, rep);

    public async Task<JsonElement> RecordAsync(Guid id) => await Office.GetFromJsonAsync<JsonElement>($"/v1/office/records/{id}");

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = database.Administrator.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Execute(string sql)
    {
        await using var command = database.Administrator.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public virtual async Task DisposeAsync()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        await rabbit.DisposeAsync();
        await database.DisposeAsync();
    }

    private sealed class GatewayDatabase : PostgresFixture
    {
        protected override Task MigrateAsync(string administratorConnectionString) => GatewayFixture.MigrateAsync(administratorConnectionString, "First company", ApiKey);
    }

    public static async Task MigrateAsync(string administratorConnectionString, string company, string apiKey, string? firstSignIn = null)
    {
        var service = new Npgsql.NpgsqlConnectionStringBuilder(administratorConnectionString) { Username = "gateway", Password = Servers.RolePassword };
        var (code, output) = await ServiceProcess.RunAsync("services/Gateway", new Dictionary<string, string>
        {
            ["ConnectionStrings__ordersync"] = administratorConnectionString,
            ["ConnectionStrings__gateway"] = service.ConnectionString,
            ["Bootstrap__Company"] = company,
            ["Bootstrap__ApiKey"] = apiKey,
            ["Bootstrap__FirstSignIn"] = firstSignIn ?? "",
        }, "migrate");
        Assert.True(code == 0, output);
    }
}

/// <summary>Test classes of what devices ask that share one gateway; those that kill it or its servers have their own.</summary>
[CollectionDefinition("gateway")]
public sealed class SharedGateway : ICollectionFixture<GatewayFixture>;

/// <summary>The other half of them, side by side with the first.</summary>
[CollectionDefinition("gateway-2")]
public sealed class SecondGateway : ICollectionFixture<GatewayFixture>;

/// <summary>Test classes of what the office asks, and of the kinds of records, that share another.</summary>
[CollectionDefinition("office")]
public sealed class SharedOffice : ICollectionFixture<GatewayFixture>;

/// <summary>The other half of them, side by side with the first.</summary>
[CollectionDefinition("office-2")]
public sealed class SecondOffice : ICollectionFixture<GatewayFixture>;

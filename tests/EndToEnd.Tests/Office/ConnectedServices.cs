using System.Net.Http.Headers;
using OrderSync.Testing;
using OrderSync.Testing.Run;

namespace OrderSync.EndToEnd.Tests.Office;

/// <summary>Those who share them.</summary>
[CollectionDefinition("connected services")]
public sealed class SharedConnectedServices : ICollectionFixture<ConnectedServices>;

/// <summary>Gateway and Zoho connector as processes of their own on the shared servers, each as its own user everywhere.</summary>
public sealed class ConnectedServices : IAsyncLifetime
{
    private const string Key = "only-for-tests-only-for-tests-only-for-tests";
    private const string ApiKey = "os_test-key-of-connected-services-0001";
    private readonly Database database = new();
    private readonly int quickBooksPort = TestPorts.Take(1)[0];
    private ServiceProcess? quickBooks;

    public RabbitFixture Rabbit { get; } = new();

    public ServiceProcess Zoho { get; private set; } = null!;

    public ServiceProcess Gateway { get; private set; } = null!;

    /// <summary>The owner's calls.</summary>
    public HttpClient Office { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(database.InitializeAsync(), Rabbit.InitializeAsync());
        Zoho = await ConnectorAsync("connectors/Zoho", "zoho");
        Gateway = await ServiceProcess.StartAsync("services/Gateway", new Dictionary<string, string>
        {
            ["ConnectionStrings__gateway"] = database.ConnectionStringAs("gateway"),
            ["ConnectionStrings__rabbitmq"] = (await Rabbit.UserAsync("gateway")).OriginalString,
            ["Internal__Key"] = Key,
            ["Tokens__Key"] = Key,
            ["services__zoho__http__0"] = Zoho.Url.OriginalString,
            ["services__quickbooks__http__0"] = $"http://127.0.0.1:{quickBooksPort}",
        });
        Office = OfficeOf(ApiKey);
    }

    /// <summary>The connector of a second ERP is up, from the first call on: most need one only.</summary>
    public async Task WithQuickBooksAsync()
    {
        if (quickBooks is not null)
            return;
        await Database.MigrateAsync("connectors/QuickBooks", "quickbooks", database.ConnectionString);
        quickBooks = await ConnectorAsync("connectors/QuickBooks", "quickbooks", quickBooksPort);
    }

    /// <summary>Another company, whose collections no other test pulls; its owner's calls.</summary>
    public async Task<HttpClient> CompanyAsync(string name)
    {
        var key = $"os_test-{Guid.NewGuid():N}";
        await Database.MigrateAsync("services/Gateway", "gateway", database.ConnectionString, name, key);
        return OfficeOf(key);
    }

    public HttpClient OfficeOf(string key)
    {
        var client = new HttpClient { BaseAddress = Gateway.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async Task DisposeAsync()
    {
        Office?.Dispose();
        foreach (var service in new[] { Gateway, Zoho, quickBooks }.OfType<ServiceProcess>())
            await service.DisposeAsync();
        await Rabbit.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<ServiceProcess> ConnectorAsync(string project, string name, int? port = null) => await ServiceProcess.StartAsync(project, new Dictionary<string, string>
    {
        [$"ConnectionStrings__{name}"] = database.ConnectionStringAs(name),
        ["ConnectionStrings__rabbitmq"] = (await Rabbit.UserAsync(name)).OriginalString,
        ["Internal__Key"] = Key,
        ["Secrets__Key"] = $"test:{Key}",
    }, port: port);

    private sealed class Database : PostgresFixture
    {
        protected override async Task MigrateAsync(string administratorConnectionString)
        {
            await Task.WhenAll(MigrateAsync("services/Gateway", "gateway", administratorConnectionString), MigrateAsync("connectors/Zoho", "zoho", administratorConnectionString));
        }

        public static async Task MigrateAsync(string project, string name, string administrator, string company = "Connected company", string key = ApiKey)
        {
            var (code, output) = await ServiceProcess.RunAsync(project, new Dictionary<string, string>
            {
                ["ConnectionStrings__ordersync"] = administrator,
                [$"ConnectionStrings__{name}"] = new Npgsql.NpgsqlConnectionStringBuilder(administrator) { Username = name, Password = Servers.RolePassword }.ConnectionString,
                ["Bootstrap__Company"] = company,
                ["Bootstrap__ApiKey"] = key,
            }, "migrate");
            Assert.True(code == 0, output);
        }
    }
}

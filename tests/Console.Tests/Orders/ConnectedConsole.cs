using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OrderSync.EndToEnd.Tests;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.Orders;

/// <summary>The classes that share it.</summary>
[CollectionDefinition("connected console")]
public sealed class SharedConnectedConsole : ICollectionFixture<ConnectedConsole>;

/// <summary>The console with all that stands behind a record: gateway, Zoho connector and its stand-in, mail connector and mail server.</summary>
public sealed class ConnectedConsole : IAsyncLifetime
{
    private const string Key = "only-for-tests-only-for-tests-only-for-tests";
    private const string ApiKey = "os_test-key-of-the-connected-console-1";
    private const string Organisation = "82000001";
    private readonly Schemas database = new();
    private readonly RabbitFixture rabbit = new();
    private readonly List<ServiceProcess> services = [];
    private ServiceProcess? gateway;
    private Browser? browser;

    /// <summary>The owner's calls.</summary>
    public HttpClient Office { get; } = new();

    /// <summary>The stand-in's control API of the company's organisation.</summary>
    public HttpClient Zoho { get; } = new();

    public Uri Console { get; private set; } = null!;

    public Guid Customer { get; } = Guid.CreateVersion7();

    public async Task InitializeAsync()
    {
        await Task.WhenAll(database.InitializeAsync(), rabbit.InitializeAsync());
        var mail = await Servers.MailAsync();
        var started = await Task.WhenAll(
            ServiceAsync("connectors/Zoho", "zoho", []), ServiceAsync("connectors/Email", "email", new() { ["Smtp__Server"] = mail.Smtp.OriginalString }), WholeSystem.StartSandboxAsync());
        gateway = await ServiceAsync("services/Gateway", "gateway", new()
        {
            ["Tokens__Key"] = Key, ["services__zoho__http__0"] = started[0].Url.OriginalString, ["services__email__http__0"] = started[1].Url.OriginalString,
        });
        var console = await ConsoleProcess.StartAsync(gateway.Url);
        services.AddRange([console, gateway, .. started]);
        Console = console.Url;
        browser = await Browser.OpenAsync(Console);
        (Office.BaseAddress, Office.DefaultRequestHeaders.Authorization) = (gateway.Url, new AuthenticationHeaderValue("Bearer", ApiKey));
        Zoho.BaseAddress = new Uri(started[2].Url, $"_control/zoho/orgs/{Organisation}/");
        await ConnectAsync(new Uri(started[2].Url, "zoho"));
        using var device = await EnrolAsync();
        await device.PushAsync(An.Customer(Customer, "Ferretería Ñandú", "ana@nandu.example"));
    }

    public async Task<IPage> OpenAsync(string role = "owner", Look? look = null)
    {
        var answer = await Office.PostAsJsonAsync("/v1/office/api-keys", new { name = $"Olga ({role})", role });
        return await browser!.PageAsync((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString(), look);
    }

    public Task PictureAsync(IPage page, string name) => browser!.PictureAsync(page, name);

    public Task<TestDevice> EnrolAsync(string rep = "Ada") => TestDevice.EnrolAsync(Office, gateway!.Url, rep);

    /// <summary>Three lines of 3.35 at 8 %: 0.80 tax on the document, 0.81 line by line as this organisation does it.</summary>
    public JsonObject OrderThatDiffers() => An.Order(customer: Customer, lines: 3, price: 3.35m);

    /// <summary>A record once it stands so at a destination.</summary>
    public Task<JsonElement> RecordAsync(Guid id, string connection, string state) => Eventually.GetAsync(
        () => Office.GetFromJsonAsync<JsonElement>($"/v1/office/records/{id}"),
        record => record.GetProperty("deliveries").EnumerateArray().Any(one => one.GetProperty("connection").GetString() == connection && one.GetProperty("state").GetString() == state),
        $"the record to be {state} at {connection}");

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        Office.Dispose();
        Zoho.Dispose();
        foreach (var service in services)
            await service.DisposeAsync();
        await rabbit.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task ConnectAsync(Uri accounts)
    {
        var answer = await Zoho.PutAsJsonAsync($"../{Organisation}", new
        {
            currency_code = "USD", tax_level = "line", taxes = new[] { new { tax_name = "T8", tax_percentage = 8m } },
            items = new[] { new { sku = "SKU-1", name = "Bottle cage", rate = 10m }, new { sku = "SKU-2", name = "Bell", rate = 4m } },
        });
        answer.EnsureSuccessStatusCode();
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        await PutAsync("taxes", new { taxes = new[] { new { code = "T8", name = "Tax 8 %", rate = 8 } } });
        await PutAsync("products", new { products = new object[] { new { sku = "SKU-1", name = "Bottle cage", price = 10m }, new { sku = "SKU-2", name = "Bell", price = 4m }, new { sku = "SKU-12", name = "Box of a dozen", price = 10m, minimumQuantity = 12, quantityStep = 12 } } });
        await PutAsync("connections/zoho", new
        {
            connector = "zoho", kinds = new[] { "order", "customer", "receipt" },
            settings = new
            {
                accountsUrl = accounts.ToString(), organizationId = Organisation, clientId = Text("client_id"), clientSecret = Text("client_secret"), refreshToken = Text("refresh_token"),
                taxLevel = "line", onDifference = "accept", callsPerMinute = 100_000, callsPerDay = 1_000_000, pullMinutes = 0,
            },
        });
        await PutAsync("connections/mail", new { connector = "email", kinds = new[] { "order" }, settings = new { from = "orders@console.example", fromName = "Console company" } });

        string? Text(string name) => made.GetProperty(name).GetString();
    }

    private async Task PutAsync(string path, object body)
    {
        using var answer = await Office.PutAsJsonAsync($"/v1/office/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<ServiceProcess> ServiceAsync(string project, string name, Dictionary<string, string> more) => await ServiceProcess.StartAsync(project, new Dictionary<string, string>(more)
    {
        [$"ConnectionStrings__{name}"] = database.ConnectionStringAs(name),
        ["ConnectionStrings__rabbitmq"] = (await rabbit.UserAsync(name)).OriginalString,
        ["Internal__Key"] = Key,
        ["Secrets__Key"] = $"test:{Key}",
    });

    private sealed class Schemas : PostgresFixture
    {
        protected override Task MigrateAsync(string administratorConnectionString) => Task.WhenAll(
            MigrateAsync("services/Gateway", "gateway", administratorConnectionString), MigrateAsync("connectors/Zoho", "zoho", administratorConnectionString),
            MigrateAsync("connectors/Email", "email", administratorConnectionString));

        private static async Task MigrateAsync(string project, string name, string administrator)
        {
            var (code, output) = await ServiceProcess.RunAsync(project, new Dictionary<string, string>
            {
                ["ConnectionStrings__ordersync"] = administrator,
                [$"ConnectionStrings__{name}"] = new Npgsql.NpgsqlConnectionStringBuilder(administrator) { Username = name, Password = Servers.RolePassword }.ConnectionString,
                ["Bootstrap__Company"] = "Console company",
                ["Bootstrap__ApiKey"] = ApiKey,
            }, "migrate");
            Assert.True(code == 0, output);
        }
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.EndToEnd.Tests;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;
using OrderSync.Testing.Run;

namespace OrderSync.Console.Tests.Connections;

/// <summary>Console and gateway with the real Zoho connector, and a sandbox that is Zoho to it.</summary>
public sealed class ConnectedConsole : ConsoleFixture
{
    private readonly int[] ports = TestPorts.Take(2);
    private ServiceProcess? zoho;

    public ServiceProcess Sandbox { get; private set; } = null!;

    public override Dictionary<string, string> Environment => new(base.Environment)
    {
        ["services__zoho__http__0"] = $"http://127.0.0.1:{ports[0]}",
        ["Console__Address"] = $"http://127.0.0.1:{ports[1]}",
    };

    protected override int? ConsolePort => ports[1];

    public override async Task InitializeAsync()
    {
        var sandbox = WholeSystem.StartSandboxAsync();
        await base.InitializeAsync();
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__zoho"] = Database.ConnectionStringAs("zoho"),
            ["ConnectionStrings__rabbitmq"] = (await Rabbit.UserAsync("zoho")).OriginalString,
            ["Internal__Key"] = "only-for-tests",
            ["Secrets__Key"] = "test:only-for-tests-only-for-tests-only-for-tests",
        };
        var (code, output) = await ServiceProcess.RunAsync("connectors/Zoho", new Dictionary<string, string>(environment) { ["ConnectionStrings__ordersync"] = Database.ConnectionString }, "migrate");
        Assert.True(code == 0, output);
        zoho = await ServiceProcess.StartAsync("connectors/Zoho", environment, port: ports[0]);
        Sandbox = await sandbox;
    }

    /// <summary>An organisation of the sandbox with its application's credentials.</summary>
    public async Task<(string Id, string ClientId, string ClientSecret, string RefreshToken)> OrganisationAsync(string id, object body)
    {
        using var http = new HttpClient { BaseAddress = Sandbox.Url };
        var answer = await http.PutAsJsonAsync($"_control/zoho/orgs/{id}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (id, Text("client_id"), Text("client_secret"), Text("refresh_token"));

        string Text(string name) => made.GetProperty(name).GetString()!;
    }

    /// <summary>What people do in the sandbox itself, such as DELETE items/SKU-1.</summary>
    public async Task InSandboxAsync(string organisation, HttpMethod method, string path)
    {
        using var http = new HttpClient { BaseAddress = Sandbox.Url };
        using var request = new HttpRequestMessage(method, $"_control/zoho/orgs/{organisation}/{path}");
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the sandbox holds, past all our own parts.</summary>
    public async Task<JsonElement> InSandboxAsync(string organisation, string rows)
    {
        using var http = new HttpClient { BaseAddress = Sandbox.Url };
        return await http.GetFromJsonAsync<JsonElement>($"_control/zoho/orgs/{organisation}/{rows}");
    }

    /// <summary>A connection to an organisation, with a refresh token that was entered.</summary>
    public async Task ConnectAsync(string name, (string Id, string ClientId, string ClientSecret, string RefreshToken) organisation, string[]? kinds = null, int pullMinutes = 0, HttpClient? office = null)
    {
        var answer = await (office ?? Office).PutAsJsonAsync($"/v1/office/connections/{name}", new
        {
            connector = "zoho",
            kinds = kinds ?? ["order", "customer"],
            settings = new
            {
                organizationId = organisation.Id, organisation.ClientId, organisation.ClientSecret, organisation.RefreshToken, accountsUrl = $"{Sandbox.Url}zoho", apiUrl = $"{Sandbox.Url}zoho", pullMinutes,
            },
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A company of its own, with its first key.</summary>
    public async Task<string> CompanyAsync(string name)
    {
        var key = $"os_test-key-of-another-company-{Guid.NewGuid():N}";
        await MigrateAsync(Database.ConnectionString, name, key);
        return key;
    }

    public override async Task DisposeAsync()
    {
        foreach (var service in new[] { zoho, Sandbox }.OfType<ServiceProcess>())
            await service.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Test classes that share it.</summary>
[CollectionDefinition("connections of the console")]
public sealed class SharedConnectedConsole : ICollectionFixture<ConnectedConsole>;

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests;

/// <summary>Every part as a process of its own, on servers of its own, so that a test may kill any of them.</summary>
public sealed class WholeSystem : IAsyncDisposable
{
    public const string ApiKey = "os_test-key-of-the-whole-system-0001";
    private const string Password = "only-for-tests";
    private readonly Dictionary<string, string> telemetry;

    private WholeSystem(Dictionary<string, string> telemetry) => this.telemetry = telemetry;

    /// <summary>Where the simulator keeps its devices, and finds what runs.</summary>
    public string Memory { get; } = OrderSync.Testing.Run.TestFolder.Create("replay");

    public PrivateServer<PostgresServer> Postgres { get; } = PrivateServer.Postgres();

    public PrivateServer<RabbitServer> Rabbit { get; } = PrivateServer.Rabbit(management: true);

    /// <summary>The services' database, as an administrator.</summary>
    public string Administrator => new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Database = "ordersync" }.ConnectionString;

    public ServiceProcess Sandbox { get; private set; } = null!;

    public ServiceProcess Gateway { get; private set; } = null!;

    public ServiceProcess Zoho { get; private set; } = null!;

    public ServiceProcess Email { get; private set; } = null!;

    /// <summary>Connectors that only some tests want, by name.</summary>
    public Dictionary<string, ServiceProcess> More { get; } = [];

    public HttpClient Office { get; } = new();

    /// <param name="telemetry">Receives traces.</param>
    /// <param name="apiKey">Key of the company's office.</param>
    /// <param name="more">Folders of further connectors, such as Tryton.</param>
    public static async Task<WholeSystem> StartAsync(OtlpReceiver? telemetry = null, string apiKey = ApiKey, params string[] more)
    {
        var system = new WholeSystem(telemetry is null ? [] : new(telemetry.Environment));
        var mail = Servers.MailAsync();
        await Task.WhenAll(system.Postgres.StartAsync(), system.Rabbit.StartAsync());
        var company = system.AddCompanyAsync("Demo Company", apiKey);
        await Task.WhenAll(company, Start(async () => system.Sandbox = await StartSandboxAsync()), Start(async () => system.Zoho = await system.ServiceAsync("connectors/Zoho", "zoho", [])),
            Start(async () => system.Email = await system.ServiceAsync("connectors/Email", "email", new() { ["Smtp__Server"] = (await mail).Smtp.OriginalString })));
        foreach (var folder in more)
            system.More[folder.ToLowerInvariant()] = await system.ServiceAsync($"connectors/{folder}", folder.ToLowerInvariant(), []);
        system.Gateway = await ServiceProcess.StartAsync("services/Gateway", system.EnvironmentOf("gateway", new(system.More.Select(one => KeyValuePair.Create($"services__{one.Key}__http__0", one.Value.Url.OriginalString)))
        {
            ["services__zoho__http__0"] = system.Zoho.Url.OriginalString,
            ["services__email__http__0"] = system.Email.Url.OriginalString,
            ["Tokens__Key"] = "only-for-tests-only-for-tests-only-for-tests",
        }));
        system.Office.BaseAddress = system.Gateway.Url;
        system.Office.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return system;

        static Task Start(Func<Task> part) => part();
    }

    /// <summary>Adds a company with an ERP of its own.</summary>
    public async Task<WholeCompany> CompanyAsync(string name)
    {
        var key = $"os_test-{Guid.NewGuid():N}";
        await AddCompanyAsync(name, key);
        return new WholeCompany(this, key, await StartSandboxAsync());
    }

    /// <summary>Replays a file as the devices of one company, into the ERP of one sandbox.</summary>
    public Task<(int ExitCode, string Output)> ReplayAsync(string file, string apiKey, ServiceProcess sandbox, int minutes, params string[] more) =>
        ServiceProcess.RunAsync("clients/Simulator", new Dictionary<string, string> { ["ORDERSYNC_FOLDER"] = Memory },
        [
            "replay", file, "--gateway", Gateway.Url.OriginalString, "--api-key", apiKey, "--sandbox", sandbox.Url.OriginalString, "--ambiguity", "2", "--wait", $"{minutes}", .. more,
        ]);

    /// <summary>Runs another verb of the simulator, as the office of a company.</summary>
    public Task<(int ExitCode, string Output)> SimulatorAsync(string apiKey, params string[] arguments) => ServiceProcess.RunAsync(
        "clients/Simulator", new Dictionary<string, string> { ["ORDERSYNC_FOLDER"] = Memory }, [.. arguments, "--gateway", Gateway.Url.OriginalString, "--api-key", apiKey]);

    /// <summary>Adds a company with its first API key.</summary>
    public async Task AddCompanyAsync(string name, string apiKey)
    {
        var environment = EnvironmentOf("gateway", new() { ["Bootstrap__Company"] = name, ["Bootstrap__ApiKey"] = apiKey });
        var (code, output) = await ServiceProcess.RunAsync("services/Gateway", WithAdministrators(environment), "migrate");
        Assert.True(code == 0, output);
    }

    /// <summary>Another sandbox, whose ERPs nobody else writes to.</summary>
    public static Task<ServiceProcess> StartSandboxAsync() => ServiceProcess.StartAsync("services/ErpSandbox", new Dictionary<string, string> { ["Sandbox__Profile"] = "unlimited" });

    public async Task<bool> HealthyAsync(ServiceProcess service)
    {
        using var answer = await Office.GetAsync(new Uri(service.Url, "/health"));
        return answer.IsSuccessStatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Office.Dispose();
        foreach (var service in ((ServiceProcess?[])[Gateway, Zoho, Email, Sandbox, .. More.Values]).OfType<ServiceProcess>())
            await service.DisposeAsync();
        await Rabbit.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private async Task<ServiceProcess> ServiceAsync(string project, string name, Dictionary<string, string> more)
    {
        var environment = EnvironmentOf(name, more);
        var (code, output) = await ServiceProcess.RunAsync(project, WithAdministrators(environment), "migrate");
        Assert.True(code == 0, output);
        return await ServiceProcess.StartAsync(project, environment);
    }

    private Dictionary<string, string> EnvironmentOf(string name, Dictionary<string, string> more) => new(more.Concat(telemetry))
    {
        [$"ConnectionStrings__{name}"] = new NpgsqlConnectionStringBuilder(Administrator) { Username = name, Password = Password }.ConnectionString,
        ["ConnectionStrings__rabbitmq"] = new UriBuilder(Rabbit.ConnectionString) { UserName = name, Password = Password }.Uri.OriginalString,
        ["Internal__Key"] = "only-for-tests-only-for-tests-only-for-tests",
        ["Secrets__Key"] = "test:only-for-tests-only-for-tests-only-for-tests",
        ["OTEL_SERVICE_NAME"] = name,
    };

    private Dictionary<string, string> WithAdministrators(Dictionary<string, string> environment) => new(environment)
    {
        ["ConnectionStrings__ordersync"] = Administrator,
        ["ConnectionStrings__rabbitmqAdministrator"] = Rabbit.ConnectionString,
        ["Broker__Management"] = Rabbit.Server.Management!.OriginalString,
    };
}

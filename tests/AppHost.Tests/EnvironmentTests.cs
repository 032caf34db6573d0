using OrderSync.Testing;

namespace OrderSync.AppHost.Tests;

/// <summary>What the real list of parts gives to each service: the contract between AppHost and services.</summary>
[Collection("processes")]
public sealed class EnvironmentTests(PartsThatAreUp parts) : IClassFixture<PartsThatAreUp>
{
    private static readonly string[] OfAll = ["OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME"];
    private static readonly string[] OfServices =
        ["ASPNETCORE_URLS", "ConnectionStrings__rabbitmq", "ConnectionStrings__redis", "Internal__Key", .. OfAll];

    private static readonly string[] OfSchemas =
        ["Broker__Management", "ConnectionStrings__ordersync", "ConnectionStrings__rabbitmq", "ConnectionStrings__rabbitmqAdministrator", .. OfAll];

    /// <summary>Each folder of connectors that has a program.</summary>
    private static IEnumerable<string> Connectors => Directory.GetDirectories(Path.Combine(Repository.Root, "connectors"))
        .Where(folder => File.Exists(Path.Combine(folder, "Program.cs"))).Select(folder => Path.GetFileName(folder).ToLowerInvariant());

    private readonly LocalRun run = parts.Run;

    [Fact]
    public async Task Each_part_gets_exactly_what_the_contract_names()
    {
        await AssertNamesAsync("gateway", [.. OfServices, "Bundles__Key", "ConnectionStrings__gateway", "Console__Address", "Feed__Keys__0", "Limits__Proxies__0", "Tokens__Key", .. Connectors.Select(name => $"services__{name}__http__0")]);
        await AssertNamesAsync("zoho", [.. OfServices, "ConnectionStrings__zoho", "Secrets__Key"]);
        await AssertNamesAsync("email", [.. OfServices, "ConnectionStrings__email", "Secrets__Key", "Smtp__Server"]);
        await AssertNamesAsync("sandbox", ["ASPNETCORE_URLS", "Sandbox__Profile", "Sandbox__State", .. OfAll]);
        await AssertNamesAsync("gateway-schema", [.. OfSchemas, "ConnectionStrings__gateway", "Bootstrap__Company", "Bootstrap__ApiKey", "Bootstrap__FirstSignIn"]);
        await AssertNamesAsync("zoho-schema", [.. OfSchemas, "ConnectionStrings__zoho"]);
        await AssertNamesAsync("email-schema", [.. OfSchemas, "ConnectionStrings__email"]);
    }

    [Fact]
    public async Task A_service_and_its_schema_run_agree_on_the_service_password_and_no_two_services_share_one()
    {
        var gateway = await EnvironmentAsync("gateway");
        var zoho = await EnvironmentAsync("zoho");
        Assert.Equal(gateway["ConnectionStrings__gateway"], (await EnvironmentAsync("gateway-schema"))["ConnectionStrings__gateway"]);
        Assert.Matches("^Host=127.0.0.1;Port=[0-9]+;Database=ordersync;Username=zoho;Password=[A-Za-z0-9]{32,}$", zoho["ConnectionStrings__zoho"]);
        Assert.NotEqual(PasswordIn(gateway["ConnectionStrings__gateway"]), PasswordIn(zoho["ConnectionStrings__zoho"]));
        Assert.Equal(gateway["Internal__Key"], zoho["Internal__Key"]);
    }

    [Fact]
    public async Task Each_service_has_a_user_of_its_own_at_the_broker_and_only_schema_runs_know_the_administrator()
    {
        var users = new List<string>();
        foreach (var service in new[] { "gateway", "zoho", "email" })
        {
            var own = (await EnvironmentAsync(service))["ConnectionStrings__rabbitmq"];
            var schema = await EnvironmentAsync($"{service}-schema");
            Assert.Matches($"^amqp://{service}:[A-Za-z0-9]{{32,}}@127.0.0.1:[0-9]+$", own);
            Assert.Equal(own, schema["ConnectionStrings__rabbitmq"]);
            Assert.Matches("^amqp://ordersync:[A-Za-z0-9]+@127.0.0.1:[0-9]+$", schema["ConnectionStrings__rabbitmqAdministrator"]);
            Assert.Matches("^http://127.0.0.1:[0-9]+$", schema["Broker__Management"]);
            users.Add(own.Split('@')[0].Split(':')[2]);
        }

        Assert.Equal(3, users.Distinct().Count());
    }

    [Fact]
    public async Task A_real_Tryton_beside_the_parts_changes_nothing_for_them()
    {
        var (code, said) = await run.RunAsync("env", "tryton", "--with-tryton");

        Assert.True(code == 0, said);
        Assert.Equal((await run.RunAsync("env", "tryton")).Said, said);
    }

    [Fact]
    public async Task Addresses_name_the_part_they_lead_to()
    {
        var gateway = await EnvironmentAsync("gateway");
        Assert.Equal((await EnvironmentAsync("zoho"))["ASPNETCORE_URLS"], gateway["services__zoho__http__0"]);
        Assert.Matches("^smtp://127.0.0.1:[0-9]+$", (await EnvironmentAsync("email"))["Smtp__Server"]);
        Assert.Matches("^127.0.0.1:[0-9]+,password=[A-Za-z0-9]+$", gateway["ConnectionStrings__redis"]);
        Assert.Matches("^local:[A-Za-z0-9]{32,}$", (await EnvironmentAsync("zoho"))["Secrets__Key"]);
    }

    [Fact]
    public async Task The_gateways_own_command_says_what_a_new_epoch_is_and_that_the_database_is_not_there()
    {
        var (help, said) = await run.RunAsync("epoch", "--help");
        var (code, trouble) = await run.RunAsync("epoch", "--new");

        Assert.True(help == 0, said);
        Assert.Contains("epoch --new", said, StringComparison.Ordinal);
        Assert.True(code == 1, trouble);
        Assert.Contains("No new epoch has begun", trouble, StringComparison.Ordinal);
    }

    private async Task AssertNamesAsync(string part, IEnumerable<string> names) =>
        Assert.Equal(names.Order(StringComparer.Ordinal), (await EnvironmentAsync(part)).Keys.Order(StringComparer.Ordinal));

    private async Task<Dictionary<string, string>> EnvironmentAsync(string part)
    {
        var (code, said) = await run.RunAsync("env", part);
        Assert.True(code == 0, said);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private static string PasswordIn(string connectionString) => connectionString.Split("Password=")[1];
}

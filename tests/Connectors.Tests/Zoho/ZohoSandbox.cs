using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.ErpSandbox;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>The Zoho stand-in on a port of its own, and a connection to an organisation made for one test.</summary>
public sealed class ZohoSandbox : IAsyncLifetime
{
    private static readonly HttpClient Control = new();
    private readonly WebApplication sandbox;
    private int organisations;

    public ZohoSandbox()
        : this(TimeProvider.System)
    {
    }

    internal ZohoSandbox(TimeProvider clock) => sandbox = SandboxApp.Create(
        ["--urls=http://127.0.0.1:0", "--Sandbox:Profile=unlimited", "--Logging:LogLevel:Default=Warning"], builder => builder.Services.AddSingleton(clock));

    public Uri Root { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await sandbox.StartAsync();
        Root = new Uri(sandbox.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task DisposeAsync() => await sandbox.DisposeAsync();

    /// <summary>An organisation with taxes of 8 % and 20 % and the items A, B and C; <paramref name="more"/> are further settings of it.</summary>
    internal async Task<ZohoOrganisation> OrganisationAsync(object? more = null)
    {
        var id = $"{60_000_000 + Interlocked.Increment(ref organisations)}";
        var made = await PutAsync(id, new
        {
            currency_code = "EUR",
            taxes = new[] { new { tax_name = "Reduced", tax_percentage = 8m }, new { tax_name = "Standard", tax_percentage = 20m }, new { tax_name = "Ten", tax_percentage = 10m } },
            items = new[] { new { sku = "A", name = "Olive oil 5 l", rate = 29.99m }, new { sku = "B", name = "Water", rate = 1m }, new { sku = "C", name = "Bread", rate = 3.35m }, new { sku = "SHIP", name = "Shipping", rate = 5m } },
        });
        if (more is not null)
            await PutAsync(id, more);
        return new ZohoOrganisation(this, id, made);
    }

    public async Task<JsonNode> PutAsync(string organisation, object body)
    {
        using var answer = await Control.PutAsJsonAsync(new Uri(Root, $"_control/zoho/orgs/{organisation}"), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Control.GetStringAsync(new Uri(Root, path)))!;

    public async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await Control.PostAsJsonAsync(new Uri(Root, path), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    public async Task DeleteAsync(string path)
    {
        using var answer = await Control.DeleteAsync(new Uri(Root, path));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Orders faults for as long as the returned value lives.</summary>
    public async Task<IAsyncDisposable> FaultsAsync(object faults)
    {
        using var answer = await Control.PutAsJsonAsync(new Uri(Root, "_control/faults"), faults, JsonSerializerOptions.Web);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return new Ended(this);
    }

    private sealed class Ended(ZohoSandbox of) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await of.DeleteAsync("_control/faults");
    }
}

/// <summary>One organisation of the stand-in, as the control API made it.</summary>
internal sealed class ZohoOrganisation(ZohoSandbox sandbox, string id, JsonNode made)
{
    private static readonly HttpClient Http = new();

    public string Id => id;

    public ZohoSettings Settings { get; } = new()
    {
        AccountsUrl = new Uri(sandbox.Root, "zoho"),
        OrganizationId = id,
        // The stand-in runs without limits here.
        CallsPerMinute = 1_000_000,
        CallsPerDay = 1_000_000,
        // What comes back has tests of its own.
        PullMinutes = 0,
        ClientId = made["client_id"]!.GetValue<string>(),
        ClientSecret = made["client_secret"]!.GetValue<string>(),
        RefreshToken = made["refresh_token"]!.GetValue<string>(),
    };

    public Task<JsonNode> ChangeAsync(object settings) => sandbox.PutAsync(id, settings);

    public Task ForgetTokensAsync() => sandbox.DeleteAsync($"_control/zoho/orgs/{id}/tokens");

    /// <summary>The office enters a row of a list in Zoho itself.</summary>
    public Task<JsonNode> EnterAsync(string list, object row) => sandbox.PostAsync($"_control/zoho/orgs/{id}/{list}", row);

    /// <summary>The office does something with a row, or deletes it.</summary>
    public Task<JsonNode> ActAsync(string list, string key, string action) => sandbox.PostAsync($"_control/zoho/orgs/{id}/{list}/{Uri.EscapeDataString(key)}/{action}", new { });

    public Task RemoveAsync(string list, string key) => sandbox.DeleteAsync($"_control/zoho/orgs/{id}/{list}/{Uri.EscapeDataString(key)}");

    /// <summary>Its items, by the API's own list.</summary>
    public async Task<JsonArray> ItemsAsync()
    {
        var token = (string)JsonNode.Parse(await (await Http.PostAsync(new Uri(sandbox.Root, "zoho/oauth/v2/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token", ["refresh_token"] = Settings.RefreshToken, ["client_id"] = Settings.ClientId, ["client_secret"] = Settings.ClientSecret,
        }))).Content.ReadAsStringAsync())!["access_token"]!;
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(sandbox.Root, $"zoho/inventory/v1/items?organization_id={id}"));
        ask.Headers.TryAddWithoutValidation("Authorization", $"Zoho-oauthtoken {token}");
        return JsonNode.Parse(await (await Http.SendAsync(ask)).Content.ReadAsStringAsync())!["items"]!.AsArray();
    }

    public Task<JsonNode> SummaryAsync() => sandbox.GetAsync($"_control/zoho/orgs/{id}/summary");

    public async Task<JsonArray> SalesOrdersAsync() => (await sandbox.GetAsync($"_control/zoho/orgs/{id}/salesorders")).AsArray();
}

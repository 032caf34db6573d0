using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OrderSync.ErpSandbox.Tests;

/// <summary>A sandbox of a test's own, listening on a free port of this machine.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private SandboxServer(WebApplication app)
    {
        this.app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static async Task<SandboxServer> StartAsync(string profile = "unlimited", string? state = null, TimeProvider? clock = null)
    {
        string[] args = ["--urls=http://127.0.0.1:0", $"--Sandbox:Profile={profile}", $"--Sandbox:State={state}", "--Logging:LogLevel:Default=Error"];
        var app = SandboxApp.Create(args, builder => builder.Services.AddSingleton(clock ?? TimeProvider.System));
        await app.StartAsync();
        return new SandboxServer(app);
    }

    /// <summary>Sets an organisation up through the control API and signs in to it.</summary>
    public async Task<ZohoOrg> OrgAsync(object settings, string id = "60001")
    {
        var answer = await Http.PutAsJsonAsync($"/_control/zoho/orgs/{id}", settings);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var org = new ZohoOrg(this, id, JsonNode.Parse(text)!.AsObject());
        org.Token = (string?)(await org.RefreshAsync())["access_token"];
        return org;
    }

    public async Task<JsonObject> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/_control/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Http.SendAsync(request);
        return JsonSerializer.Deserialize<JsonObject>(await answer.Content.ReadAsStringAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

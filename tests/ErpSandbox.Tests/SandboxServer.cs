using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Testing;

namespace OrderSync.ErpSandbox.Tests;

/// <summary>A sandbox of a test's own, listening on a free port of this machine.</summary>
public sealed class SandboxServer : SandboxClient, IAsyncDisposable
{
    private readonly WebApplication app;

    private SandboxServer(WebApplication app) : base(new Uri(app.Urls.Single())) => this.app = app;

    public static async Task<SandboxServer> StartAsync(string profile = "unlimited", string? state = null, TimeProvider? clock = null, string? log = null)
    {
        string[] args = [
            "--urls=http://127.0.0.1:0", $"--Sandbox:Profile={profile}", $"--Sandbox:State={state}", $"--Sandbox:RequestLog={log}", "--Logging:LogLevel:Default=Error"];
        var app = SandboxApp.Create(args, builder => builder.Services.AddSingleton(clock ?? TimeProvider.System));
        await app.StartAsync();
        return new SandboxServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>One sandbox without limits for the tests of a class, each of which begins with nothing; its time is theirs to move.</summary>
public sealed class SharedSandbox : IAsyncLifetime
{
    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));

    public SandboxServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await SandboxServer.StartAsync(clock: Clock);

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

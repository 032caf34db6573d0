using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Intake;
using OrderSync.Framework.Manage;
using OrderSync.Framework.Pull;
using OrderSync.Framework.Reports;
using OrderSync.Framework.Work;
using OrderSync.ServiceDefaults;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>One replica of the recording connector, as a process of its own would be: own pools, own line to PostgreSQL, own worker.</summary>
internal sealed class RecordingHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly CutLine line;

    private RecordingHost(WebApplication app, CutLine line) => (this.app, this.line) = (app, line);

    public IServiceProvider Services => app.Services;

    public Uri Address => new(app.Urls.First());

    public static async Task<RecordingHost> StartAsync(
        PostgresFixture database, RecordingErp erp, TimeProvider clock, TokenEndpoint? endpoint = null, Uri? broker = null, bool works = true, string? redis = null, bool deaf = false)
    {
        var there = new NpgsqlConnectionStringBuilder(database.ConnectionStringAs("recording"));
        var line = new CutLine(there.Host!, there.Port, deaf);
        there.Host = "127.0.0.1";
        there.Port = line.Port;
        if (deaf)
            there.Timeout = 1;
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:recording"] = there.ConnectionString,
            ["ConnectionStrings:rabbitmq"] = broker?.ToString(),
            ["ConnectionStrings:redis"] = redis,
            ["Secrets:Key"] = "k1:a text of at least thirty-two characters",
            ["Internal:Key"] = "internal",
        });
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(erp).AddSingleton(endpoint ?? new TokenEndpoint());
        builder.AddConnector<RecordingConnector>();
        if (broker is not null)
            builder.AddConnectorBus<RecordingConnector>();
        builder.Services.AddSingleton(clock);
        if (!works)
            foreach (var loop in builder.Services.Where(service => service.ImplementationType == typeof(Worker) || service.ImplementationType == typeof(PullLoop)).ToList())
                builder.Services.Remove(loop);
        // What a test leaves hanging is not waited for.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapManage();
        await app.StartAsync();
        return new(app, line);
    }

    /// <summary>Enters settings for a connection, as the office does.</summary>
    public Task<Connection> ConnectAsync(
        Guid company, Guid connection, string organisation = "org", string? refreshToken = null, int? maxConcurrent = null, int? callsPerMinute = null, int? callsPerDay = null,
        int pullMinutes = 0, string? collections = null) =>
        Services.GetRequiredService<ConnectionStore>().SaveAsync(
            company, connection,
            new JsonObject
            {
                ["organisation"] = organisation, ["refreshToken"] = refreshToken, ["maxConcurrent"] = maxConcurrent,
                ["callsPerMinute"] = callsPerMinute, ["callsPerDay"] = callsPerDay, ["pullMinutes"] = pullMinutes, ["collections"] = collections,
            },
            CancellationToken.None);

    /// <summary>Takes a message as the queue's consumer does.</summary>
    public Task TakeAsync(DeliverRecord record) => Services.GetRequiredService<RecordIntake>().TakeAsync(record, CancellationToken.None);

    /// <summary>What the gateway would be told of a record now.</summary>
    public async Task<DeliveryReport> ReportAsync(DeliverRecord record) => (await Services.GetRequiredService<ReportLedger>().ReadAsync(
        [new DueReport(record.CompanyId, record.ConnectionId, record.RecordId)], CancellationToken.None)).Single();

    /// <summary>As kill -9 looks from outside: nothing more comes from this process and its sessions end.</summary>
    public void Kill() => line.Cut();

    /// <summary>The same at a round trip to come: before it arrives there, or before it is answered.</summary>
    public void KillAt(int roundTrip, bool arrives) => line.CutAt(roundTrip, arrives);

    /// <summary>Whether it was killed.</summary>
    public bool Killed => line.IsCut;

    /// <summary>Ends when it is killed.</summary>
    public Task WhenKilled => line.WhenCut;

    /// <summary>PostgreSQL goes away for this process.</summary>
    public void LoseDatabase() => line.Cut();

    /// <summary>PostgreSQL answers whoever knocks, which it did not at first.</summary>
    public void HearDatabase() => line.Hear();

    /// <summary>PostgreSQL is back.</summary>
    public void FindDatabase() => line.Mend();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await line.DisposeAsync();
    }
}

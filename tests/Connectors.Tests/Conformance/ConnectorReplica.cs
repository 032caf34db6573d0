using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Budgets;
using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Intake;
using OrderSync.Framework.Manage;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Pull;
using OrderSync.Framework.Reports;
using OrderSync.ServiceDefaults;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>One replica of a connector, as a process of its own would be: own pools, own line to PostgreSQL, own worker; only the queue is left out.</summary>
internal sealed class ConnectorReplica : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly CutLine database;
    private readonly LogLines log;
    private readonly IConformanceErp erp;

    private ConnectorReplica(WebApplication app, CutLine database, LogLines log, IConformanceErp erp) => (this.app, this.database, this.log, this.erp) = (app, database, log, erp);

    /// <summary>What it has logged.</summary>
    public IReadOnlyCollection<string> Log => log.Lines;

    public static async Task<ConnectorReplica> StartAsync(ConformanceStage stage, Uri? broker = null, string? redis = null)
    {
        var connector = stage.Erp.Connector;
        var there = new NpgsqlConnectionStringBuilder(stage.ConnectionStringAs(connector.Info.Name));
        var line = new CutLine(there.Host!, there.Port);
        (there.Host, there.Port) = ("127.0.0.1", line.Port);
        var log = new LogLines();
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{connector.Info.Name}"] = there.ConnectionString,
            ["ConnectionStrings:rabbitmq"] = broker?.ToString(),
            ["ConnectionStrings:redis"] = redis,
            ["Secrets:Key"] = "k1:a text of at least thirty-two characters",
            ["Internal:Key"] = "internal",
        });
        builder.AddServiceDefaults();
        connector.Add(builder);
        if (broker is not null)
            connector.AddBus(builder);
        builder.Services.AddSingleton<TimeProvider>(stage.Clock);
        var app = builder.Build();
        app.MapManage();
        await app.StartAsync();
        return new(app, line, log, stage.Erp);
    }

    /// <summary>Enters settings for a connection and what is mapped in it, as the office does.</summary>
    public async Task ConnectAsync(Place place, JsonObject settings)
    {
        await app.Services.GetRequiredService<ConnectionStore>().SaveAsync(place.Company, place.Connection, (JsonObject)settings.DeepClone(), CancellationToken.None);
        foreach (var one in erp.Mapped)
            await MapAsync(place, one.Kind, one.Ours, one.Theirs);
    }

    /// <summary>Maps a thing of ours, as the office does.</summary>
    public Task MapAsync(Place place, string kind, string ours, string theirs) => app.Services.GetRequiredService<MappingStore>().PutAsync(
        place.Company, place.Connection, kind, [new Mapped(ours, theirs, null)], [ours], null, CancellationToken.None);

    /// <summary>A person asks for a look at a collection now: at what changed, or at everything.</summary>
    public async Task PullAsync(Place place, string collection, bool wholly)
    {
        var (office, of) = (app.Services.GetRequiredService<PullOffice>(), new CollectionKey(place.Company, place.Connection, collection));
        await (wholly ? office.ReimportAsync(of, null, CancellationToken.None) : office.PullNowAsync(of, null, CancellationToken.None));
    }

    /// <summary>Takes what the ERP says of its own accord.</summary>
    public Task<bool?> HintAsync(Place place, IncomingCall call) => app.Services.GetRequiredService<Hints>().TakeAsync(place.Company, place.Connection, call, CancellationToken.None);

    /// <summary>Takes a message as the queue's consumer does.</summary>
    public Task TakeAsync(DeliverRecord record) => app.Services.GetRequiredService<RecordIntake>().TakeAsync(record, CancellationToken.None);

    /// <summary>What the gateway would be told of a record now.</summary>
    public async Task<DeliveryReport> ReportAsync(DeliverRecord record) => (await app.Services.GetRequiredService<ReportLedger>().ReadAsync(
        [new DueReport(record.CompanyId, record.ConnectionId, record.RecordId)], CancellationToken.None)).Single();

    /// <summary>Whether a report of the record is due now; all that is due is claimed by it, as the sender does.</summary>
    public async Task<bool> ClaimsReportOfAsync(DeliverRecord record)
    {
        for (var found = false; ;)
        {
            var due = await app.Services.GetRequiredService<ReportLedger>().ClaimAsync(CancellationToken.None);
            found |= due.Any(report => report.RecordId == record.RecordId);
            if (due.Count == 0)
                return found;
        }
    }

    /// <summary>The gateway says which version it holds.</summary>
    public Task AcknowledgeAsync(DeliveryReport report) => app.Services.GetRequiredService<ReportLedger>().AcknowledgeAsync(
        [new ReportAcknowledged(report.CompanyId, report.ConnectionId, report.RecordId, report.Version)], CancellationToken.None);

    /// <summary>A person asks for another try.</summary>
    public Task RetryAsync(DeliverRecord record) =>
        app.Services.GetRequiredService<Office>().RetryAsync(record.CompanyId, record.ConnectionId, record.RecordId, CancellationToken.None);

    /// <summary>An access token, as a step asks for one.</summary>
    public async Task<string> TokenAsync(Place place)
    {
        return (await app.Services.GetRequiredService<TokenStore>().GetAsync(await ConnectionAsync(place), null, default)).AccessToken;
    }

    /// <summary>What the account of a connection may use.</summary>
    public async Task<Budget> BudgetAsync(Place place) => app.Services.GetRequiredService<BudgetGate>().Of(await ConnectionAsync(place));

    /// <summary>Takes places for as many calls as the budget gives, at most <paramref name="most"/>, and makes none; answers how many it got.</summary>
    public async Task<int> TakePlacesAsync(Place place, int most, Purpose purpose = Purpose.Document)
    {
        var (desk, connection) = (app.Services.GetRequiredService<CallDesk>(), await ConnectionAsync(place));
        for (var taken = 0; taken < most; taken++)
        {
            try
            {
                await desk.Gate.EnterAsync(desk.For(connection, purpose), CancellationToken.None);
            }
            catch (OutcomeException used) when (used.Outcome is Outcome.Later)
            {
                return taken;
            }
        }

        return most;
    }

    /// <summary>Where a connection stands, as people see it.</summary>
    public async Task<ConnectionStanding> StandingAsync(Place place) =>
        (await app.Services.GetRequiredService<Standing>().OfAsync(place.Company, place.Connection, CancellationToken.None))!;

    /// <summary>Whether Redis has answered for so long that replicas share the minute by it. This is not about a slow machine: it may take its time.</summary>
    public bool SharesTheMinute
    {
        get
        {
            var redis = app.Services.GetRequiredService<RedisWindow>();
            redis.Patience = TimeSpan.FromSeconds(10);
            redis.Open();
            return redis.Steady;
        }
    }

    /// <summary>The records that people are told to look at.</summary>
    public async Task<IReadOnlyList<AttentionRow>> AttentionAsync(Place place) =>
        (await app.Services.GetRequiredService<Attention>().ListAsync(place.Company, place.Connection, null, 100, CancellationToken.None)).Documents;

    /// <summary>As kill -9 looks from outside: its sessions end and nothing it does is stored any more.</summary>
    public void Kill() => database.Cut();

    public void LoseDatabase() => database.Cut();

    public void FindDatabase() => database.Mend();

    /// <summary>It stands still where it next hears of PostgreSQL; what it has sent arrives.</summary>
    public void Freeze() => database.Freeze();

    /// <summary>One of its sessions hears nothing any more, and lives; the others work. Named by the port that PostgreSQL sees.</summary>
    public void Silence(int session) => database.Freeze(session);

    public void Thaw() => database.Thaw();

    /// <summary>Stops as a service is told to: what is under way may end.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        // What a case leaves hanging is not waited for.
        try
        {
            using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // A replica whose line to PostgreSQL is cut cannot write the last of its counts and calls.
        }

        await app.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<Connection> ConnectionAsync(Place place) =>
        (await app.Services.GetRequiredService<ConnectionStore>().FindAsync(place.Company, place.Connection, CancellationToken.None))!;

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

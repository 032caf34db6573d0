using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

[InCi]
public sealed class BusTests(LedgerFixture database, RabbitFixture rabbit) : IClassFixture<LedgerFixture>, IClassFixture<RabbitFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task Reports_are_sent_again_until_the_gateway_holds_them()
    {
        var inbox = new ConcurrentQueue<DeliveryReport>();
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, broker: await rabbit.UserAsync("recording"));
        await host.ConnectAsync(company, connection);
        using var gateway = await GatewayAsync(inbox);
        var bus = gateway.Services.GetRequiredService<BusSender>();
        var order = A.Order(company, connection, version: 7);

        await bus.SendAsync(Queues.Connector("recording"), order, default);
        var done = await Eventually.GetAsync(() => Task.FromResult(Heard().LastOrDefault()), report => report is not null, "a report");
        var before = clock.GetUtcNow();
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return Heard().Count() > 1;
        }, "the report again");
        Assert.True(clock.GetUtcNow() - before >= TimeSpan.FromMinutes(1));
        await bus.SendAsync(Queues.Connector("recording"), new ReportsAcknowledged([new(company, connection, order.RecordId, done!.Version)]), default);
        await Eventually.TrueAsync(async () => await DueAsync() == 0, "the acknowledgement");

        Assert.Equal((company, order.RecordId, 7L, order.Number), (done.CompanyId, done.RecordId, done.KnownVersion, done.ExternalNumber));
        await bus.SendAsync(Queues.Connector("recording"), order, default);
        await Eventually.TrueAsync(async () => await DueAsync() == 1, "a repeat to be answered");

        IEnumerable<DeliveryReport> Heard() => inbox.Where(report => report.CompanyId == company && report.State == DeliveryState.Done);
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_messages_wait_and_none_is_parked()
    {
        var erp = new RecordingErp(TimeProvider.System);
        await using var host = await RecordingHost.StartAsync(database, erp, TimeProvider.System, broker: await rabbit.UserAsync("recording"));
        await host.ConnectAsync(company, connection);
        using var gateway = await GatewayAsync([]);
        var bus = gateway.Services.GetRequiredService<BusSender>();

        var sent = Enumerable.Range(0, 150).Select(_ => A.Order(company, connection)).ToList();
        host.LoseDatabase();
        foreach (var order in sent)
            await bus.SendAsync(Queues.Connector("recording"), order, default);
        host.FindDatabase();
        await Eventually.GetAsync(() => Task.FromResult(Created().Count()), count => count >= sent.Count, "150 orders in the ERP", TimeSpan.FromMinutes(3));

        Assert.Equal(sent.Select(order => order.RecordId).Order(), Created().Order());
        Assert.DoesNotContain(await rabbit.QueuesAsync(), queue => queue.Value > 0 && (queue.Key.EndsWith(".parked", StringComparison.Ordinal) || queue.Key.EndsWith("_error", StringComparison.Ordinal)));

        // What another test left in the ledger is worked on here, too.
        IEnumerable<Guid> Created() => erp.Created.Select(document => document.RecordId).Where(id => sent.Any(order => order.RecordId == id));
    }

    [Fact]
    public async Task The_connectors_queue_comes_with_the_one_for_parked_messages_before_anybody_sends()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, broker: await rabbit.UserAsync("recording"));

        var queues = await Eventually.GetAsync(rabbit.QueuesAsync, queues => queues.Count >= 2, "the queues");
        await using var sender = new BrokerQueues(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:rabbitmq", rabbit.Uri.ToString())]).Build());
        await sender.DeclareAsync(Queues.Connector("recording"), default);

        Assert.Contains("recording", queues.Keys);
        Assert.Contains("recording.parked", queues.Keys);
    }

    [Fact]
    public async Task A_send_that_the_broker_does_not_confirm_is_given_up_after_ten_seconds()
    {
        await using var line = new CutLine(rabbit.Uri.Host, rabbit.Uri.Port);
        using var host = await GatewayAsync([], new UriBuilder(rabbit.Uri) { Host = "127.0.0.1", Port = line.Port }.Uri);
        var bus = new BusSender(host.Services.GetRequiredService<IBus>(), host.Services.GetRequiredService<BrokerQueues>(), Queues.Gateway, clock);
        var queue = Queues.Connector("unconfirmed");
        await bus.SendAsync(queue, A.Order(company, connection), default);

        line.Freeze();
        var sending = bus.SendAsync(queue, A.Order(company, connection), default);
        clock.Advance(TimeSpan.FromSeconds(9));
        await Eventually.TrueAsync(async () => (await rabbit.QueuesAsync())["unconfirmed"] == 2, "the broker has both");
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Eventually.Patience));
        // The bus would say good-bye to a silent broker for a long time.
        line.Cut();
    }

    [Fact]
    public async Task One_trace_runs_from_the_devices_request_to_the_call()
    {
        var seen = new TaskCompletionSource<ActivityTraceId>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OrderSync.Framework",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        erp.Arriving = call =>
        {
            if (call.RecordId == order.RecordId && Activity.Current is { } current)
                seen.TrySetResult(current.TraceId);
            return Task.CompletedTask;
        };

        await host.TakeAsync(order);

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await seen.Task.WaitAsync(Eventually.Patience)).ToString());
    }

    private Task<long> DueAsync() => database.ScalarAsync<long>($"select count(*) from recording.report where company_id = '{company}' and due is not null");

    // The gateway's end of the queues.
    private async Task<IHost> GatewayAsync(ConcurrentQueue<DeliveryReport> inbox, Uri? broker = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:rabbitmq"] = (broker ?? rabbit.Uri).ToString() });
        builder.Services.AddLogging().AddSingleton(inbox);
        builder.AddBus(Queues.Gateway, 10, bus => bus.AddConsumer<Inbox>());
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Inbox(ConcurrentQueue<DeliveryReport> inbox) : IConsumer<DeliveryReports>
    {
        public Task Consume(ConsumeContext<DeliveryReports> context)
        {
            foreach (var report in context.Message.Reports)
                inbox.Enqueue(report);
            return Task.CompletedTask;
        }
    }
}

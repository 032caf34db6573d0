using System.Collections.Concurrent;
using System.Net.Http.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>The tests that share one service: they kill it, so they go one after the other.</summary>
[CollectionDefinition(nameof(EmailService))]
public sealed class SharedEmailService : ICollectionFixture<EmailService>;

/// <summary>The e-mail service as a process of its own between a real broker and a real database, and the gateway's end of its queues.</summary>
public sealed class EmailService : IAsyncLifetime
{
    private const string Key = "a-secret-that-only-tests-share-0123456789";
    private readonly EmailDatabase database = new();
    private readonly RabbitFixture rabbit = new();
    private readonly HttpClient http = new() { DefaultRequestHeaders = { { "X-OrderSync-Key", Key } } };
    private IHost gateway = null!;

    public ServiceProcess Process { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        await rabbit.InitializeAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:rabbitmq"] = rabbit.Uri.OriginalString;
        builder.Services.AddSingleton<ReportBox>();
        builder.AddBus(Queues.Gateway, 10, bus => bus.AddConsumer<ReportBox.Consumer>());
        gateway = builder.Build();
        await gateway.StartAsync();
        Process = await ServiceProcess.StartAsync("connectors/Email", new Dictionary<string, string>
        {
            ["ConnectionStrings__email"] = database.ConnectionStringAs("email"),
            ["ConnectionStrings__rabbitmq"] = (await rabbit.UserAsync("email")).OriginalString,
            ["ConnectionStrings__redis"] = await Servers.RedisAsync(),
            ["Internal__Key"] = Key,
            ["Secrets__Key"] = $"test:{Key}",
            ["Smtp__Server"] = (await Servers.MailAsync()).Smtp.GetLeftPart(UriPartial.Authority),
        });
    }

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await gateway.StopAsync();
        gateway.Dispose();
        http.Dispose();
        await rabbit.DisposeAsync();
        await database.DisposeAsync();
    }

    internal async Task ConnectAsync(Order order, object settings) =>
        (await http.PutAsJsonAsync(new Uri(Process.Url, $"manage/connections/{order.Info.CompanyId}/{order.Info.ConnectionId}"), settings)).EnsureSuccessStatusCode();

    internal Task DeliverAsync(Order order) =>
        gateway.Services.GetRequiredService<BusSender>().SendAsync(Queues.Connector("email"), order.Message(), CancellationToken.None);

    /// <summary>The newest report about an order; null while there is none.</summary>
    internal DeliveryReport? NewestOf(Order order) => gateway.Services.GetRequiredService<ReportBox>().Newest.GetValueOrDefault(order.Info.RecordId);

    /// <summary>The newest report about an order, once it is as wanted.</summary>
    internal Task<DeliveryReport?> ReportAsync(Order order, Func<DeliveryReport, bool> wanted, string what) => Eventually.GetAsync(
        () => Task.FromResult(NewestOf(order)), report => report is not null && wanted(report), what);

    private sealed class ReportBox
    {
        public ConcurrentDictionary<Guid, DeliveryReport> Newest { get; } = new();

        public sealed class Consumer(ReportBox box) : IConsumer<DeliveryReports>
        {
            public Task Consume(ConsumeContext<DeliveryReports> context)
            {
                foreach (var report in context.Message.Reports)
                    box.Newest.AddOrUpdate(report.RecordId, report, (_, held) => report.Version > held.Version ? report : held);
                return Task.CompletedTask;
            }
        }
    }
}

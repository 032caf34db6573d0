using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;
using RabbitMQ.Client;

namespace OrderSync.Connectors.Tests.Framework;

[InCi]
public sealed class ParkedTests(LedgerFixture database, RabbitFixture rabbit) : IClassFixture<LedgerFixture>, IClassFixture<RabbitFixture>
{
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task What_cannot_be_read_is_parked_at_once_with_its_reason_and_can_be_sent_again_or_put_aside()
    {
        var erp = new RecordingErp(TimeProvider.System);
        await using var host = await RecordingHost.StartAsync(database, erp, TimeProvider.System, broker: await rabbit.UserAsync("recording"));
        await host.ConnectAsync(company, connection);
        var broker = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:rabbitmq", rabbit.Uri.ToString())]).Build();
        await using (var queues = new BrokerQueues(broker))
            await queues.DeclareAsync(Queues.Connector("recording"), default);
        using var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        http.DefaultRequestHeaders.Add("X-OrderSync-Person", "ann@office.example");

        await PublishAsync("not json at all");
        await PublishAsync($$$"""{"messageType":["urn:message:Somewhere:Else"],"message":{"companyId":"{{{company}}}","recordId":"{{{connection}}}"}}""");
        await PublishAsync($$$"""{"messageType":["urn:message:OrderSync.Contracts.Bus:DeliverRecord"],"message":{"companyId":"{{{company}}}","version":"seven"}}""");
        await PublishAsync($$$"""{"messageType":["urn:message:OrderSync.Contracts.Bus:DeliverRecord"],"message":{"companyId":"{{{company}}}","connectionId":"{{{connection}}}"}}""");
        using var gateway = await SenderAsync();
        var order = A.Order(company, connection);
        await gateway.Services.GetRequiredService<BusSender>().SendAsync(Queues.Connector("recording"), order, default);
        await database.UntilAsync(order.RecordId, "done");
        var ours = await ListAsync(http, $"?company={company}", 3);
        var nobodys = await ListAsync(http, "", 1);

        Assert.Equal(["It cannot be read", "Nobody reads messages of this type from this queue.", "The message has no record."],
            ours.Select(row => ((string)row!["reason"]!).Split(':')[0]).Order());
        Assert.Equal(connection, ours.Single(row => row!["recordId"] is not null)!["recordId"]!.GetValue<Guid>());
        Assert.Equal(("not json at all", 15), ((string?)nobodys[0]!["body"], (int)nobodys[0]!["bytes"]!));
        Assert.Equal("""{"replayed":1}""", await PostAsync(http, "replay", new { ids = new[] { nobodys[0]!["id"]!.GetValue<Guid>() } }));
        var again = await Eventually.GetAsync(() => ListAsync(http, "", 1), rows => rows[0]!["id"]!.GetValue<Guid>() != nobodys[0]!["id"]!.GetValue<Guid>(), "it to come back");
        Assert.Equal("not json at all", (string?)again[0]!["body"]);
        Assert.Equal("""{"discarded":3}""", await PostAsync(http, $"discard?company={company}", new { all = true }));
        Assert.Empty((await http.GetFromJsonAsync<JsonNode>($"/manage/parked?company={company}"))!["messages"]!.AsArray());
        Assert.Equal(3L, await database.ScalarAsync<long>($"select count(*) from recording.parked where company_id = '{company}' and state = 'discarded' and person = 'ann@office.example'"));
        Assert.All((await rabbit.QueuesAsync()).Where(queue => queue.Key.StartsWith("recording", StringComparison.Ordinal)), queue => Assert.Equal(0, queue.Value));
    }

    private static async Task<JsonArray> ListAsync(HttpClient http, string query, int count) => (await Eventually.GetAsync(
        () => http.GetFromJsonAsync<JsonNode>($"/manage/parked{query}"), answer => answer!["messages"]!.AsArray().Count >= count, $"{count} parked messages"))!["messages"]!.AsArray();

    private static async Task<string> PostAsync(HttpClient http, string what, object body) => await (await http.PostAsJsonAsync($"/manage/parked/{what}", body)).Content.ReadAsStringAsync();

    private async Task PublishAsync(string body)
    {
        await using var line = await new ConnectionFactory { Uri = rabbit.Uri }.CreateConnectionAsync();
        await using var channel = await line.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("recording", "", true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));
    }

    private async Task<IHost> SenderAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:rabbitmq"] = rabbit.Uri.ToString() });
        builder.Services.AddLogging();
        builder.AddBus(Queues.Gateway, 10, _ => { });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}

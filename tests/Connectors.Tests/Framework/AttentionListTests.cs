using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class AttentionListTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F105_What_needs_attention_is_listed_page_by_page_with_code_reason_and_fix()
    {
        var erp = new RecordingErp(clock) { Arriving = call => throw new OutcomeException(new Outcome.Refused("item.unmapped", "SKU-1 is unknown.", "Map it.")) };
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var orders = Enumerable.Range(0, 5).Select(_ => A.Order(company, connection)).ToList();
        foreach (var order in orders)
        {
            await host.TakeAsync(order);
            await database.UntilAsync(order.RecordId, "refused");
        }

        var seen = new List<Guid>();
        for (string? after = ""; after is not null;)
        {
            var page = await Client(host).GetFromJsonAsync<JsonNode>($"/manage/connections/{company}/{connection}/attention?limit=2{(after.Length > 0 ? $"&after={Uri.EscapeDataString(after)}" : "")}");
            seen.AddRange(page!["documents"]!.AsArray().Select(row => row!["recordId"]!.GetValue<Guid>()));
            Assert.All(page["documents"]!.AsArray(), row => Assert.Equal(("item.unmapped", "Map it."), ((string?)row!["code"], (string?)row["fix"])));
            after = (string?)page["after"];
        }

        Assert.Equal(orders.Select(order => order.RecordId).Order(), seen.Order());
    }

    private static HttpClient Client(RecordingHost host)
    {
        var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        return http;
    }
}

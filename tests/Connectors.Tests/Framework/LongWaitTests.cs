using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Manage;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class LongWaitTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F055_What_it_needs_has_not_come_for_a_day_is_told_and_it_goes_on_by_itself()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var missing = Guid.NewGuid();
        var order = A.Order(company, connection) with { DependsOn = [missing] };
        await host.TakeAsync(order);
        await AcknowledgeAsync(order);

        clock.Advance(TimeSpan.FromHours(23));
        var early = (await host.ReportAsync(order)).State;
        clock.Advance(TimeSpan.FromHours(2));
        await Eventually.TrueAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return await database.ScalarAsync<long>($"select count(*) from recording.report where record_id = '{order.RecordId}' and due is not null") == 1;
        }, "the report to be due");
        var late = await host.ReportAsync(order);
        var listed = await AttentionAsync(host);
        await host.TakeAsync(A.Customer(company, connection, missing));
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Equal(DeliveryState.Waiting, early);
        Assert.Equal((DeliveryState.Attention, "dependency.missing", $"The record {missing} it needs has not come for 24 hours."), (late.State, late.Code, late.Reason));
        Assert.Equal(("dependency.missing", late.Reason), ((string?)listed[0]!["code"], (string?)listed[0]!["reason"]));
        Assert.Equal(DeliveryState.Done, (await host.ReportAsync(order)).State);
        Assert.Empty(await AttentionAsync(host));
    }

    [Fact]
    public async Task F055_What_it_needs_stands_refused_for_a_day_is_told_with_the_reason()
    {
        var erp = new RecordingErp(clock);
        var customer = A.Snapshot();
        var refuse = true;
        erp.Arriving = call => call.RecordId == customer.Id && call.Name == "create" && refuse
            ? throw new OutcomeException(new Outcome.Refused("customer.taxNumber", "The tax number is not valid.", "Correct it."))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection, customer);
        await host.TakeAsync(order);
        await database.UntilAsync(customer.Id, "refused");

        var early = await host.ReportAsync(order);
        clock.Advance(TimeSpan.FromHours(24));
        var late = await host.ReportAsync(order);
        refuse = false;
        await host.Services.GetRequiredService<Office>().RetryAsync(company, connection, order.RecordId, default);
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Equal((DeliveryState.Waiting, "customer.taxNumber"), (early.State, early.Code));
        Assert.Equal((DeliveryState.Attention, "customer.taxNumber", "Correct it."), (late.State, late.Code, late.Fix));
        Assert.Equal($"The customer {customer.Id} it needs has been refused for 24 hours: The tax number is not valid.", late.Reason);
    }

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

    private async Task AcknowledgeAsync(DeliverRecord order)
    {
        await using var told = database.Administrator.CreateCommand($"update recording.report set due = null, acked = version where record_id = '{order.RecordId}'");
        await told.ExecuteNonQueryAsync();
    }

    private async Task<JsonArray> AttentionAsync(RecordingHost host) =>
        (await Client(host).GetFromJsonAsync<JsonNode>($"/manage/connections/{company}/{connection}/attention"))!["documents"]!.AsArray();

    private static HttpClient Client(RecordingHost host)
    {
        var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        return http;
    }
}

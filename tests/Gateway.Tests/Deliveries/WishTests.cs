using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>Retry, stop and reopen of one record, from the office to the connector's queue and back.</summary>
[Collection("deliveries")]
public sealed class WishTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task A_person_who_stops_a_record_reaches_its_connector_with_a_higher_version_and_reopening_with_a_higher_one_again()
    {
        var (name, id, device) = await StoredAsync();
        await using var connector = await TestConnector.StartAsync(gateway, name);
        var first = await connector.ReceivedAsync(id);
        await connector.ReportAsync(first, 1, DeliveryState.Attention, code: "item.unmapped");

        var stopped = await gateway.PostAsync($"/v1/office/records/{id}/stop", new { connection = name });
        var stop = await connector.ReceivedAsync(id, version: 2);
        Assert.Equal((DeliveryWish.Stop, 2L), (stop.Wish, stop.Version));
        Assert.Equal(name, stopped.GetProperty("changed")[0].GetProperty("connection").GetString());
        await connector.ReportAsync(stop, 2, DeliveryState.Stopped);
        await Eventually.TrueAsync(async () => await StateAsync(id, name) == "stopped", "the office sees it stopped");

        await gateway.PostAsync($"/v1/office/records/{id}/reopen", new { connection = name });
        var again = await connector.ReceivedAsync(id, version: 3);
        Assert.Equal((DeliveryWish.Push, 3L), (again.Wish, again.Version));
        var change = await gateway.LastChangeAsync();
        Assert.Equal(("record.reopen", id.ToString()), (change.GetProperty("action").GetString(), change.GetProperty("subject").GetString()));
        device.Dispose();
    }

    [Fact]
    public async Task A_person_who_stops_a_record_while_its_report_is_being_written_waits_and_neither_fails()
    {
        var (name, id, device) = await StoredAsync();
        // As a report does: the delivery, and with it the line of the timeline that refers to the record.
        await using var report = await gateway.Database.Administrator.OpenConnectionAsync();
        await using var transaction = await report.BeginTransactionAsync();
        await ExecuteAsync(report, $"update gateway.delivery set attempts = 1 where record_id = '{id}'");
        var stopping = gateway.PostAsync($"/v1/office/records/{id}/stop", new { connection = name });
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>("select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.query like '%raised as%'") > 0, "the person waits for the delivery");

        await ExecuteAsync(report, $"""
            insert into gateway.delivery_event (company_id, record_id, connection_id, rev, report_version, at, state, attempts)
            select company_id, record_id, connection_id, rev, 1, now(), 'inProgress', 1 from gateway.delivery where record_id = '{id}'
            """);
        await transaction.CommitAsync();

        Assert.Equal(name, (await stopping).GetProperty("changed")[0].GetProperty("connection").GetString());
        device.Dispose();
    }

    [Fact]
    public async Task A_retry_reaches_a_connector_that_was_away_when_it_was_asked_for()
    {
        var (name, id, device) = await StoredAsync();
        await using (var connector = await TestConnector.StartAsync(gateway, name))
        {
            await connector.ReportAsync(await connector.ReceivedAsync(id), 1, DeliveryState.Attention, code: "item.unmapped");
            await Eventually.TrueAsync(async () => await StateAsync(id, name) == "attention", "the office sees it");
        }

        await gateway.PostAsync($"/v1/office/records/{id}/retry", new { });

        await using var back = await TestConnector.StartAsync(gateway, name);
        Assert.Equal(2, (await back.ReceivedAsync(id, version: 2)).Version);
        device.Dispose();
    }

    [Fact]
    public async Task What_is_in_the_erp_can_neither_be_stopped_nor_tried_again_and_the_answer_says_so()
    {
        var (name, id, device) = await StoredAsync();
        await using var connector = await TestConnector.StartAsync(gateway, name);
        await connector.ReportAsync(await connector.ReceivedAsync(id), 1, DeliveryState.Done, "SO-12");
        await Eventually.TrueAsync(async () => await StateAsync(id, name) == "done", "it is done");

        foreach (var verb in new[] { "stop", "retry", "reopen" })
        {
            var answer = await gateway.Office.PostAsJsonAsync($"/v1/office/records/{id}/{verb}", new { connection = name });
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.StartsWith("delivery.nothingTo", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString(), StringComparison.Ordinal);
        }

        device.Dispose();
    }

    [Fact]
    public async Task A_waiting_record_that_is_stopped_stays_at_the_gateway_until_it_is_reopened()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        var id = order["id"]!.GetValue<Guid>();
        await device.PushAsync(order);

        await gateway.PostAsync($"/v1/office/records/{id}/stop", new { });
        await device.PushAsync(An.Customer(customer));
        var repeated = Assert.Single(await device.PushAsync(order));
        Assert.Equal(("duplicate", "stopped"), (repeated.GetProperty("outcome").GetString(), repeated.GetProperty("state").GetString()));

        await gateway.PostAsync($"/v1/office/records/{id}/reopen", new { });
        await Eventually.GetAsync(() => gateway.RecordAsync(id), record => record.GetProperty("state").GetString() == "accepted", "it goes on by itself");
    }

    [Fact]
    public async Task Who_may_only_look_stops_nothing_and_nobody_stops_what_is_not_there()
    {
        var (_, id, device) = await StoredAsync();
        var viewer = await gateway.PostAsync("/v1/office/api-keys", new { name = "looks", role = "viewer" });
        using var looking = gateway.OfficeOf(viewer.GetProperty("key").GetString()!);

        Assert.Equal(HttpStatusCode.Forbidden, (await looking.PostAsJsonAsync($"/v1/office/records/{id}/stop", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.PostAsJsonAsync($"/v1/office/records/{Guid.NewGuid()}/stop", new { })).StatusCode);
        device.Dispose();
    }

    private async Task<(string Connection, Guid Record, TestDevice Device)> StoredAsync()
    {
        var name = await gateway.ConnectAsync("customer");
        var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        await device.PushAsync(customer);
        return (name, customer["id"]!.GetValue<Guid>(), device);
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }

    private Task<string> StateAsync(Guid id, string connection) => gateway.Scalar<string>(
        $"select d.state from gateway.delivery d join gateway.connection c using (company_id, connection_id) where d.record_id = '{id}' and c.name = '{connection}'");
}

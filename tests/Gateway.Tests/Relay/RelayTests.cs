using System.Text.Json;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Relay;

/// <summary>The way from stored to a connector's queue and back, over a real broker; the connector is the test itself.</summary>
public sealed class RelayTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task F100_A_stored_order_reaches_its_connectors_queue_with_its_customer_and_a_report_brings_it_to_done()
    {
        using var device = await gateway.EnrolAsync();
        await using var connector = await TestConnector.StartAsync(gateway);
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer, notes: "Ñandú");
        await device.PushAsync(An.Customer(customer, "Ana"), order);
        var id = order["id"]!.GetValue<Guid>();

        var message = await connector.ReceivedAsync(id);
        Assert.Equal("order", message.Kind);
        Assert.Equal(customer, message.Customer!.Id);
        Assert.Contains("Ñandú", message.Body, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2026, 3, 3), message.DocumentDate);
        Assert.Equal(TimeSpan.FromHours(1), message.CapturedAt.Offset);

        await connector.ReportAsync(message, version: 2, DeliveryState.Done, "777");
        var done = await Eventually.GetAsync(() => gateway.RecordAsync(id), record => State(record) == "done", "the delivery is done");
        Assert.Equal("777", done.GetProperty("deliveries")[0].GetProperty("externalId").GetString());
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.outbox where record_id = '{id}'"));
        await Eventually.TrueAsync(() => connector.Acknowledged.Contains((id, 2L)), "the report is acknowledged");
    }

    [Fact]
    public async Task A_report_older_than_what_is_held_changes_nothing_and_is_answered_with_what_is_held()
    {
        using var device = await gateway.EnrolAsync();
        await using var connector = await TestConnector.StartAsync(gateway);
        var customer = An.Customer();
        await device.PushAsync(customer);
        var id = customer["id"]!.GetValue<Guid>();
        var message = await connector.ReceivedAsync(id);
        await connector.ReportAsync(message, version: 5, DeliveryState.Done, "9");
        await Eventually.GetAsync(() => gateway.RecordAsync(id), record => State(record) == "done", "the delivery is done");

        await connector.ReportAsync(message, version: 4, DeliveryState.Attention, null);

        await Eventually.TrueAsync(() => connector.Acknowledged.Count(ack => ack == (id, 5L)) >= 2, "the older report is answered with version 5");
        Assert.Equal("done", State(await gateway.RecordAsync(id)));
    }

    [Fact]
    public async Task A_delivery_leaves_the_outbox_only_when_its_connector_has_acknowledged_it()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        await device.PushAsync(customer);
        var id = customer["id"]!.GetValue<Guid>();
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>($"select count(*) from gateway.outbox where record_id = '{id}' and tries = 1") == 1, "it was sent once");

        // The broker was emptied: at its due time it is sent again.
        await using var connector = await TestConnector.StartAsync(gateway);
        await connector.ReceivedAsync(id);
        await gateway.Execute($"update gateway.outbox set due = now() where record_id = '{id}'");
        await Eventually.TrueAsync(() => connector.Messages.Count(message => message.RecordId == id) >= 2, "it is sent again");
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.outbox where record_id = '{id}'"));
    }

    [Fact]
    public async Task A_record_whose_envelope_spells_its_names_otherwise_is_sent_as_it_was_judged()
    {
        using var device = await gateway.EnrolAsync();
        await using var connector = await TestConnector.StartAsync(gateway);
        var customer = An.Customer(name: "Capital Body");
        var bytes = System.Text.Encoding.UTF8.GetBytes("[" + customer.ToJsonString().Replace("\"body\"", "\"Body\"", StringComparison.Ordinal) + "]");
        var answer = JsonSerializer.Deserialize<JsonElement>(await (await device.SendAsync(bytes)).Content.ReadAsStringAsync());
        if (answer.GetProperty("verdicts")[0].GetProperty("outcome").GetString() == "accepted")
            Assert.Contains("Capital Body", (await connector.ReceivedAsync(customer["id"]!.GetValue<Guid>())).Body, StringComparison.Ordinal);

        var next = An.Customer();
        await device.PushAsync(next);
        await connector.ReceivedAsync(next["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task A_delivery_no_message_can_be_made_of_holds_up_nobody_and_stands_in_needs_attention()
    {
        using var device = await gateway.EnrolAsync();
        var broken = An.Customer();
        var id = broken["id"]!.GetValue<Guid>();
        await device.PushAsync(broken);
        await gateway.Execute($"update gateway.capture set bytes = 'damaged' where record_id = '{id}'; update gateway.outbox set due = now() where record_id = '{id}'");
        await using var connector = await TestConnector.StartAsync(gateway);
        var good = An.Customer();
        await device.PushAsync(good);

        await connector.ReceivedAsync(good["id"]!.GetValue<Guid>());
        var shown = await Eventually.GetAsync(() => gateway.RecordAsync(id), record => State(record) == "attention", "the office sees it");
        Assert.Equal("delivery.unreadable", shown.GetProperty("deliveries")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_connector_whose_queue_is_spoiled_does_not_keep_the_others_from_theirs()
    {
        await using (var broker = await new RabbitMQ.Client.ConnectionFactory { Uri = gateway.Rabbit.Uri }.CreateConnectionAsync())
        await using (var channel = await broker.CreateChannelAsync())
            await RabbitMQ.Client.IChannelExtensions.QueueDeclareAsync(channel, "another", durable: true, exclusive: false, autoDelete: false);
        await gateway.Execute($"insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{gateway.CompanyId}', gen_random_uuid(), 'another', 'another', '{{customer}}')");
        using var device = await gateway.EnrolAsync();
        await using var connector = await TestConnector.StartAsync(gateway);
        var customer = An.Customer();

        await device.PushAsync(customer);

        await connector.ReceivedAsync(customer["id"]!.GetValue<Guid>());
        await gateway.Execute("delete from gateway.outbox where connector = 'another'; update gateway.connection set kinds = '{}' where connector = 'another'");
    }

    [Fact]
    public async Task A_report_with_text_no_column_can_hold_is_taken_and_its_neighbours_too()
    {
        using var device = await gateway.EnrolAsync();
        await using var connector = await TestConnector.StartAsync(gateway);
        var customer = An.Customer();
        await device.PushAsync(customer);
        var message = await connector.ReceivedAsync(customer["id"]!.GetValue<Guid>());

        await connector.ReportAsync(message, version: 2, DeliveryState.Attention, "7\0", reason: "they said \0", total: 1e25m);

        var shown = await Eventually.GetAsync(() => gateway.RecordAsync(message.RecordId), record => State(record) == "attention", "the report is taken");
        Assert.StartsWith("they said", shown.GetProperty("deliveries")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static string State(JsonElement record) => record.GetProperty("deliveries")[0].GetProperty("state").GetString()!;
}

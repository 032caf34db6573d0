using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>Levels: both sides say again what the other may have missed, whichever of them was restored from a backup.</summary>
[Collection("deliveries")]
[InCi]
public sealed class LevelTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task A_delivery_that_has_not_moved_for_ten_minutes_is_asked_about_and_the_same_answer_is_no_new_line_of_its_timeline()
    {
        var (name, id) = await StoredAsync();
        await using var connector = await TestConnector.StartAsync(gateway, name);
        var message = await connector.ReceivedAsync(id);
        await connector.ReportAsync(message, 1, DeliveryState.InProgress, at: DateTimeOffset.UtcNow.AddMinutes(-9));
        await Eventually.TrueAsync(() => connector.Acknowledged.Contains((id, 1L)), "the report is taken");
        await gateway.Execute($"update gateway.delivery set updated_at = updated_at - interval '2 minutes', moved_at = moved_at - interval '2 minutes' where record_id = '{id}' and report_version = 1");

        await Eventually.TrueAsync(() => connector.Messages.Count(asked => asked.RecordId == id && asked.Version == message.Version) >= 2, "it is asked about");
        await connector.ReportAsync(message, 2, DeliveryState.InProgress);

        await Eventually.TrueAsync(() => connector.Acknowledged.Contains((id, 2L)), "the answer is taken");
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.delivery_event e join gateway.connection c using (company_id, connection_id) where record_id = '{id}' and c.name = '{name}'"));
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.outbox o join gateway.connection c using (company_id, connection_id) where record_id = '{id}' and c.name = '{name}'"));
    }

    [Fact]
    public async Task A_report_about_a_record_nobody_has_sent_yet_is_answered_so_that_it_is_kept()
    {
        var (name, id) = await StoredAsync();
        await using var connector = await TestConnector.StartAsync(gateway, name);
        var unknown = (await connector.ReceivedAsync(id)) with { RecordId = Guid.NewGuid() };

        await connector.ReportAsync(unknown, 4, DeliveryState.Done, "77");

        await Eventually.TrueAsync(() => connector.Acknowledged.Contains((unknown.RecordId, 0L)), "it is answered with nothing held");
    }

    [Fact]
    public async Task A_gateway_restored_from_a_backup_says_what_it_wants_under_a_version_above_the_one_the_connector_knows()
    {
        var (name, id) = await StoredAsync();
        await using var connector = await TestConnector.StartAsync(gateway, name);
        var message = await connector.ReceivedAsync(id);

        await connector.ReportAsync(message, 9, DeliveryState.Stopped, known: 6);

        var again = await connector.ReceivedAsync(id, version: 7);
        Assert.Equal((7L, DeliveryWish.Push), (again.Version, again.Wish));
    }

    [Fact]
    public async Task Every_message_and_every_acknowledgement_carries_the_gateways_epoch()
    {
        var (name, id) = await StoredAsync();
        await using var connector = await TestConnector.StartAsync(gateway, name);
        var message = await connector.ReceivedAsync(id);
        await connector.ReportAsync(message, 1, DeliveryState.InProgress);

        await Eventually.TrueAsync(() => !connector.Acknowledgements.IsEmpty, "the report is acknowledged");
        Assert.Equal(DeliveriesFixture.Epoch, message.Epoch);
        Assert.All(connector.Acknowledgements, held => Assert.Equal(DeliveriesFixture.Epoch, held.Epoch));
    }

    [Fact]
    public async Task A_ledger_restored_from_a_backup_is_told_all_its_deliveries_again_once()
    {
        using var device = await gateway.EnrolAsync();
        var name = await gateway.ConnectAsync("customer");
        var customers = Enumerable.Range(0, 250).Select(_ => An.Customer()).ToArray();
        await device.PushAsync(customers);
        await using var connector = await TestConnector.StartAsync(gateway, name, answers: true);
        await Eventually.TrueAsync(() => connector.Messages.Count == 250, "all are delivered");
        var one = connector.Messages.First();

        await connector.ReportAsync(one, 3, DeliveryState.Done, epoch: 1);
        await connector.ReportAsync(one, 4, DeliveryState.Done, epoch: 1);

        await Eventually.TrueAsync(() => connector.Messages.GroupBy(message => message.RecordId).All(messages => messages.Count() == 2), "each is told again");
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>($"select count(*) from gateway.outbox o join gateway.connection c using (company_id, connection_id) where c.name = '{name}'") == 0, "all are answered");
        Assert.Equal(500, connector.Messages.Count);
    }

    private async Task<(string Connection, Guid Record)> StoredAsync()
    {
        var name = await gateway.ConnectAsync("customer");
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        await device.PushAsync(customer);
        return (name, customer["id"]!.GetValue<Guid>());
    }
}

using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Intake;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>Messages that come together are written together, as if they had come one by one.</summary>
[InCi]
public sealed class IntakeTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F100_Three_hundred_messages_at_once_take_a_few_transactions()
    {
        await using var host = await StartAsync();
        await host.ConnectAsync(company, connection);
        var intake = host.Services.GetRequiredService<IntakeBatches>();
        var customers = Enumerable.Range(0, 10).Select(_ => A.Snapshot()).ToList();
        var orders = Enumerable.Range(0, 300).Select(i => A.Order(company, connection, customers[i % customers.Count])).ToList();

        await Task.WhenAll(orders.Select(order => intake.TakeAsync(order, default)));

        Assert.Equal(310L, await CountAsync("select count(*) from recording.document"));
        Assert.Equal(300L, await CountAsync("select count(*) from recording.wish"));
        Assert.Equal(300L, await CountAsync("select count(*) from recording.dependency"));
        Assert.InRange(await CountAsync("select count(distinct xmin::text) from recording.wish"), 3, 15);
    }

    [Fact]
    public async Task F100_A_message_the_ledger_cannot_hold_fails_alone_and_its_neighbours_of_all_companies_are_written()
    {
        await using var host = await StartAsync();
        var intake = host.Services.GetRequiredService<IntakeBatches>();
        var others = (Company: Guid.NewGuid(), Connection: Guid.NewGuid());
        await host.ConnectAsync(company, connection);
        await host.ConnectAsync(others.Company, others.Connection);
        var good = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? A.Order(company, connection) : A.Order(others.Company, others.Connection)).ToList();
        var bad = A.Order(company, connection) with { Kind = "or\0der" };

        var taken = good.Take(20).Append(bad).Concat(good.Skip(20)).Select(record => (record, Written: intake.TakeAsync(record, default))).ToList();

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => taken.Single(one => one.record == bad).Written);
        Assert.StartsWith("22", refused.SqlState, StringComparison.Ordinal);
        await Task.WhenAll(taken.Where(one => one.record != bad).Select(one => one.Written));
        Assert.Equal(20L, await CountAsync("select count(*) from recording.document"));
        Assert.Equal(20L, await database.ScalarAsync<long>($"select count(*) from recording.document where company_id = '{others.Company}'"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task F104_Messages_written_together_leave_the_ledger_as_one_by_one(int seed)
    {
        await using var host = await StartAsync();
        var intake = host.Services.GetRequiredService<RecordIntake>();
        var together = Guid.NewGuid();
        await host.ConnectAsync(company, connection);
        await host.ConnectAsync(together, connection);
        var messages = Mixed(new Random(seed));

        foreach (var message in messages)
            await intake.TakeAsync(message, default);
        await intake.TakeAsync([.. messages.Select(message => message with { CompanyId = together })], default);

        Assert.Equal(await LedgerAsync(company), await LedgerAsync(together));
    }

    [Fact]
    public void What_concerns_the_same_row_keeps_its_order_and_a_shared_customer_divides_nothing()
    {
        var settings = new Connection(company, connection, "recording:org", new RecordingSettings { Organisation = "org" }, new Dictionary<string, string>());
        var customer = A.Snapshot();
        var itself = A.Customer(company, connection, customer.Id);
        var orders = Enumerable.Range(0, 3).Select(_ => A.Order(company, connection, customer)).ToList();
        DeliverRecord[] messages = [orders[0], orders[1], itself, orders[2], orders[0] with { Version = 2 }];

        var waves = Waves.Of(messages.Select(record => new PlannedRecord(record, settings, PlannedDocument.RecordAndCustomer(record))));

        Assert.Equal([[orders[0], orders[1]], [itself], [orders[2], messages[4]]], waves.Select(wave => wave.Select(message => message.Record)));
    }

    private Task<RecordingHost> StartAsync() => RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);

    private Task<long> CountAsync(string sql) => database.ScalarAsync<long>($"{sql} where company_id = '{company}'");

    // Few records, so that the same come again and again: higher and lower versions and revisions, stops, cancellations, customers by themselves and along with orders.
    private List<DeliverRecord> Mixed(Random random)
    {
        var customers = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToList();
        var orders = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToList();
        return [.. Enumerable.Range(0, 60).Select(_ =>
        {
            var (customer, revision, version) = (customers[random.Next(3)], random.Next(1, 4), random.Next(1, 6));
            var message = random.Next(4) == 0
                ? A.Customer(company, connection, customer, version, revision, $"Ann {version}")
                : A.Order(company, connection, A.Snapshot(customer, $"Ann {revision}", revision), orders[random.Next(6)], version, revision);
            return random.Next(6) switch
            {
                0 => message with { Wish = DeliveryWish.Stop },
                1 => message with { Wish = DeliveryWish.Cancel },
                _ => message,
            };
        })];
    }

    // Reports are levels: that each is raised counts, not how often.
    private Task<string> LedgerAsync(Guid of) => database.ScalarAsync<string>($"""
        select concat_ws(E'\n',
            (select string_agg(concat_ws(' ', document, kind, reports, wish, wanted_revision, wanted_version, state), E'\n' order by document) from recording.document where company_id = '{of}'),
            (select string_agg(concat_ws(' ', record_id, version, revision, wish), E'\n' order by record_id) from recording.wish where company_id = '{of}'),
            (select string_agg(concat_ws(' ', document, payload), E'\n' order by document) from recording.content where company_id = '{of}'),
            (select string_agg(concat_ws(' ', document, needs), E'\n' order by document, needs) from recording.dependency where company_id = '{of}'),
            (select string_agg(record_id::text, E'\n' order by record_id) from recording.report where company_id = '{of}' and due is not null and version > 0))
        """);
}

using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Money;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>
/// All that a connector brings to its ERP, in bad weather, under each rounding that its settings can state: a few documents and one rounding every
/// day, many and all of them in the full tier.
/// </summary>
public abstract class RoundingCases(ConformanceStage stage, ITestOutputHelper output) : ReceiptCases(stage)
{
    // Of these, sums and taxes end in exact halves of a cent.
    private static readonly decimal[] Prices = [0.125m, 1.005m, 2.345m, 3.35m, 10.15m, 29.99m, 84.375m];

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public Task Under_each_rounding_late_commits_leave_each_document_there_once_with_equal_sums() => UnderEachAsync("late commits", Stage.Erp.Roundings[^1], weather => weather.LateCommits);

    [Fact]
    [InCi]
    public Task Under_each_rounding_one_answer_lost_in_ten_leaves_each_document_there_once_with_equal_sums() => UnderEachAsync("lost answers", Stage.Erp.Usual, weather => weather.LostAnswers);

    private async Task UnderEachAsync(string name, RoundingPolicy everyday, Func<Weather, Func<ErpCall, Obstacle>> of)
    {
        foreach (var rounding in Servers.Full ? Stage.Erp.Roundings : [everyday])
        {
            var (seed, before) = (Random.Shared.Next(1_000_000), Line.Calls.Count);
            var weather = new Weather(Clock, seed);
            output.WriteLine($"{rounding.Level} {rounding.Tie}, {name}, seed {seed}");
            await OrganisationThatRoundsAsync(rounding);
            var (documents, sum) = await ChainAsync(rounding, new Random(seed), () => Line.Weather = of(weather));
            output.WriteLine($"  {documents} documents, {sum:0.00} EUR, {Line.Calls.Count - before} calls, {weather.Met} of them in trouble");
            Assert.NotEqual(0, weather.Met);
        }
    }

    // Orders, quotes and receipts of customers who share names; then some orders are changed and some cancelled. Two replicas, one weather.
    private async Task<(int Documents, decimal Sum)> ChainAsync(RoundingPolicy rounding, Random dice, Action begin)
    {
        var (place, count) = (AnotherPlace(), Servers.Full ? 60 : 6);
        ConnectorReplica[] replicas = [await ReplicaAsync(), await ReplicaAsync()];
        var settings = Organisation.Settings();
        // How calls keep to the minute has cases of its own.
        settings["callsPerMinute"] = 100_000;
        await replicas[0].ConnectAsync(place, settings);
        var customers = Enumerable.Range(0, count / 2).Select(i => Capture.Customer($"Zoë Ñandú {i / 2}")).ToList();
        var orders = Enumerable.Range(0, count).Select(i => Capture.Order(place, customers[i % customers.Count], Lines(dice)).As(Stage.Erp, rounding)).ToList();
        var quotes = Has(Ability.Quotes) ? orders.Take(count / 3).Select(order => Capture.Quote(place, order.Customer, null, Lines(dice)).As(Stage.Erp, rounding)).ToList() : [];
        var receipts = Has(Ability.Receipts) ? orders.Take(count / 3).Select(order => Capture.Receipt(place, order.Total(), order: order)).ToList() : [];

        begin();
        await TakeAsync([.. receipts, .. quotes, .. orders]);
        await UntilEndAsync("revision 1 of all", [.. orders, .. quotes, .. receipts]);
        var changed = orders.Where((_, i) => Has(Ability.Changes) && i % 4 == 1).Select(order => order.WithOneMoreLine().As(Stage.Erp, rounding)).ToList();
        var cancelled = orders.Where((_, i) => Has(Ability.Changes) && i % 6 == 4).Select(order => order.Cancelled()).ToList();
        await TakeAsync([.. changed, .. cancelled]);
        await UntilEndAsync("what was changed and cancelled", [.. changed, .. cancelled]);
        Line.Weather = _ => Obstacles.None;

        var last = orders.ToDictionary(order => order.RecordId);
        foreach (var order in changed.Concat(cancelled))
            last[order.RecordId] = order;
        Assert.Equal(
            last.Values.Where(order => order.Wish != DeliveryWish.Cancel).Select(order => (order.RecordId, order.Number, order.Total(), true, false)).Order(),
            (await Organisation.OrdersAsync()).Where(one => !one.Void).Select(Shown).Order());
        Assert.Equal(cancelled.Select(order => order.RecordId).Order(), (await Organisation.OrdersAsync()).Where(one => one.Void).Select(one => one.RecordId!.Value).Order());
        Assert.Equal(quotes.Select(quote => (quote.RecordId, quote.Number, quote.Total(), true, false)).Order(), (await Organisation.QuotesAsync()).Select(Shown).Order());
        Assert.Equal(receipts.Select(receipt => (receipt.RecordId, receipt.Number, receipt.Total(), true, false)).Order(), (await Organisation.ReceiptsAsync()).Select(Shown).Order());
        Assert.Equal(customers.Select(customer => customer.Id).Order(), (await Organisation.CustomersAsync()).Select(one => one.RecordId ?? Guid.Empty).Order());
        foreach (var record in last.Values.Where(order => order.Wish != DeliveryWish.Cancel).Concat(quotes))
            Assert.Equal((DeliveryState.Done, record.Total(), (string?)null), await replicas[1].ReportAsync(record) is var report ? (report.State, report.ExternalTotal ?? 0, report.Code) : default);
        List<DeliverRecord> all = [.. last.Values, .. quotes, .. receipts];
        return (all.Count + customers.Count, all.Sum(record => record.Total()));

        Task UntilEndAsync(string what, IReadOnlyList<DeliverRecord> records) => UntilTrueAsync(async () =>
        {
            Assert.Equal("", await ScalarAsync<string>($"select coalesce(string_agg(reason, '; '), '') from {Schema}.document where company_id = $1 and state = 'refused'", place.Company));
            return await ScalarAsync<long>(
                $"select count(*) from {Schema}.document where company_id = $1 and record_id = any($2) and state = 'done' and holder is null and pushed_revision = wanted_revision",
                place.Company, records.Select(record => record.RecordId).ToArray()) == records.Count;
        }, what, Servers.Full ? TimeSpan.FromMinutes(5) : null);

        Task TakeAsync(IEnumerable<DeliverRecord> records) =>
            Parallel.ForEachAsync(records.Index(), async (record, _) => await replicas[record.Index % 2].TakeAsync(record.Item));
    }

    private static (Guid, string?, decimal, bool, bool) Shown(ErpDocument one) => (one.RecordId ?? Guid.Empty, one.Number, one.Total ?? 0, one.Final, one.Void);

    private static OrderLine[] Lines(Random dice) => [.. Enumerable.Range(0, dice.Next(1, 6)).Select(_ => Some.Line(
        dice.Next(2) == 0 ? "A" : "B", dice.Next(4) == 0 ? dice.Next(1, 400) / 4m : dice.Next(1, 30), Prices[dice.Next(Prices.Length)], dice.Next(4) switch { 0 => 0, 1 => 8, 2 => 10, _ => 20 }))];
}

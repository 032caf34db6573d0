using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.QuickBooks;

/// <summary>QuickBooks' refresh tokens are good once here: each refresh gives another and ends the one before.</summary>
[InCi]
public sealed class QuickBooksTokenTests(QuickBooksStage stage) : ConformanceCase(stage), IClassFixture<QuickBooksStage>
{
    private const int Workers = 16;
    private static readonly int Expiries = Servers.Full ? 1_000 : 24;

    private QuickBooksSide.Company Company => (QuickBooksSide.Company)Organisation;

    [Fact]
    public async Task Sixteen_workers_of_two_replicas_that_find_a_token_expired_again_and_again_make_one_refresh_each_time()
    {
        var replicas = new[] { await ConnectedAsync(), await ReplicaAsync() };
        var given = new HashSet<string>();

        for (var expiry = 0; expiry < Expiries; expiry++)
        {
            var tokens = await Task.WhenAll(Enumerable.Range(0, Workers).Select(i => Task.Run(() => replicas[i % 2].TokenAsync(Home))));
            Assert.True(given.Add(Assert.Single(tokens.Distinct())), $"expiry {expiry}: an old token was given");
            Clock.Advance(TimeSpan.FromHours(1));
        }

        var refreshes = Line.To(CallStep.Token).ToList();
        Assert.Equal((Expiries, Expiries), (refreshes.Count, refreshes.Select(call => call.Body).Distinct().Count()));
        Assert.All(refreshes, call => Assert.Equal(200, call.Status));
    }

    [Fact]
    public async Task A_replica_killed_between_refresh_and_save_is_followed_by_one_that_goes_on_where_QuickBooks_still_takes_the_token_before()
    {
        await Company.PutAsync(new { previousRefreshTokenLives = true });
        var orders = await KilledAtTheRefreshAsync();

        await ReplicaAsync();
        await DoneAsync(orders);

        Assert.DoesNotContain(Line.To(CallStep.Token), call => call.Status == 400);
        foreach (var order in orders)
            await OnceAsync(order);
    }

    [Fact]
    public async Task A_replica_killed_between_refresh_and_save_leaves_all_waiting_for_a_new_approval_where_it_does_not_and_nothing_is_lost()
    {
        var orders = await KilledAtTheRefreshAsync();

        var second = await ReplicaAsync();
        await UntilTrueAsync(async () => await ScalarAsync<bool>($"select reconnect from {Schema}.account where company_id = $1", Home.Company), "reconnect");
        var reports = new List<DeliveryReport>();
        foreach (var order in orders)
            reports.Add(await second.ReportAsync(order));
        Assert.Empty(await Organisation.OrdersAsync());
        await Organisation.ApproveAsync();
        await second.ConnectAsync(Home, Organisation.Settings());
        await DoneAsync(orders);

        Assert.All(reports, report => Assert.Equal((DeliveryState.Reconnect, "connection.reconnect"), (report.State, report.Code)));
        foreach (var order in orders)
            await OnceAsync(order);
    }

    // QuickBooks has given a new token and ended the old one; whoever asked for it never saves it.
    private async Task<List<DeliverRecord>> KilledAtTheRefreshAsync()
    {
        var first = await ConnectedAsync();
        var customer = Capture.Customer();
        await PushAsync(first, customer.Record(Home));
        Clock.Advance(TimeSpan.FromHours(2));
        var held = new Held();
        Line.Lay(CallStep.Token, Obstacles.Waits(held, carriedOut: true));
        var orders = Enumerable.Range(0, 3).Select(_ => Capture.Order(Home, customer)).ToList();
        foreach (var order in orders)
            await first.TakeAsync(order);
        await ReachedAsync(held);
        first.Kill();
        return orders;
    }
}

using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Intake;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>One account's ERP is away while much waits for it in the ledger.</summary>
[InCi]
public sealed class AwayAccountTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private const int Batch = 100;
    private static readonly int Waiting = Servers.Full ? 100_000 : 500;
    private static readonly int Drained = Servers.Full ? 2_000 : 200;
    private readonly ManualClock clock = new();

    [Fact]
    public async Task F106_An_account_that_is_away_keeps_nobody_waiting_fills_no_memory_and_is_caught_up_in_order()
    {
        var erp = new RecordingErp(clock);
        var away = true;
        erp.Arriving = call => away && call.Account == "recording:away" ? throw Away() : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        var (slow, quick) = ((Company: Guid.NewGuid(), Connection: Guid.NewGuid()), (Company: Guid.NewGuid(), Connection: Guid.NewGuid()));
        await host.ConnectAsync(slow.Company, slow.Connection, "away");
        await host.ConnectAsync(quick.Company, quick.Connection, "there");
        await MedianAsync(host, quick);
        var before = await MedianAsync(host, quick);
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        var captured = new List<Guid>();
        var known = new HashSet<Guid>();
        for (var i = 0; i < Waiting; i += Batch)
        {
            DeliverRecord[] orders = [.. Enumerable.Range(0, Batch).Select(_ => A.Order(slow.Company, slow.Connection))];
            captured.AddRange(orders.Select(order => order.RecordId));
            known.UnionWith(orders.Select(order => order.RecordId));
            await host.Services.GetRequiredService<RecordIntake>().TakeAsync(orders, default);
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        var during = await MedianAsync(host, quick);
        var grown = (GC.GetTotalMemory(forceFullCollection: true) - memory) >> 20;
        var tried = erp.Calls.Where(call => call.Account == "recording:away").Select(call => call.RecordId).ToHashSet();
        away = false;
        clock.Advance(TimeSpan.FromMinutes(6));
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return erp.Created.Count(Ours) >= Drained;
        }, "it is caught up", TimeSpan.FromMinutes(3));

        // Other tests share the machine, and this process's memory.
        Assert.True(during < before * 2 + TimeSpan.FromMilliseconds(Servers.Full ? 150 : 3_000), $"an order took {before.TotalMilliseconds:0} ms before and {during.TotalMilliseconds:0} ms while the other account was away");
        Assert.True(grown < (Servers.Full ? 30 : 300), $"{grown} MB are held for {Waiting} documents that wait");
        Assert.InRange(tried.Count, 1, 50);
        // What had been tried comes when its back-off ends; all else in the order it came in.
        var arrived = erp.Created.Where(Ours).Select(document => document.RecordId).Where(id => !tried.Contains(id)).ToList();
        var place = captured.Where(id => !tried.Contains(id)).Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i);
        var strayed = arrived.Select((id, i) => Math.Abs(place[id] - i)).Max();
        Assert.True(strayed < 40, $"one came {strayed} places from its own");

        bool Ours(RecordedDocument document) => known.Contains(document.RecordId);
    }

    // As the framework says it of an ERP that does not answer, or answers 503.
    private static OutcomeException Away() => new(new Outcome.Later("The ERP does not answer.", TimeSpan.FromMinutes(5), WholeAccount: true));

    private async Task<TimeSpan> MedianAsync(RecordingHost host, (Guid Company, Guid Connection) to)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var order = A.Order(to.Company, to.Connection);
            var taken = Stopwatch.GetTimestamp();
            await host.TakeAsync(order);
            await database.UntilAsync(order.RecordId, "done");
            times.Add(Stopwatch.GetElapsedTime(taken));
        }

        return times.Order().ElementAt(2);
    }
}

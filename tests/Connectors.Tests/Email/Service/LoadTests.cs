using System.Diagnostics;
using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>Many orders in a short time; the long tier has the real number.</summary>
[Collection(nameof(EmailService))]
[InCi]
public sealed class LoadTests(EmailService service, ITestOutputHelper output)
{
    private static readonly int Orders = Servers.Full ? 1_500 : 12;

    [Fact]
    public async Task A_month_s_orders_are_mailed_within_minutes_and_memory_stays_flat()
    {
        await using var server = new ScriptedSmtp();
        var (company, connection) = (Guid.NewGuid(), Guid.NewGuid());
        var orders = Enumerable.Range(1, Orders).Select(i => AnOrder.With(lines: 1 + i % 12, number: $"SO-{i}", customerEmail: $"buyer{i}@c.example"))
            .Select(order => order with { Info = order.Info with { CompanyId = company, ConnectionId = connection } }).ToList();
        await service.ConnectAsync(orders[0], new { from = "orders@n.example", fromName = "Northwind", server = server.Uri });
        var clock = Stopwatch.StartNew();
        var memory = new List<(int Mailed, long Service, int Browser)>();

        foreach (var order in orders)
            await service.DeliverAsync(order);
        await Eventually.TrueAsync(() =>
        {
            var mailed = orders.Count(order => service.NewestOf(order)?.State == DeliveryState.Done);
            if (memory.Count == 0 || mailed >= memory[^1].Mailed + Math.Max(4, Orders / 15))
                memory.Add((mailed, Megabytes(service.Process.ProcessId), TreeOf(service.Process.ProcessId).Sum(id => (int)Megabytes(id))));
            return mailed == Orders;
        }, "all to be mailed", TimeSpan.FromMinutes(10));

        output.WriteLine($"{Orders} orders in {clock.Elapsed.TotalSeconds:0} s; mailed, service MB, its browser and driver MB: {string.Join("; ", memory)}; {server.Lines} lines");
        Assert.Equal(Orders, server.Received.Count);
        var early = memory[memory.Count / 3];
        Assert.True(memory[^1].Service <= early.Service * 1.5 + 100, string.Join("; ", memory));
        Assert.True(memory[^1].Browser <= early.Browser * 1.5 + 200, string.Join("; ", memory));
    }

    private static IEnumerable<int> TreeOf(int process)
    {
        foreach (var child in Process.GetProcesses().Where(other => ParentOf(other.Id) == process).Select(other => other.Id))
            foreach (var below in TreeOf(child).Prepend(child))
                yield return below;
    }

    // Resident less shared, so that what processes share does not count for each.
    private static long Megabytes(int process)
    {
        var pages = Read($"/proc/{process}/statm")?.Split(' ');
        return pages is null ? 0 : (long.Parse(pages[1], null) - long.Parse(pages[2], null)) * Environment.SystemPageSize / (1024 * 1024);
    }

    private static int ParentOf(int process) => Read($"/proc/{process}/stat") is { } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], null) : 0;

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}

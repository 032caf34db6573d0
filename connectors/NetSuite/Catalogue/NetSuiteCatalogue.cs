using System.Collections.Concurrent;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>
/// Items as last seen, kept for a few minutes for each account: orders ask for the same few again and again. What is missing is not kept, so that what the office has just
/// mended is seen at once.
/// </summary>
internal sealed class NetSuiteCatalogue(CatalogueCalls netSuite, TimeProvider time)
{
    private const int MostEntries = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(Guid Company, string Account, string Sku), (Item Item, DateTimeOffset Until)> items = new();

    /// <summary>The items of these SKUs, as far as they exist, and the mapped taxes.</summary>
    public async Task<Catalogue> ReadAsync(Steps steps, IReadOnlyCollection<string> skus, CancellationToken stop)
    {
        var (company, account, settings) = (steps.Connection.CompanyId, steps.Connection.Account, steps.Connection.Settings<NetSuiteSettings>());
        var found = skus.Where(sku => items.TryGetValue((company, account, sku), out var seen) && time.GetUtcNow() < seen.Until)
            .ToDictionary(sku => sku, sku => (IReadOnlyList<Item>)[items[(company, account, sku)].Item], StringComparer.Ordinal);
        var wanted = skus.Where(sku => !found.ContainsKey(sku)).ToList();
        var read = await netSuite.FindItemsAsync(steps, wanted, stop);
        if (items.Count >= MostEntries)
            items.Clear();
        foreach (var sku in wanted)
        {
            found[sku] = [.. read.Where(item => item.Sku(settings) == sku).DistinctBy(item => item.Id)];
            if (found[sku] is [var only])
                items[(company, account, sku)] = (only, time.GetUtcNow() + Kept);
        }

        return new Catalogue(found, steps.Connection.AllMapped(NetSuiteMappings.Tax));
    }

    /// <summary>What a test of the connection finds: that we are let in and may ask.</summary>
    /// <exception cref="OutcomeException">It does not work.</exception>
    public async Task<string> TestAsync(Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<NetSuiteSettings>();
        var count = await netSuite.CountItemsAsync(steps, stop);
        return $"NetSuite answers for account {settings.AccountId}{(count is { } items ? $", which has {items} items" : "")}. Orders become {(settings.OrderStatus == OrderStatus.PendingApproval ? "pending approval" : "pending fulfilment")} there.";
    }
}

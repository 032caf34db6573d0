using System.Collections.Concurrent;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>
/// Items and taxes as last seen, kept for a few minutes for each account: orders ask for the same few again and again, and Zoho counts
/// calls. What is missing or inactive is not kept, so that what the office has just mended is seen at once.
/// </summary>
internal sealed class ZohoCatalogue(ZohoClient zoho, TimeProvider time)
{
    private const int MostEntries = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Account, string Sku), Seen<Item>> items = new();
    private readonly ConcurrentDictionary<string, Seen<IReadOnlyList<TaxEntry>>> taxes = new();

    /// <summary>The items of these SKUs, as far as they exist, and the taxes.</summary>
    /// <param name="steps">Whose.</param>
    /// <param name="skus">Items wanted.</param>
    /// <param name="rates">Tax rates wanted: a rate that was not there is looked for again.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<Catalogue> ReadAsync(Steps steps, IReadOnlyCollection<string> skus, IEnumerable<decimal> rates, CancellationToken stop)
    {
        var found = new Dictionary<string, Item>(StringComparer.Ordinal);
        foreach (var sku in skus)
        {
            if (await ItemAsync(steps, sku, stop) is { } item)
                found[sku] = item;
        }

        return new Catalogue(found, await TaxesAsync(steps, rates, stop));
    }

    private async Task<Item?> ItemAsync(Steps steps, string sku, CancellationToken stop)
    {
        var key = (steps.Connection.Account, sku);
        if (items.TryGetValue(key, out var seen) && time.GetUtcNow() < seen.Until)
            return seen.Value;

        var item = await zoho.FindItemAsync(steps, sku, stop);
        if (items.Count >= MostEntries)
            items.Clear();
        if (item is { Status: null or "active" })
            items[key] = new Seen<Item>(item, time.GetUtcNow() + Kept);
        else
            items.TryRemove(key, out _);
        return item;
    }

    private async Task<IReadOnlyList<TaxEntry>> TaxesAsync(Steps steps, IEnumerable<decimal> rates, CancellationToken stop)
    {
        var account = steps.Connection.Account;
        if (taxes.TryGetValue(account, out var seen) && time.GetUtcNow() < seen.Until
            && rates.All(rate => rate == 0 || seen.Value.Any(tax => tax.TaxPercentage == rate)))
            return seen.Value;

        var all = await zoho.ListTaxesAsync(steps, stop);
        taxes[account] = new Seen<IReadOnlyList<TaxEntry>>(all, time.GetUtcNow() + Kept);
        return all;
    }

    private sealed record Seen<T>(T Value, DateTimeOffset Until);
}

using System.Collections.Concurrent;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Zoho;

/// <summary>
/// Items and taxes as last seen, kept for a few minutes for each account: orders ask for the same few again and again, and Zoho counts
/// calls. What is missing or inactive is not kept, so that what the office has just mended is seen at once.
/// </summary>
internal sealed class ZohoCatalogue(CatalogueCalls zoho, TimeProvider time)
{
    private const int MostEntries = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(Guid Company, string Account, string Sku), Seen<Item>> items = new();
    private readonly ConcurrentDictionary<(Guid Company, string Account), Seen<IReadOnlyList<TaxEntry>>> taxes = new();

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

        return new Catalogue(found, await TaxesAsync(steps, rates, stop), steps.Connection.AllMapped(ZohoMappings.Tax));
    }

    /// <summary>What a kind of things of ours can be mapped to; always asked, since a person has just been there.</summary>
    public Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => zoho.CandidatesAsync(mapping, steps, stop);

    /// <summary>What a test of the connection finds: the organisation, and that its settings can be read.</summary>
    /// <exception cref="OutcomeException">It does not work.</exception>
    public async Task<string> TestAsync(Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<ZohoSettings>();
        var organization = await zoho.OrganizationAsync(steps, stop) ?? throw new OutcomeException(new Outcome.Refused(
            "connection.organization", $"Who approved the connection has no organisation {settings.OrganizationId} in Zoho.",
            "Copy the number from Settings > Organization Profile in Zoho, or connect again as a user of that organisation."));
        var all = await zoho.ListTaxesAsync(steps, stop);
        return $"{settings.Flavour.Title} answers for {organization.Name ?? "organisation"} ({organization.OrganizationId}), which keeps its books in {organization.CurrencyCode} and has {all.Count} taxes.";
    }

    private async Task<Item?> ItemAsync(Steps steps, string sku, CancellationToken stop)
    {
        var key = (steps.Connection.CompanyId, steps.Connection.Account, sku);
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
        var account = (steps.Connection.CompanyId, steps.Connection.Account);
        if (taxes.TryGetValue(account, out var seen) && time.GetUtcNow() < seen.Until
            && rates.All(rate => rate == 0 || seen.Value.Any(tax => tax.TaxPercentage == rate)))
            return seen.Value;

        var all = await zoho.ListTaxesAsync(steps, stop);
        taxes[account] = new Seen<IReadOnlyList<TaxEntry>>(all, time.GetUtcNow() + Kept);
        return all;
    }

    private sealed record Seen<T>(T Value, DateTimeOffset Until);
}

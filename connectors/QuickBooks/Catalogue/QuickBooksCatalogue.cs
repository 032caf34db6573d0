using System.Collections.Concurrent;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.QuickBooks;

/// <summary>
/// Items, tax codes and preferences as last seen, kept for a while for each account: orders ask for the same few again and again. What is missing or
/// inactive is not kept, so that what the office has just mended is seen at once.
/// </summary>
internal sealed class QuickBooksCatalogue(CatalogueCalls quickBooks, TimeProvider time)
{
    private const int MostEntries = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PreferencesKept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(Guid Company, string Account, string Sku), Seen<Item>> items = new();
    private readonly ConcurrentDictionary<(Guid Company, string Account), Seen<IReadOnlyList<TaxEntry>>> taxes = new();
    private readonly ConcurrentDictionary<(Guid Company, string Account), Seen<Preferences>> preferences = new();

    /// <summary>The items of these SKUs, as far as they exist, the tax codes and the preferences.</summary>
    /// <param name="steps">Whose.</param>
    /// <param name="skus">Items wanted.</param>
    /// <param name="rates">Tax rates wanted: a rate that was not there is looked for again.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<Catalogue> ReadAsync(Steps steps, IReadOnlyCollection<string> skus, IEnumerable<decimal> rates, CancellationToken stop)
    {
        var (company, account) = (steps.Connection.CompanyId, steps.Connection.Account);
        var found = skus.Where(sku => items.TryGetValue((company, account, sku), out var seen) && time.GetUtcNow() < seen.Until)
            .ToDictionary(sku => sku, sku => (IReadOnlyList<Item>)[items[(company, account, sku)].Value], StringComparer.Ordinal);
        var wanted = skus.Where(sku => !found.ContainsKey(sku)).ToList();
        var read = await quickBooks.FindItemsAsync(steps, wanted, stop);
        if (items.Count >= MostEntries)
            items.Clear();
        foreach (var sku in wanted)
        {
            // QuickBooks compares without case; a SKU is meant exactly.
            found[sku] = [.. read.Where(item => item.Sku == sku)];
            if (found[sku] is [{ Active: not false } only])
                items[(company, account, sku)] = new(only, time.GetUtcNow() + Kept);
        }

        return new Catalogue(found, await TaxesAsync(steps, rates, stop), await PreferencesAsync(steps, stop), steps.Connection.AllMapped(QuickBooksMappings.Tax));
    }

    /// <summary>What the company has switched on; seldom changed.</summary>
    public async Task<Preferences> PreferencesAsync(Steps steps, CancellationToken stop)
    {
        var account = (steps.Connection.CompanyId, steps.Connection.Account);
        if (preferences.TryGetValue(account, out var seen) && time.GetUtcNow() < seen.Until)
            return seen.Value;
        var read = await quickBooks.PreferencesAsync(steps, stop);
        preferences[account] = new(read, time.GetUtcNow() + PreferencesKept);
        return read;
    }

    /// <summary>What a kind of things of ours can be mapped to; always asked, since a person has just been there.</summary>
    public Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => quickBooks.CandidatesAsync(mapping, steps, stop);

    /// <summary>What a test of the connection finds: the company, and what is switched on.</summary>
    /// <exception cref="OutcomeException">It does not work.</exception>
    public async Task<string> TestAsync(Steps steps, CancellationToken stop)
    {
        var company = await quickBooks.CompanyAsync(steps, stop);
        var switched = await quickBooks.PreferencesAsync(steps, stop);
        var all = await quickBooks.ListTaxesAsync(steps, stop);
        var (settings, inUs) = (steps.Connection.Settings<QuickBooksSettings>(), company?.Country is "US" or "USA");
        if (company?.Country is not null && inUs != (settings.Taxes == TaxSystem.Us))
            throw new OutcomeException(new Outcome.Refused(
                "connection.taxes", $"The company is in {company.Country}, and the connection says that its taxes are {(inUs ? "those of other countries" : "those of the US")}.",
                $"Set Taxes to {(inUs ? "us" : "global")} in Connections > QuickBooks."));
        return $"QuickBooks answers for {company?.CompanyName ?? "the company"} ({settings.RealmId}), which keeps its books in {switched.CurrencyPrefs?.HomeCurrency?.Value ?? "its own currency"}, has {all.Count} tax codes and "
            + $"{(switched.OwnNumbers ? "takes our numbers for documents" : "numbers its documents itself: switch on custom transaction numbers to see ours there")}.";
    }

    private async Task<IReadOnlyList<TaxEntry>> TaxesAsync(Steps steps, IEnumerable<decimal> rates, CancellationToken stop)
    {
        var account = (steps.Connection.CompanyId, steps.Connection.Account);
        if (taxes.TryGetValue(account, out var seen) && time.GetUtcNow() < seen.Until && rates.All(rate => rate == 0 || seen.Value.Any(tax => tax.Rate == rate)))
            return seen.Value;

        var all = await quickBooks.ListTaxesAsync(steps, stop);
        taxes[account] = new(all, time.GetUtcNow() + Kept);
        return all;
    }

    private sealed record Seen<T>(T Value, DateTimeOffset Until);
}

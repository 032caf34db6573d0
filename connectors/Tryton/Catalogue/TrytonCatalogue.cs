using System.Collections.Concurrent;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Tryton;

/// <summary>
/// Products, taxes, units and currencies as last seen, kept for a few minutes for each account. What is missing or inactive is not kept, so that what the
/// office has just mended is seen at once.
/// </summary>
internal sealed class TrytonCatalogue(CatalogueCalls tryton, TrytonClient client, TimeProvider time)
{
    private const int MostEntries = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(Guid Company, string Account, string Sku), Seen<Product>> products = new();
    private readonly ConcurrentDictionary<(Guid Company, string Account), Seen<Basics>> basics = new();

    /// <summary>The products of these SKUs, as far as they exist, and what all documents need.</summary>
    /// <param name="steps">Whose.</param>
    /// <param name="skus">Products wanted.</param>
    /// <param name="rates">Tax rates wanted: a rate that was not there is looked for again.</param>
    /// <param name="currency">Currency wanted, in the same way.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<Catalogue> ReadAsync(Steps steps, IReadOnlyCollection<string> skus, IReadOnlyCollection<decimal> rates, string currency, CancellationToken stop)
    {
        var all = await BasicsAsync(steps, rates, currency, stop);
        return new(all.Company, await ProductsAsync(steps, skus, stop), all.Taxes, all.Units, all.Currencies, steps.Connection.AllMapped(TrytonMappings.Tax));
    }

    /// <summary>Id of the company that the connection works for.</summary>
    public Task<int> CompanyAsync(Steps steps, CancellationToken stop) => client.CompanyAsync(steps, stop);

    /// <summary>The id of a country, by its code or its name.</summary>
    public Task<int?> CountryAsync(Steps steps, string country, CancellationToken stop) => tryton.CountryAsync(steps, country.Trim(), stop);

    /// <summary>What a kind of things of ours can be mapped to; always asked, since a person has just been there.</summary>
    public Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => tryton.CandidatesAsync(mapping, steps, stop);

    /// <summary>What a test of the connection finds: the company, its currencies and its taxes.</summary>
    public async Task<string> TestAsync(Steps steps, CancellationToken stop)
    {
        var company = await client.CompanyAsync(steps, stop);
        var taxes = await tryton.TaxesAsync(steps, company, stop);
        return $"Tryton answers for {await tryton.CompanyNameAsync(steps, company, stop)} (company {company}), which has {taxes.Count} taxes.";
    }

    private async Task<Dictionary<string, Product>> ProductsAsync(Steps steps, IReadOnlyCollection<string> skus, CancellationToken stop)
    {
        var (found, missing) = (new Dictionary<string, Product>(StringComparer.Ordinal), new List<string>());
        foreach (var sku in skus)
        {
            if (products.TryGetValue(Key(sku), out var seen) && time.GetUtcNow() < seen.Until)
                found[sku] = seen.Value;
            else
                missing.Add(sku);
        }

        if (missing.Count == 0)
            return found;
        if (products.Count >= MostEntries)
            products.Clear();
        foreach (var product in (await tryton.ProductsAsync(steps, missing, stop)).OrderBy(product => product.Active))
        {
            found[product.Code!] = product;
            if (product is { Active: true, Salable: true })
                products[Key(product.Code!)] = new(product, time.GetUtcNow() + Kept);
        }

        return found;

        (Guid, string, string) Key(string sku) => (steps.Connection.CompanyId, steps.Connection.Account, sku);
    }

    private async Task<Basics> BasicsAsync(Steps steps, IReadOnlyCollection<decimal> rates, string currency, CancellationToken stop)
    {
        var account = (steps.Connection.CompanyId, steps.Connection.Account);
        if (basics.TryGetValue(account, out var seen) && time.GetUtcNow() < seen.Until
            && rates.All(rate => rate == 0 || seen.Value.Taxes.Any(tax => tax.Percent == rate)) && seen.Value.Currencies.Any(one => one.Code == currency))
            return seen.Value;
        var company = await client.CompanyAsync(steps, stop);
        var all = new Basics(company, await tryton.TaxesAsync(steps, company, stop), await tryton.UnitsAsync(steps, stop), await tryton.CurrenciesAsync(steps, stop));
        basics[account] = new(all, time.GetUtcNow() + Kept);
        return all;
    }

    private sealed record Basics(int Company, IReadOnlyList<Tax> Taxes, IReadOnlyList<Unit> Units, IReadOnlyList<Currency> Currencies);

    private sealed record Seen<T>(T Value, DateTimeOffset Until);
}

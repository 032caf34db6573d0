using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.QuickBooks;

/// <summary>What is asked of a company besides documents: items, tax codes, preferences, and what things of ours can be mapped to.</summary>
internal sealed class CatalogueCalls(QuickBooksClient quickBooks)
{
    private const int AtOnce = 30;

    /// <summary>The items of these SKUs, inactive ones too.</summary>
    public async Task<IReadOnlyList<Item>> FindItemsAsync(Steps steps, IEnumerable<string> skus, CancellationToken stop)
    {
        var found = new List<Item>();
        foreach (var some in skus.Chunk(AtOnce))
        {
            var list = string.Join(',', some.Select(sku => $"'{QuickBooksClient.Quoted(sku)}'"));
            found.AddRange((await quickBooks.QueryAsync(steps, $"select * from Item where Sku in ({list}) and Active in (true,false) maxresults {QuickBooksClient.MostRows}", "the items", stop)).Item ?? []);
        }

        return found;
    }

    /// <summary>All active tax codes with their rates; a code of several rates has their sum.</summary>
    public async Task<IReadOnlyList<TaxEntry>> ListTaxesAsync(Steps steps, CancellationToken stop)
    {
        var codes = (await quickBooks.QueryAsync(steps, $"select * from TaxCode maxresults {QuickBooksClient.MostRows}", "the tax codes", stop)).TaxCode ?? [];
        var rates = ((await quickBooks.QueryAsync(steps, $"select * from TaxRate maxresults {QuickBooksClient.MostRows}", "the tax rates", stop)).TaxRate ?? []).ToDictionary(rate => rate.Id, rate => rate.RateValue ?? 0);
        return [.. codes.Select(code => new TaxEntry(code.Id, code.Name ?? code.Id, (code.SalesTaxRateList?.TaxRateDetail ?? []).Sum(detail => rates.GetValueOrDefault(detail.TaxRateRef.Value))))];
    }

    /// <summary>What the company has switched on.</summary>
    public async Task<Preferences> PreferencesAsync(Steps steps, CancellationToken stop) =>
        (await quickBooks.QueryAsync(steps, "select * from Preferences", "the preferences", stop)).Preferences is [var only, ..] ? only : new Preferences(null, null);

    /// <summary>Whose books they are.</summary>
    public async Task<CompanyInfo?> CompanyAsync(Steps steps, CancellationToken stop) =>
        (await quickBooks.QueryAsync(steps, "select * from CompanyInfo", "the company", stop)).CompanyInfo is [var only, ..] ? only : null;

    /// <summary>What a kind of things of ours can be mapped to.</summary>
    public async Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => mapping switch
    {
        QuickBooksMappings.Tax => [.. (await ListTaxesAsync(steps, stop)).Select(tax => new Candidate(tax.Id, $"{tax.Name}, {QuickBooksMoney.Plain(tax.Rate)} %"))],
        QuickBooksMappings.PaymentMethod => Named((await quickBooks.QueryAsync(steps, $"select * from PaymentMethod maxresults {QuickBooksClient.MostRows}", "the payment methods", stop)).PaymentMethod),
        QuickBooksMappings.Location => Named((await quickBooks.QueryAsync(steps, $"select * from Department maxresults {QuickBooksClient.MostRows}", "the locations", stop)).Department),
        _ => [],
    };

    private static IReadOnlyList<Candidate> Named(IReadOnlyList<NamedEntry>? entries) => [.. (entries ?? []).Select(one => new Candidate(one.Id, one.Name ?? one.Id))];
}

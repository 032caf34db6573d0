using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Tryton;

/// <summary>What is asked of a company besides documents: products, taxes, units, and what things of ours can be mapped to.</summary>
internal sealed class CatalogueCalls(TrytonClient tryton)
{
    private static readonly string[] OnlyName = ["rec_name"];

    private static readonly string[] ProductFields = ["code", "name", "active", "salable", "sale_uom.name", "sale_uom.symbol", "sale_uom.digits", "sale_uom.category"];

    /// <summary>The products of these codes; several may have had one in the past, only one active product has it.</summary>
    public Task<List<Product>> ProductsAsync(Steps steps, IReadOnlyCollection<string> skus, CancellationToken stop) => tryton.AskAsync<List<Product>>(
        steps, Rpc.Search("product.product", "the products", [new object[] { "code", "in", skus }, Always], ProductFields), stop);

    /// <summary>The taxes of the company that are percentages of their own; a tax with parts cannot be foretold.</summary>
    public async Task<List<Tax>> TaxesAsync(Steps steps, int company, CancellationToken stop) =>
        [.. (await tryton.AskAsync<List<Tax>>(steps, Rpc.Search(
            "account.tax", "the taxes", [new object?[] { "company", "=", company }, new object?[] { "parent", "=", null }, new object[] { "type", "=", "percentage" }],
            ["name", "type", "rate", "childs"]), stop)).Where(tax => tax.Childs is null or [])];

    /// <summary>The units of measure.</summary>
    public Task<List<Unit>> UnitsAsync(Steps steps, CancellationToken stop) =>
        tryton.AskAsync<List<Unit>>(steps, Rpc.Search("product.uom", "the units", [], ["name", "symbol", "digits", "category"]), stop);

    /// <summary>The currencies.</summary>
    public Task<List<Currency>> CurrenciesAsync(Steps steps, CancellationToken stop) =>
        tryton.AskAsync<List<Currency>>(steps, Rpc.Search("currency.currency", "the currencies", [], ["code", "digits"]), stop);

    /// <summary>The id of a country, by its code or its name.</summary>
    public async Task<int?> CountryAsync(Steps steps, string country, CancellationToken stop) => (await tryton.AskAsync<List<Named>>(steps, Rpc.Search(
        "country.country", $"country {country}",
        [new object[] { "OR", new object[] { "code", "=", country.ToUpperInvariant() }, new object[] { "code3", "=", country.ToUpperInvariant() }, new object[] { "name", "ilike", Literal(country) } }],
        ["name", "code"], limit: 1), stop)) is [var found] ? found.Id : null;

    /// <summary>The company's name.</summary>
    public async Task<string> CompanyNameAsync(Steps steps, int company, CancellationToken stop) =>
        (await tryton.AskAsync<List<RecordName>>(steps, new("model.company.company.read", "the company", new[] { company }, OnlyName), stop))[0].RecName;

    /// <summary>What a kind of things of ours can be mapped to.</summary>
    public async Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop)
    {
        var company = await tryton.CompanyAsync(steps, stop);
        return mapping switch
        {
            TrytonMappings.Tax => [.. (await TaxesAsync(steps, company, stop)).Select(tax => new Candidate($"{tax.Id}", $"{tax.Name}, {TrytonMoney.Plain(tax.Percent)} %"))],
            TrytonMappings.Unit => [.. (await UnitsAsync(steps, stop)).Select(unit => new Candidate($"{unit.Id}", unit.Name ?? unit.Symbol ?? $"{unit.Id}"))],
            TrytonMappings.PaymentMode => await NamesAsync("account.invoice.payment.method", [new object[] { "company", "=", company }]),
            TrytonMappings.PaymentTerm => await NamesAsync("account.invoice.payment_term", []),
            TrytonMappings.Location => await NamesAsync("stock.location", [new object[] { "type", "=", "warehouse" }]),
            _ => [],
        };

        async Task<IReadOnlyList<Candidate>> NamesAsync(string model, object?[] domain) =>
            [.. (await tryton.AskAsync<List<Named>>(steps, Rpc.Search(model, "the list", domain, ["name"]), stop)).Select(one => new Candidate($"{one.Id}", one.Name ?? $"{one.Id}"))];
    }

    /// <summary>Inactive rows are hidden unless one asks for them.</summary>
    public static object[] Always { get; } = ["active", "in", new[] { true, false }];

    private static string Literal(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private sealed record RecordName(int Id, string RecName);
}

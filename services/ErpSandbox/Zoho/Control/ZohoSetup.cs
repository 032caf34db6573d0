using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What a set-up brings besides settings: credentials, taxes, places, people, items, price lists. The same again changes nothing.</summary>
internal sealed record ZohoSetup(
    string? ClientId,
    string? ClientSecret,
    IReadOnlyList<ZohoSetup.Tax> Taxes,
    IReadOnlyList<string> Locations,
    IReadOnlyList<string> Salespersons,
    IReadOnlyList<ZohoSetup.Category> Categories,
    IReadOnlyList<ZohoItemSetup> Items,
    IReadOnlyList<ZohoPricebookSetup> Pricebooks)
{
    public sealed record Tax(string TaxName, decimal TaxPercentage);

    public sealed record Category(string Name, string? Parent);

    /// <summary>Takes its parts out of a body; settings remain.</summary>
    public static ZohoSetup Take(JsonObject body) => new(
        Part<string>(body, "client_id"), Part<string>(body, "client_secret"), Part<List<Tax>>(body, "taxes") ?? [], Part<List<string>>(body, "locations") ?? [],
        Part<List<string>>(body, "salespersons") ?? [], Part<List<Category>>(body, "categories") ?? [], Part<List<ZohoItemSetup>>(body, "items") ?? [],
        Part<List<ZohoPricebookSetup>>(body, "pricebooks") ?? []);

    /// <summary>What is wrong with it, if anything.</summary>
    public string? Problem(ZohoOrganisation? before)
    {
        var rates = (before?.Taxes ?? []).Select(tax => tax.TaxPercentage).Concat(Taxes.Select(tax => tax.TaxPercentage)).ToHashSet();
        var places = (before?.Locations ?? []).Select(one => one.LocationName).Concat(Locations).ToHashSet(StringComparer.Ordinal);
        var skus = Items.Select(item => item.Sku).ToHashSet(StringComparer.Ordinal);
        foreach (var item in Items)
        {
            if (item.Problem(before, rates, places) is { } problem)
                return problem;
        }

        if (Pricebooks.SelectMany(book => book.Items ?? []).FirstOrDefault(one => !skus.Contains(one.Sku) && before?.ItemsBySku(one.Sku).Any() != true) is { } unknown)
            return $"a price list names the item {unknown.Sku}, which is not there";
        if (Locations.Concat(Salespersons).Concat(Categories.Select(one => one.Name)).Concat(Pricebooks.Select(one => one.Name)).Any(string.IsNullOrWhiteSpace))
            return "each location, salesperson, category and price list needs a name";
        return Taxes.Any(tax => string.IsNullOrWhiteSpace(tax.TaxName) || tax.TaxPercentage is < 0 or > 1000)
            ? "each tax needs tax_name and tax_percentage" : null;
    }

    /// <summary>Adds and changes; what is not named stays.</summary>
    public void Apply(ZohoOrganisation organisation, DateTimeOffset now)
    {
        var before = organisation.Credentials;
        Put(organisation, before, new ZohoCredentials(ClientId ?? Or(before.ClientId), ClientSecret ?? Or(before.ClientSecret), Or(before.RefreshToken)));
        foreach (var tax in Taxes)
        {
            var known = organisation.Taxes.FirstOrDefault(one => one.TaxName == tax.TaxName);
            Put(organisation, known, new ZohoTax(known?.TaxId ?? organisation.NewId(), tax.TaxName, tax.TaxPercentage));
        }

        foreach (var name in Locations.Where(name => organisation.Locations.All(one => one.LocationName != name)))
            organisation.Put(new ZohoLocation(organisation.NewId(), name, "general", "active", organisation.Locations.Count == 0));
        foreach (var name in Salespersons.Where(name => organisation.Salespersons.All(one => one.SalespersonName != name)))
            organisation.Put(new ZohoSalesperson(organisation.NewId(), name, "", "active"));
        foreach (var category in Categories)
            ZohoItemSetup.CategoryNamed(organisation, category.Name, category.Parent);
        foreach (var item in Items)
            item.Apply(organisation, now);
        foreach (var pricebook in Pricebooks)
            pricebook.Apply(organisation);

        static string Or(string value) => value.Length > 0 ? value : ZohoCredentials.NewSecret();
    }

    private static void Put<T>(ZohoOrganisation organisation, T? before, T wanted)
        where T : notnull
    {
        if (!wanted.Equals(before))
            organisation.Put(wanted);
    }

    private static T? Part<T>(JsonObject body, string name) =>
        body.Remove(name, out var value) && value is not null ? value.Deserialize<T>(ZohoJson.Strict) : default;
}

using System.Text.Json;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Zoho;

/// <summary>What is asked of an organisation besides documents: items, taxes, and what things of ours can be mapped to.</summary>
internal sealed class CatalogueCalls(ZohoClient zoho)
{
    private const string All = "per_page=200";

    /// <summary>The organisation that the settings name; null where the token does not open it.</summary>
    public async Task<Organization?> OrganizationAsync(Steps steps, CancellationToken stop)
    {
        var wanted = steps.Connection.Settings<ZohoSettings>().OrganizationId;
        return (await zoho.GetAsync(steps, "organizations", "the organisation", stop)).Organizations?.FirstOrDefault(one => one.OrganizationId == wanted);
    }

    /// <summary>The item of a SKU. Books offers no filter for it, but a search for words.</summary>
    public async Task<Item?> FindItemAsync(Steps steps, string sku, CancellationToken stop)
    {
        var bySku = steps.Connection.Settings<ZohoSettings>().Flavour.FindsItemsBySku;
        var path = bySku ? $"items?{ZohoClient.Search("sku", sku)}" : $"items?search_text={Uri.EscapeDataString(sku)}&{All}";
        var answer = await zoho.GetAsync(steps, path, $"item {sku}", stop);
        var found = bySku
            ? ZohoClient.Matches(answer.Items, row => row.Sku, sku)
            : ZohoClient.MatchesOfWords(answer.Items, answer.PageContext, row => row.Sku, sku);
        return found.FirstOrDefault(item => item.Status is null or "active") ?? found.FirstOrDefault();
    }

    /// <summary>All taxes.</summary>
    public async Task<IReadOnlyList<TaxEntry>> ListTaxesAsync(Steps steps, CancellationToken stop) =>
        (await zoho.GetAsync(steps, "settings/taxes", "the taxes", stop)).Taxes ?? [];

    /// <summary>What a kind of things of ours can be mapped to; the first 200.</summary>
    public async Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<ZohoSettings>();
        return mapping switch
        {
            ZohoMappings.Tax => [.. (await ListTaxesAsync(steps, stop)).Select(tax => new Candidate(tax.TaxId, $"{tax.TaxName}, {ZohoMoney.Plain(tax.TaxPercentage)} %"))],
            ZohoMappings.PaymentMode => [.. ((await AskAsync("meta/paymentmodes")).Paymentmodes ?? [])
                .Select(mode => mode.PaymentMode ?? mode.Name ?? "").Select(name => new Candidate(name, name))],
            ZohoMappings.Salesperson when settings.SalespersonList == SalespersonList.Users =>
                [.. ((await AskAsync($"users?{All}")).Users ?? []).Select(one => new Candidate(one.UserId, one.Name ?? one.Email ?? one.UserId))],
            ZohoMappings.Salesperson => [.. ((await AskAsync($"salespersons?{All}")).Data?.Deserialize<IReadOnlyList<SalespersonEntry>>(ZohoWire.Json) ?? [])
                .Select(one => new Candidate(one.SalespersonId, one.SalespersonName ?? one.SalespersonId))],
            ZohoMappings.Location => [.. ((await AskAsync($"locations?{All}")).Locations ?? []).Select(one => new Candidate(one.LocationId, one.LocationName ?? one.LocationId))],
            ZohoMappings.PriceList => [.. ((await AskAsync($"pricebooks?{All}")).Pricebooks ?? []).Select(one => new Candidate(one.PricebookId, one.Name ?? one.PricebookName ?? one.PricebookId))],
            _ => [],
        };

        Task<Answer> AskAsync(string path) => zoho.GetAsync(steps, path, "the list", stop);
    }
}

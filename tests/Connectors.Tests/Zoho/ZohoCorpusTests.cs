using System.Globalization;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.Money.Tests.Corpus;
using OrderSync.Testing;
using OrderSync.Zoho;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>
/// The orders of the money corpus through the connector into the stand-in, under each of its roundings: each ends equal to the cent or is held
/// with a plain reason. A sample every day; in the full tier all 5,000 under
/// what the settings can state, 250 under each of the others.
/// </summary>
public sealed class ZohoCorpusTests(ZohoSandbox sandbox, ITestOutputHelper output) : IClassFixture<ZohoSandbox>
{
    /// <summary>The roundings that the connection's settings can state: nothing is held for its sums then.</summary>
    [Theory]
    [InlineData("document/halfUp", ZohoProduct.Inventory, 100)]
    [InlineData("line/halfUp", ZohoProduct.Books, 30)]
    [InlineData("document/halfEven", ZohoProduct.Books, 20)]
    [InlineData("line/halfEven", ZohoProduct.Inventory, 20)]
    public async Task F038_Orders_of_the_corpus_are_equal_to_the_cent_where_the_settings_say_how_Zoho_rounds(string policy, ZohoProduct product, int everyday)
    {
        var rounding = MoneyCorpus.Policies[policy];

        var ends = await RunAsync(policy, product, everyday, 5000, rounding, new
        {
            tax_level = JsonNamingPolicy.SnakeCaseLower.ConvertName(rounding.Level.ToString()), tie = JsonNamingPolicy.SnakeCaseLower.ConvertName(rounding.Tie.ToString()),
        });

        Assert.DoesNotContain(ends, end => end.Key.Contains("wrong", StringComparison.Ordinal));
        Assert.DoesNotContain("erp.amountDiffers", ends.Keys);
        Assert.True(ends["equal"] >= 0.95 * ends.Values.Sum(), Words(ends));
    }

    /// <summary>The roundings of the stand-in that no setting can state: what comes out equal is confirmed, all else is held as a draft with both sums.</summary>
    [Theory]
    [InlineData("tie", "up")]
    [InlineData("tie", "down")]
    [InlineData("discount_round", "twice")]
    [InlineData("tax_base", "raw")]
    [InlineData("cent_to", "largest")]
    [InlineData("cent_to", "cumulative")]
    [InlineData("inclusive_round", "net")]
    [InlineData("shipping_taxed", "true")]
    [InlineData("line_discount_honoured", "false")]
    [InlineData("discounts_given", "entity_level")]
    [InlineData("excess_dp", "keep")]
    [InlineData("roundoff_step", "0.5")]
    public async Task F038_Where_Zoho_rounds_in_another_way_than_the_settings_say_an_order_is_equal_or_held(string setting, string value)
    {
        object said = bool.TryParse(value, out var flag) ? flag : decimal.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : value;

        var ends = await RunAsync("document/halfUp", ZohoProduct.Inventory, 12, 250, new RoundingPolicy(RoundingLevel.Document, Tie.HalfUp), new Dictionary<string, object> { [setting] = said });

        Assert.DoesNotContain(ends, end => end.Key.Contains("wrong", StringComparison.Ordinal));
        Assert.True(ends.ContainsKey("equal"), Words(ends));
    }

    // How the orders ended: equal, or the code of what they are held for, or what is wrong.
    private async Task<SortedDictionary<string, int>> RunAsync(string policy, ZohoProduct product, int everyday, int fullTier, RoundingPolicy rounding, object settings)
    {
        var most = Servers.Full ? fullTier : everyday;
        var orders = most >= MoneyCorpus.Orders.Count ? MoneyCorpus.Orders : [.. MoneyCorpus.Orders.Where(order => order.Number % (MoneyCorpus.Orders.Count / most) == 7)];
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var examples = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var currency in orders.GroupBy(order => order.Order.GetProperty("currency").GetString()!))
        {
            var (zoho, ledger, customer) = await OrganisationAsync(currency.Key, [.. currency], product, rounding, settings);
            await Parallel.ForEachAsync(currency, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (one, _) =>
            {
                var order = ToOrder(one, one.Totals[policy], customer);
                var outcome = await ledger.PushAsync(() => ledger.TryAsync(order));
                var end = outcome switch
                {
                    Outcome.Done { Code: null } done when done.Total == order.Body.Totals.Total => "equal",
                    Outcome.Refused { Code.Length: > 0 } held when held.Reason.EndsWith('.') && held.Fix.EndsWith('.') => held.Code,
                    _ => $"wrong: {one}",
                };
                lock (ends)
                {
                    ends[end] = ends.GetValueOrDefault(end) + 1;
                    examples.TryAdd(end, $"{one}: {outcome}");
                }
            });
            await SameInZohoAsync(zoho, ledger, ends);
        }

        output.WriteLine($"{policy} {product} {JsonSerializer.Serialize(settings)}: {Words(ends)}");
        foreach (var (end, example) in examples.Where(example => example.Key != "equal"))
            output.WriteLine($"  {end}: {example}");
        return ends;
    }

    // What counts in Zoho is what was done here, and nothing else.
    private static async Task SameInZohoAsync(ZohoOrganisation zoho, MemoryLedger ledger, SortedDictionary<string, int> ends)
    {
        var confirmed = (await zoho.SalesOrdersAsync()).Where(row => (string)row!["status"]! == "confirmed").ToDictionary(row => (string)row!["number"]!, row => (decimal)row!["total"]!);
        foreach (var (number, total) in ledger.Confirmed)
        {
            if (!confirmed.Remove(number, out var theirs) || theirs != total)
                ends[$"wrong in Zoho: {number}"] = 1;
        }

        foreach (var number in confirmed.Keys)
            ends[$"wrong in Zoho, confirmed and not done: {number}"] = 1;
    }

    private async Task<(ZohoOrganisation Zoho, MemoryLedger Ledger, CustomerOfOrder Customer)> OrganisationAsync(
        string currency, IReadOnlyList<CorpusOrder> orders, ZohoProduct product, RoundingPolicy rounding, object settings)
    {
        var lines = orders.SelectMany(order => order.Order.GetProperty("lines").EnumerateArray()).ToList();
        var taxes = lines.Select(line => Name(line.GetProperty("taxCode").GetString(), line.GetProperty("taxRate").GetDecimal()))
            .Concat(orders.Select(order => Name(null, order.Order.GetProperty("shippingTaxRate").GetDecimal()))).Where(tax => tax.Rate != 0).Distinct().ToList();
        var zoho = await sandbox.OrganisationAsync(new
        {
            currency_code = currency, price_precision = Currencies.Decimals(currency), qty_dp = 3,
            taxes = taxes.Select(tax => new { tax_name = tax.Name, tax_percentage = tax.Rate }),
            items = lines.Select(line => line.GetProperty("sku").GetString()!).Distinct().Select(sku => new { sku, name = $"Item {sku}", rate = 1 }),
        });
        var made = await zoho.ChangeAsync(settings);
        var ledger = new MemoryLedger(zoho.Settings with
        {
            Product = product, QuantityDecimals = 3, ShippingSku = "SHIP", TaxLevel = rounding.Level, Tie = rounding.Tie,
        });
        var ids = made["taxes"]!.AsArray().ToDictionary(tax => (string)tax!["tax_name"]!, tax => (string)tax!["tax_id"]!);
        ledger.Mappings[ZohoMappings.Tax] = taxes.ToDictionary(tax => tax.Name, tax => ids[tax.Name]);
        var customer = Some.Customer("Corpus", "corpus@customers.example");
        await ledger.PushAsync(() => ledger.TryAsync(customer));
        return (zoho, ledger, new CustomerOfOrder(customer.Info.RecordId, null, customer.Body));
    }

    private static (string Name, decimal Rate) Name(string? code, decimal rate) => (code is null ? ZohoMoney.Plain(rate) : $"{code} {ZohoMoney.Plain(rate)}", rate);

    private static Order ToOrder(CorpusOrder one, CorpusTotals totals, CustomerOfOrder customer)
    {
        var body = one.Order.Deserialize<OrderBody>(ContractJson.Options)! with { Totals = new OrderTotals(totals.Subtotal, totals.Discount, totals.Tax, totals.Total) };
        var order = Some.Order(Some.Line());
        return order with { Info = order.Info with { Number = $"M-{one.Number}" }, Body = body, Customer = customer };
    }

    private static string Words(SortedDictionary<string, int> ends) => string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}"));
}

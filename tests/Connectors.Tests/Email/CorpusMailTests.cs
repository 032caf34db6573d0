using System.Globalization;
using System.Text.RegularExpressions;
using OrderSync.Connectors.Tests.Email.Printing;
using OrderSync.Contracts.Records;
using OrderSync.Email;
using OrderSync.Email.Documents;
using OrderSync.Money;
using OrderSync.Money.Tests.Corpus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email;

public sealed partial class CorpusMailTests(PrinterFixture paper) : IClassFixture<PrinterFixture>
{
    private static readonly string[] Policies = [.. MoneyCorpus.Policies.Keys];

    [Fact]
    public async Task F111_What_stands_on_paper_is_the_order_to_the_cent_for_the_money_corpus()
    {
        var sample = Sample().ToList();
        var wrong = new List<string>();
        await Parallel.ForEachAsync(sample, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (one, _) =>
        {
            var (order, policy) = one;
            var document = SalesMapping.ToDocument(Captured(order, policy), PrinterFixture.Settings);
            var text = (await PdfText.OfAsync(await paper.PrintAsync(document))).Replace('\u00a0', ' ');
            var trouble = Differences(order, policy, text).ToList();
            lock (wrong)
                wrong.AddRange(trouble.Select(what => $"{order} under {policy}: {what}"));
        });

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {sample.Count} documents differ. {string.Join(Environment.NewLine, wrong.Take(20))}");
    }

    // Every edge and stratum is among the first thousand; the policies take turns.
    private static IEnumerable<(CorpusOrder Order, string Policy)> Sample() => MoneyCorpus.Orders.Take(1000)
        .Where((_, i) => Servers.Full || i % 33 == 0)
        .Select((order, i) => (order, Policies[i % Policies.Length]));

    private static IEnumerable<string> Differences(CorpusOrder order, string policy, string text)
    {
        var totals = order.Totals[policy];
        var decimals = Currencies.Decimals(order.Order.GetProperty("currency").GetString()!) ?? 2;
        var rows = text.Split('\n');
        foreach (var (name, amount) in new[] { ("Subtotal", totals.Subtotal), ("Total", totals.Total) })
            if (!rows.Any(row => RowOf(name).IsMatch(row) && row.TrimEnd().EndsWith(Shown(amount, decimals), StringComparison.Ordinal)))
                yield return $"{name} {Shown(amount, decimals)} is not there";
        if (!rows.Any(row => TaxRow().IsMatch(row) && row.TrimEnd().EndsWith(Shown(totals.Tax, decimals), StringComparison.Ordinal)))
            yield return $"tax {Shown(totals.Tax, decimals)} is not there";
        foreach (var (index, amount) in order.Amounts[policy.Split('/')[1]].Index())
            if (!rows.Any(row => Regex.IsMatch(row, $@"^\s*{index + 1}\s") && row.TrimEnd().EndsWith(Shown(amount, decimals), StringComparison.Ordinal)))
                yield return $"line {index + 1} with {Shown(amount, decimals)} is not there";
    }

    private static OrderSync.Framework.Order Captured(CorpusOrder order, string policy)
    {
        var like = AnOrder.With(lines: 1);
        var read = order.Order.Deserialize();
        var totals = order.Totals[policy];
        var way = policy.Split('/');
        return like with
        {
            Body = like.Body with
            {
                Currency = read.Currency, PricesIncludeTax = read.PricesIncludeTax, Rounding = new TaxRounding(way[0], way[1]), Discount = read.Discount,
                Lines = [.. read.Lines.Select(line => line with { Description = null })], Shipping = read.Shipping, ShippingTaxRate = read.ShippingTaxRate,
                Totals = new OrderTotals(totals.Subtotal, totals.Discount, totals.Tax, totals.Total),
            },
        };
    }

    private static string Shown(decimal amount, int decimals) => amount.ToString(decimals == 0 ? "#,##0" : $"#,##0.{new string('0', decimals)}", CultureInfo.InvariantCulture);

    private static Regex RowOf(string name) => name == "Total" ? TotalRow() : SubtotalRow();

    [GeneratedRegex(@"(^|\s)Total\s+[A-Z]{3}\s")]
    private static partial Regex TotalRow();

    [GeneratedRegex(@"(^|\s)Subtotal\s")]
    private static partial Regex SubtotalRow();

    [GeneratedRegex(@"(^|\s)(Tax|Tax included)\s+[−\d][\d.,]*\s*$")]
    private static partial Regex TaxRow();
}

/// <summary>Reads the money part of a corpus order.</summary>
file static class CorpusBody
{
    public static OrderBody Deserialize(this System.Text.Json.JsonElement order)
    {
        var whole = System.Text.Json.Nodes.JsonNode.Parse(order.GetRawText())!.AsObject();
        whole["totals"] = System.Text.Json.Nodes.JsonNode.Parse("""{"subtotal":0,"discount":0,"tax":0,"total":0}""");
        return System.Text.Json.JsonSerializer.Deserialize<OrderBody>(whole, Contracts.ContractJson.Options)!;
    }
}

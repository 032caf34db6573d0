using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using OrderSync.Connectors.Tests.Email.Printing;
using OrderSync.Contracts.Records;
using OrderSync.Email.Documents;
using OrderSync.Email.Printing;
using OrderSync.Money;
using OrderSync.Money.Tests.Corpus;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Email;

[InCi]
public sealed class CorpusMailTests(PrinterFixture paper, ITestOutputHelper output) : IClassFixture<PrinterFixture>
{
    private static readonly string[] Policies = [.. MoneyCorpus.Policies.Keys];
    private static readonly CultureInfo English = Separated(".", ",");
    private static readonly CultureInfo German = Separated(",", ".");

    [Fact]
    public async Task F111_What_stands_on_paper_and_in_the_mail_is_the_order_to_the_cent_for_the_money_corpus_in_both_languages()
    {
        var sample = Sample().ToList();
        var renderer = new Renderer(paper.Printer, NullLogger<Renderer>.Instance);
        var wrong = new List<string>();
        await Parallel.ForEachAsync(sample, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (one, stop) =>
        {
            var (order, policy, language) = one;
            var settings = PrinterFixture.Settings with { Language = language };
            var rendered = await renderer.RenderAsync(Guid.NewGuid(), SalesMapping.ToDocument(Captured(order, policy), settings), settings, stop);
            var expected = new Expected(order, policy, language);
            var trouble = expected.MissingOnPaper(await PdfText.OfAsync(rendered.Pdf)).Concat(expected.MissingInText(rendered.Text)).Concat(expected.MissingInHtml(rendered.Html)).ToList();
            lock (wrong)
                wrong.AddRange(trouble.Select(what => $"{order} under {policy} in {language}: {what}"));
        });

        output.WriteLine($"{sample.Count} documents with {sample.Sum(one => one.Order.Amounts["halfUp"].Length)} lines, {sample.Count(one => one.Language == "de")} of them in German: {wrong.Count} differences");
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences in {sample.Count} documents. {string.Join(Environment.NewLine, wrong.Take(20))}");
    }

    // Every edge and stratum is among the first thousand; policies and languages take turns.
    private static IEnumerable<(CorpusOrder Order, string Policy, string Language)> Sample() => MoneyCorpus.Orders.Take(1000)
        .Where((_, i) => Servers.Full || i % 25 == 0)
        .Select((order, i) => (order, Policies[i % Policies.Length], i / Policies.Length % 2 == 0 ? "en" : "de"));

    /// <summary>What must be read of an order, by the corpus alone.</summary>
    private sealed class Expected(CorpusOrder order, string policy, string language)
    {
        private readonly bool german = language == "de";
        private readonly CorpusTotals totals = order.Totals[policy];
        private readonly string currency = order.Order.GetProperty("currency").GetString()!;
        // As the script counted it: in the currency's decimals, so that who adds up the paper reaches its total.
        private readonly decimal shipping = order.Totals[policy] is var sums
            ? sums.Total - sums.Subtotal + sums.Discount - (order.Order.GetProperty("pricesIncludeTax").GetBoolean() ? 0 : sums.Tax) : 0;
        private readonly decimal[] amounts = order.Amounts[policy.Split('/')[1]];

        public IEnumerable<string> MissingOnPaper(string paper)
        {
            var rows = Rows(paper);
            if (!rows.Any(row => row.EndsWith($"{(german ? "Auftragsbestätigung" : "Order confirmation")} {NumberOf(order)}", StringComparison.Ordinal)))
                yield return $"the number {NumberOf(order)} is not there";
            foreach (var (index, amount) in amounts.Index())
                if (!rows.Any(row => Regex.IsMatch(row, $@"^\s*{index + 1}\s") && EndsWith(row, amount)))
                    yield return $"line {index + 1} with {Shown(amount)} is not there";
            foreach (var missing in MissingTotals(rows))
                yield return $"{missing} on paper";
        }

        public IEnumerable<string> MissingInText(string text)
        {
            var rows = Rows(text);
            foreach (var (index, amount) in amounts.Index())
                if (!rows.SkipWhile(row => !row.StartsWith($"{index + 1,3}. ", StringComparison.Ordinal)).Skip(1).Take(1).Any(row => EndsWith(row, amount)))
                    yield return $"line {index + 1} with {Shown(amount)} is not in the text";
            foreach (var missing in MissingTotals(rows))
                yield return $"{missing} in the text";
        }

        public IEnumerable<string> MissingInHtml(string html)
        {
            var shown = Regex.Matches(html, @"<td class=""figure amount"">(.*?)</td>").Select(cell => cell.Groups[1].Value).ToList();
            if (!shown.SequenceEqual(amounts.Select(Shown)))
                yield return $"the page has {string.Join(' ', shown)}";
        }

        private IEnumerable<string> MissingTotals(IReadOnlyList<string> rows)
        {
            (string Name, decimal Amount, bool Always)[] all =
            [
                (german ? "Zwischensumme" : "Subtotal", totals.Subtotal, true),
                (german ? @"Gesamtrabatt( [\d.,]+ %)?" : @"Discount on the whole( [\d.,]+ %)?", -totals.Discount, false),
                (german ? "Versand" : "Shipping", shipping, false),
                (german ? @"(Enthaltene )?USt\." : "Tax( included)?", totals.Tax, true),
                (german ? $"Gesamtbetrag +{currency}" : $"Total +{currency}", totals.Total, true),
            ];
            foreach (var (name, amount, always) in all)
                if ((always || amount != 0) && !rows.Any(row => Regex.IsMatch(row, $@"(^|\s){name}\s+{Regex.Escape(Shown(amount))}$")))
                    yield return $"{name} {Shown(amount)} is not there";
        }

        private bool EndsWith(string row, decimal amount) => Regex.IsMatch(row, $@"(^|\s){Regex.Escape(Shown(amount))}$");

        private string Shown(decimal amount) => amount.ToString(
            (Currencies.Decimals(currency) ?? 2) is var decimals and > 0 ? $"#,##0.{new string('0', decimals)}" : "#,##0", german ? German : English);

        private static List<string> Rows(string text) => [.. text.Replace('\u00a0', ' ').Split('\n').Select(row => row.TrimEnd())];
    }

    private static string NumberOf(CorpusOrder order) => $"SO-{order.Number:000000}";

    private static OrderSync.Framework.Order Captured(CorpusOrder order, string policy)
    {
        var like = AnOrder.With(lines: 1, number: NumberOf(order));
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

    private static CultureInfo Separated(string @decimal, string group) => new(CultureInfo.InvariantCulture.Name)
    {
        NumberFormat = new() { NumberDecimalSeparator = @decimal, NumberGroupSeparator = group, NegativeSign = "\u2212" },
    };
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

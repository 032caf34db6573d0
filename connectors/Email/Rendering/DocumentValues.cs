using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Email.Documents;
using OrderSync.Email.Templates;

namespace OrderSync.Email.Rendering;

/// <summary>A document as the values that templates know by name; README.md lists them. Each is there for each document, empty where it does not apply.</summary>
internal static class DocumentValues
{
    /// <param name="document">What is shown.</param>
    /// <param name="words">In which language.</param>
    /// <param name="logo">Where the picture is found; null for none.</param>
    public static Values Of(Document document, Words words, string? logo)
    {
        var figures = new Figures(words, document.Decimals);
        var total = Facts.Total(document, words, figures);
        return new Values
        {
            ["kind"] = document.Kind,
            ["order"] = document.Kind == Kinds.Order,
            ["quote"] = document.Kind == Kinds.Quote,
            ["sale"] = document.Kind == Kinds.Sale,
            ["receipt"] = document.Kind == Kinds.Receipt,
            ["language"] = words.Language,
            ["title"] = words.Of(document.Kind).Title,
            ["number"] = document.Number,
            ["reference"] = document.Reference,
            ["intro"] = words.Of(document.Kind).Intro,
            ["logo"] = logo,
            ["company"] = Party(new Party(document.From.Name, document.From.Lines)),
            ["customer"] = document.BillTo.Name,
            ["billTo"] = Party(document.BillTo),
            ["shipTo"] = Party(document.ShipTo ?? document.BillTo),
            ["date"] = figures.Date(document.Date),
            ["validUntil"] = document.ValidUntil is { } last ? figures.Date(last) : null,
            ["facts"] = List(Facts.Of(document, words, figures), fact => new() { ["name"] = fact.Name, ["value"] = fact.Value }),
            ["currency"] = document.Currency,
            ["discounts"] = document.Lines.Any(line => line.Discount is not null),
            ["lines"] = List(document.Lines.Index(), line => Line(line.Index + 1, line.Item, figures)),
            ["taxes"] = List(document.Taxes, tax => new() { ["rate"] = figures.Percent(tax.Rate), ["net"] = figures.Amount(tax.Net), ["tax"] = figures.Amount(tax.Tax) }),
            ["pricesIncludeTax"] = document.PricesIncludeTax ? words.PricesIncludeTax : null,
            ["totals"] = List(Facts.Totals(document, words, figures), row => new() { ["name"] = row.Name, ["amount"] = row.Amount }),
            ["total"] = new Values { ["name"] = total.Name, ["amount"] = total.Amount },
            ["notes"] = document.Notes,
            ["terms"] = document.Terms,
            ["captured"] = new Values { ["name"] = words.Of(document.Kind).Captured, ["sha256"] = document.Sha256 },
            ["words"] = WordsOf(words),
        };
    }

    private static Values Line(int position, DocumentLine line, Figures figures) => new()
    {
        ["position"] = position.ToString(CultureInfo.InvariantCulture),
        ["item"] = line.Description ?? line.Sku,
        ["sku"] = line.Description is null ? null : line.Sku,
        ["note"] = line.Notes,
        ["quantity"] = figures.Quantity(line.Quantity),
        ["unit"] = line.Unit,
        ["unitPrice"] = figures.Amount(line.UnitPrice),
        ["discount"] = figures.Discount(line.Discount),
        ["rate"] = figures.Percent(line.TaxRate),
        ["amount"] = figures.Amount(line.Amount),
    };

    private static Values Party(Party party) => new() { ["name"] = party.Name, ["lines"] = party.Lines.Cast<object>().ToList() };

    private static List<object> List<T>(IEnumerable<T> of, Func<T, Values> values) => of.Select(one => (object)values(one)).ToList();

    private static Values WordsOf(Words words) => new()
    {
        ["billTo"] = words.BillTo, ["shipTo"] = words.ShipTo, ["receivedFrom"] = words.ReceivedFrom, ["item"] = words.Item, ["quantity"] = words.Quantity,
        ["unitPrice"] = words.UnitPrice, ["discount"] = words.Discount, ["tax"] = words.Tax, ["amount"] = words.Amount, ["taxRate"] = words.TaxRate,
        ["net"] = words.Net, ["notes"] = words.Notes, ["terms"] = words.Terms, ["pays"] = words.Pays, ["validUntil"] = words.ValidUntil,
    };
}

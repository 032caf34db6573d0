using System.Globalization;
using System.Text;
using OrderSync.Email.Documents;

namespace OrderSync.Email.Rendering;

/// <summary>The mail for those who read text: the same facts and figures as the template, 72 columns wide.</summary>
internal static class TextBody
{
    private const int Width = 72;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static string Write(Document document, Words words)
    {
        var figures = new Figures(words, document.Decimals);
        var text = new StringBuilder();
        text.AppendLine(document.From.Name).AppendLine();
        text.AppendLine(Invariant, $"{words.Of(document.Kind).Title} {document.Number}").AppendLine(new string('=', Width)).AppendLine();
        text.AppendLine(words.Of(document.Kind).Intro).AppendLine();

        foreach (var (name, value) in Facts.Of(document, words, figures))
            text.AppendLine(Invariant, $"{name + ":",-24}{OneLine(value)}");
        Address(text, document.Payment is null ? words.BillTo : words.ReceivedFrom, document.BillTo);
        if (document.Payment is null)
            Address(text, words.ShipTo, document.ShipTo ?? document.BillTo);

        text.AppendLine().AppendLine(new string('-', Width));
        for (var i = 0; i < document.Lines.Count; i++)
            Line(text, i + 1, document.Lines[i], figures);
        if (document.Lines.Count > 0)
            text.AppendLine(new string('-', Width));

        foreach (var (name, amount) in Facts.Totals(document, words, figures))
            Row(text, name, amount);
        var total = Facts.Total(document, words, figures);
        Row(text, total.Name, total.Amount);
        if (document.Taxes.Count > 0)
            text.AppendLine();
        foreach (var tax in document.Taxes)
            text.AppendLine(Invariant, $"{words.Tax} {figures.Percent(tax.Rate)}: {words.Net} {figures.Amount(tax.Net)}, {words.Tax} {figures.Amount(tax.Tax)}");
        if (document.PricesIncludeTax)
            text.AppendLine(words.PricesIncludeTax);

        if (document.Notes is { Length: > 0 } notes)
            text.AppendLine().AppendLine(Invariant, $"{words.Notes}:").AppendLine(notes.ReplaceLineEndings());
        if (document.Terms is { Length: > 0 } terms)
            text.AppendLine().AppendLine(Invariant, $"{words.Terms}:").AppendLine(terms.ReplaceLineEndings());
        text.AppendLine().AppendLine(Invariant, $"{words.Of(document.Kind).Captured}:").AppendLine(document.Sha256);
        return text.ToString().ReplaceLineEndings("\r\n");
    }

    private static void Line(StringBuilder text, int position, DocumentLine line, Figures figures)
    {
        text.AppendLine(Invariant, $"{position,3}. {OneLine(line.Description ?? line.Sku)}{(line.Description is null ? "" : $" ({OneLine(line.Sku)})")}");
        var unit = line.Unit is { Length: > 0 } named ? $" {OneLine(named)}" : "";
        var discount = line.Discount is null ? "" : $" \u2212 {figures.Discount(line.Discount)}";
        Row(text, $"     {figures.Quantity(line.Quantity)}{unit} \u00d7 {figures.Amount(line.UnitPrice)}{discount}", figures.Amount(line.Amount));
        if (line.Notes is { Length: > 0 } notes)
            text.AppendLine(Invariant, $"     {OneLine(notes)}");
    }

    private static void Address(StringBuilder text, string title, Party party)
    {
        text.AppendLine().AppendLine(Invariant, $"{title}:").AppendLine(Invariant, $"  {OneLine(party.Name)}");
        foreach (var line in party.Lines)
            text.AppendLine(Invariant, $"  {OneLine(line)}");
    }

    private static void Row(StringBuilder text, string name, string amount) =>
        text.Append(name).Append(' ', Math.Max(2, Width - name.Length - amount.Length)).AppendLine(amount);

    private static string OneLine(string value) => string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

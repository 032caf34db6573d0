using OrderSync.Email.Documents;
using OrderSync.Email.Templates;

namespace OrderSync.Email.Rendering;

/// <summary>The subject of a mail: the company's own words, or the standard ones.</summary>
internal static class Subject
{
    private const int Longest = 200;

    private static readonly TemplateText ToCustomer = TemplateText.Parse("{{title}} {{number}}");

    /// <exception cref="TemplateException">The company's own cannot be used.</exception>
    public static string Of(Document document, Words words, EmailSettings settings, bool toCustomer) =>
        settings.SubjectOf(document.Kind) is { } own && !string.IsNullOrWhiteSpace(own)
            ? OneLine(TemplateRun.Text(TemplateText.Parse(own), DocumentValues.Of(document, words, logo: null)))
            : Standard(document, words, toCustomer);

    /// <summary>What it is called for the customer; for people inside also whose it is and what it comes to.</summary>
    public static string Standard(Document document, Words words, bool toCustomer)
    {
        if (toCustomer)
            return OneLine(TemplateRun.Text(ToCustomer, DocumentValues.Of(document, words, logo: null)));
        var figures = new Figures(words, document.Decimals);
        return OneLine($"{words.Of(document.Kind).Name} {document.Number}: {document.BillTo.Name}, {document.Currency} {figures.Amount(Facts.Amount(document))}");
    }

    /// <summary>A line break in a name would be a second header.</summary>
    internal static string OneLine(string subject)
    {
        var plain = string.Concat(subject.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
        return plain.Length <= Longest ? plain : plain[..(char.IsHighSurrogate(plain[Longest - 1]) ? Longest - 1 : Longest)];
    }
}

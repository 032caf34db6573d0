using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrderSync.Gateway.Sync;

/// <summary>What people call a field: a sentence never shows the path by which a program finds it.</summary>
internal static partial class FieldWords
{
    private static readonly FrozenDictionary<string, (string En, string De)> Words = new Dictionary<string, (string En, string De)>
    {
        ["subtotal"] = ("subtotal", "Zwischensumme"), ["discount"] = ("discount", "Rabatt"), ["tax"] = ("tax", "Steuer"), ["total"] = ("total", "Gesamtsumme"),
        ["lines"] = ("line", "Position"), ["allocations"] = ("allocation", "Zuordnung"), ["payments"] = ("payment", "Zahlung"),
        ["name"] = ("name", "Name"), ["company"] = ("company", "Firma"), ["contact"] = ("contact", "Kontakt"), ["email"] = ("e-mail address", "E-Mail-Adresse"), ["phone"] = ("phone", "Telefon"),
        ["taxNumber"] = ("tax number", "Steuernummer"), ["code"] = ("code", "Code"), ["number"] = ("number", "Nummer"), ["priceList"] = ("price list", "Preisliste"),
        ["paymentTerms"] = ("payment terms", "Zahlungsbedingungen"), ["notes"] = ("notes", "Notizen"), ["reference"] = ("reference", "Referenz"), ["customerReference"] = ("customer reference", "Kundenreferenz"),
        ["description"] = ("description", "Beschreibung"), ["unit"] = ("unit", "Einheit"), ["sku"] = ("item", "Artikel"), ["taxCode"] = ("tax code", "Steuercode"), ["currency"] = ("currency", "Währung"),
        ["billing"] = ("billing address", "Rechnungsadresse"), ["shipping"] = ("shipping address", "Lieferadresse"), ["shipTo"] = ("shipping address", "Lieferadresse"), ["billTo"] = ("billing address", "Rechnungsadresse"),
        ["line1"] = ("first line", "erste Zeile"), ["line2"] = ("second line", "zweite Zeile"), ["city"] = ("city", "Ort"), ["region"] = ("region", "Region"), ["postalCode"] = ("postal code", "Postleitzahl"),
        ["country"] = ("country", "Land"), ["customFields"] = ("custom field", "eigenes Feld"), ["files"] = ("files", "Dateien"), ["method"] = ("kind of payment", "Zahlungsart"),
        ["customer"] = ("customer", "Kunde"), ["document"] = ("document", "Beleg"), ["rep"] = ("rep", "Außendienst"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Such as "line 3, notes" for <c>lines[2].notes</c>.</summary>
    public static string Of(string path, string language) => string.Join(", ", path.Split('.').Select(part => OfPart(part, language)));

    private static string OfPart(string part, string language)
    {
        var found = Part().Match(part);
        if (!found.Success)
            return part;
        var name = found.Groups["name"].Value;
        var words = Words.TryGetValue(name, out var both) ? language == "de" ? both.De : both.En : Camel().Replace(name, letter => $" {letter.Value.ToLowerInvariant()}");
        return found.Groups["at"] is { Success: true, Value: var at } && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? string.Create(CultureInfo.InvariantCulture, $"{words} {index + 1}")
            : words;
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z]\w*)(?:\[(?<at>\d+)\])?$")]
    private static partial Regex Part();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Camel();
}

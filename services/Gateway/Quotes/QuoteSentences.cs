namespace OrderSync.Gateway.Quotes;

/// <summary>What people read for the codes that are those of quotes. {names} are parameters.</summary>
internal static class QuoteSentences
{
    public static readonly IReadOnlyDictionary<string, (string En, string De)> All = new Dictionary<string, (string En, string De)>
    {
        ["quote.lines"] = ("The quote has no lines. Add at least one item.", "Das Angebot hat keine Positionen. Bitte mindestens einen Artikel hinzufügen."),
        ["quote.tooManyLines"] = ("The quote has {count} lines; at most {most} are possible. Split it.", "Das Angebot hat {count} Positionen; höchstens {most} sind möglich. Bitte teilen."),
        ["quote.currency"] = ("\"{currency}\" is not a currency we know. Choose another.", "\"{currency}\" ist keine bekannte Währung. Bitte eine andere wählen."),
        ["quote.discount.invalid"] = ("Give the quote's discount as a percentage from 0 to 100 or as an amount, not both.", "Bitte den Angebotsrabatt als Prozentsatz von 0 bis 100 oder als Betrag angeben, nicht beides."),
        ["quote.discount.tooLarge"] = ("The quote's discount is more than its subtotal. Lower it.", "Der Angebotsrabatt ist höher als die Zwischensumme. Bitte verringern."),
        ["quote.shipping"] = ("The shipping charge must be 0 or more, its tax rate from 0 to 100 per cent, each with at most five decimals.", "Die Versandkosten müssen 0 oder größer sein, ihr Steuersatz zwischen 0 und 100 Prozent, beide mit höchstens fünf Nachkommastellen."),
        ["quote.amount.invalid"] = ("An amount of this quote is out of range.", "Ein Betrag dieses Angebots liegt außerhalb des Möglichen."),
        ["quote.rounding"] = ("The app states a rounding that is not known. Update the app.", "Die App nennt eine unbekannte Rundung. Bitte die App aktualisieren."),
        ["quote.totals"] = ("The {name} does not add up: the lines give {computed}, the quote says {captured}. Open the quote, check it and save it again.", "{name}: Die Positionen ergeben {computed}, das Angebot sagt {captured}. Bitte das Angebot öffnen, prüfen und neu sichern."),
    };
}

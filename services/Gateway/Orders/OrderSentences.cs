namespace OrderSync.Gateway.Orders;

/// <summary>What people read for the codes that are those of orders. {names} are parameters.</summary>
internal static class OrderSentences
{
    public static readonly IReadOnlyDictionary<string, (string En, string De)> All = new Dictionary<string, (string En, string De)>
    {
        ["order.lines"] = ("The order has no lines. Add at least one item.", "Der Auftrag hat keine Positionen. Bitte mindestens einen Artikel hinzufügen."),
        ["order.tooManyLines"] = ("The order has {count} lines; at most {most} are possible. Split it.", "Der Auftrag hat {count} Positionen; höchstens {most} sind möglich. Bitte teilen."),
        ["order.currency"] = ("\"{currency}\" is not a currency we know. Choose another.", "\"{currency}\" ist keine bekannte Währung. Bitte eine andere wählen."),
        ["order.discount.invalid"] = ("Give the order's discount as a percentage from 0 to 100 or as an amount, not both.", "Bitte den Auftragsrabatt als Prozentsatz von 0 bis 100 oder als Betrag angeben, nicht beides."),
        ["order.discount.tooLarge"] = ("The order's discount is more than its subtotal. Lower it.", "Der Auftragsrabatt ist höher als die Zwischensumme. Bitte verringern."),
        ["order.shipping"] = ("The shipping charge must be 0 or more, its tax rate from 0 to 100 per cent, each with at most five decimals.", "Die Versandkosten müssen 0 oder größer sein, ihr Steuersatz zwischen 0 und 100 Prozent, beide mit höchstens fünf Nachkommastellen."),
        ["order.amount.invalid"] = ("An amount of this order is out of range.", "Ein Betrag dieses Auftrags liegt außerhalb des Möglichen."),
        ["order.rounding"] = ("The app states a rounding that is not known. Update the app.", "Die App nennt eine unbekannte Rundung. Bitte die App aktualisieren."),
        ["order.totals"] = ("The {name} does not add up: the lines give {computed}, the order says {captured}. Open the order, check it and save it again.", "{name}: Die Positionen ergeben {computed}, der Auftrag sagt {captured}. Bitte den Auftrag öffnen, prüfen und neu sichern."),
    };
}

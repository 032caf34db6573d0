namespace OrderSync.Gateway.Sales;

/// <summary>What people read for the codes that are those of sales. {names} are parameters.</summary>
internal static class SaleSentences
{
    public static readonly IReadOnlyDictionary<string, (string En, string De)> All = new Dictionary<string, (string En, string De)>
    {
        ["sale.needsConnection"] = (
            "A card charged by the app needs a connection and cannot be sent later. Take the payment online, or choose how else it was paid.",
            "Eine Kartenzahlung über die App braucht eine Verbindung und kann nicht nachgereicht werden. Bitte online kassieren oder eine andere Zahlungsart wählen."),
        ["sale.customer"] = (
            "This sale is on account or a lay-by and names no customer. It is stored; the office chooses the customer.",
            "Dieser Verkauf geht auf Rechnung oder ist zurückgelegt und nennt keinen Kunden. Er ist gespeichert; das Büro wählt den Kunden."),
        ["sale.tender"] = (
            "Payment {line} of this sale is of no kind we know, or its amount cannot be. The sale is stored; the office says how it was paid.",
            "Zahlung {line} dieses Verkaufs ist von unbekannter Art, oder ihr Betrag ist nicht möglich. Der Verkauf ist gespeichert; das Büro sagt, wie bezahlt wurde."),
        ["sale.tenders"] = (
            "{sum} {currency} were paid, but the sale comes to {total}. It goes on as captured; compare it with the till.",
            "Bezahlt wurden {sum} {currency}, der Verkauf ergibt aber {total}. Er geht weiter wie erfasst; bitte mit der Kasse vergleichen."),
        ["sale.layBy"] = (
            "A lay-by of this sale names no last day or no deposit, or a deposit that was not paid. It goes on as captured; ask the rep.",
            "Eine Zurücklegung dieses Verkaufs nennt keinen letzten Tag oder keine Anzahlung, oder eine, die nicht bezahlt wurde. Er geht weiter wie erfasst; bitte nachfragen."),
        ["sale.item.unknown"] = (
            "Line {line}: the item {sku} is not known. The sale goes on as captured; add the item, so that destinations can take it.",
            "Position {line}: Der Artikel {sku} ist nicht bekannt. Der Verkauf geht weiter wie erfasst; bitte den Artikel anlegen, damit Ziele ihn annehmen können."),
        ["sale.item.inactive"] = (
            "Line {line}: the item {sku} was sold although it is no longer in the range. The sale goes on as captured.",
            "Position {line}: Der Artikel {sku} wurde verkauft, obwohl er nicht mehr im Sortiment ist. Der Verkauf geht weiter wie erfasst."),
        ["sale.lines"] = ("The sale has no lines. It is stored; the office finds out what was sold.", "Der Verkauf hat keine Positionen. Er ist gespeichert; das Büro klärt, was verkauft wurde."),
        ["sale.tooManyLines"] = ("The sale has {count} lines; at most {most} can go on. It is stored; the office splits it.", "Der Verkauf hat {count} Positionen; höchstens {most} können weitergehen. Er ist gespeichert; das Büro teilt ihn."),
        ["sale.currency"] = ("\"{currency}\" is not a currency we know. The sale is stored; the office says which it was.", "\"{currency}\" ist keine bekannte Währung. Der Verkauf ist gespeichert; das Büro sagt, welche es war."),
        ["sale.discount.invalid"] = ("The sale's discount is neither a percentage from 0 to 100 nor an amount, or both. The sale is stored; the office checks it.", "Der Rabatt des Verkaufs ist weder ein Prozentsatz von 0 bis 100 noch ein Betrag, oder beides. Der Verkauf ist gespeichert; das Büro prüft ihn."),
        ["sale.discount.tooLarge"] = ("The sale's discount is more than its subtotal. The sale is stored; the office checks it.", "Der Rabatt des Verkaufs ist höher als die Zwischensumme. Der Verkauf ist gespeichert; das Büro prüft ihn."),
        ["sale.shipping"] = ("The shipping charge must be 0 or more, its tax rate from 0 to 100 per cent, each with at most five decimals. The sale is stored; the office checks it.", "Die Versandkosten müssen 0 oder größer sein, ihr Steuersatz zwischen 0 und 100 Prozent, beide mit höchstens fünf Nachkommastellen. Der Verkauf ist gespeichert; das Büro prüft ihn."),
        ["sale.amount.invalid"] = ("An amount of this sale is out of range. The sale is stored; the office checks it.", "Ein Betrag dieses Verkaufs liegt außerhalb des Möglichen. Der Verkauf ist gespeichert; das Büro prüft ihn."),
        ["sale.rounding"] = ("The app states no rounding, or one that is not known. The sale is stored; the office checks its sums.", "Die App nennt keine Rundung oder eine unbekannte. Der Verkauf ist gespeichert; das Büro prüft die Summen."),
        ["sale.totals"] = ("The {name} does not add up: the lines give {computed}, the sale says {captured}. It goes on as captured; compare it with the till.", "{name}: Die Positionen ergeben {computed}, der Verkauf sagt {captured}. Er geht weiter wie erfasst; bitte mit der Kasse vergleichen."),
    };
}

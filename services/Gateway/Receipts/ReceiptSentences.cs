namespace OrderSync.Gateway.Receipts;

/// <summary>What people read for the codes that are those of receipts. {names} are parameters.</summary>
internal static class ReceiptSentences
{
    public static readonly IReadOnlyDictionary<string, (string En, string De)> All = new Dictionary<string, (string En, string De)>
    {
        ["receipt.orderUnknown"] = (
            "The order this receipt pays ({which}) has not arrived yet. The receipt is stored and goes on by itself once the order is there.",
            "Der Auftrag, den diese Zahlung begleicht ({which}), ist noch nicht angekommen. Die Zahlung ist gespeichert und geht von selbst weiter, sobald der Auftrag da ist."),
        ["receipt.orderRefused"] = (
            "The order this receipt pays ({which}) was refused. The receipt is stored and goes on by itself once the order is corrected.",
            "Der Auftrag, den diese Zahlung begleicht ({which}), wurde abgelehnt. Die Zahlung ist gespeichert und geht von selbst weiter, sobald der Auftrag berichtigt ist."),
        ["receipt.amount"] = ("The receipt says no amount that can be. Enter an amount above 0.", "Die Zahlung nennt keinen möglichen Betrag. Bitte einen Betrag über 0 eingeben."),
        ["receipt.currency"] = ("\"{currency}\" is not a currency we know. Choose another.", "\"{currency}\" ist keine bekannte Währung. Bitte eine andere wählen."),
        ["receipt.needsConnection"] = (
            "A card charged by the app needs a connection and cannot be sent later. Take the payment online, or choose how else it was paid.",
            "Eine Kartenzahlung über die App braucht eine Verbindung und kann nicht nachgereicht werden. Bitte online kassieren oder eine andere Zahlungsart wählen."),
        ["receipt.customer"] = ("This receipt names no customer. It is stored; the office chooses the customer.", "Diese Zahlung nennt keinen Kunden. Sie ist gespeichert; das Büro wählt den Kunden."),
        ["receipt.method"] = ("\"{method}\" is no kind of payment we know. The receipt is stored; the office chooses how it was paid.", "\"{method}\" ist keine bekannte Zahlungsart. Die Zahlung ist gespeichert; das Büro wählt die Zahlungsart."),
        ["receipt.decimals"] = ("{amount} {currency} has more decimals than the currency, which has {decimals}. The receipt is stored; the office checks the amount.", "{amount} {currency} hat mehr Nachkommastellen als die Währung mit {decimals}. Die Zahlung ist gespeichert; das Büro prüft den Betrag."),
        ["receipt.allocation"] = ("Allocation {line} names no order or document, both of them, or no possible amount. The receipt is stored; the office allocates it.", "Zuordnung {line} nennt keinen Auftrag oder Beleg, beides oder keinen möglichen Betrag. Die Zahlung ist gespeichert; das Büro ordnet sie zu."),
        ["receipt.allocations"] = ("{sum} {currency} are allocated, but only {amount} were received. The receipt is stored; the office allocates it.", "{sum} {currency} sind zugeordnet, erhalten wurden aber nur {amount}. Die Zahlung ist gespeichert; das Büro ordnet sie zu."),
    };
}

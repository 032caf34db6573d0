using System.Collections.Frozen;

namespace OrderSync.Gateway.Sync;

/// <summary>The catalogue of verdict codes and what people read for them, in every language we speak. {names} are parameters.</summary>
internal static class Sentences
{
    private static readonly FrozenDictionary<string, (string En, string De)> Catalogue = new Dictionary<string, (string En, string De)>
    {
        ["record.idMissing"] = (
            "This entry has no usable id and could not be stored. Update the app and send it again.",
            "Dieser Eintrag hat keine brauchbare Kennung und konnte nicht gespeichert werden. Bitte die App aktualisieren und erneut senden."),
        ["record.unreadable"] = (
            "This entry could not be read. It is kept as it was sent; update the app and send it again.",
            "Dieser Eintrag war nicht lesbar. Er bleibt gespeichert, wie er gesendet wurde; bitte die App aktualisieren und erneut senden."),
        ["record.kindUnknown"] = (
            "Entries of the kind \"{kind}\" are not taken here. Update the app or ask the office.",
            "Einträge der Art \"{kind}\" werden hier nicht angenommen. Bitte die App aktualisieren oder im Büro nachfragen."),
        ["cart.notSynced"] = (
            "Carts stay on the device. Turn the cart into an order or a quote to send it.",
            "Warenkörbe bleiben auf dem Gerät. Zum Senden bitte einen Auftrag oder ein Angebot daraus machen."),
        ["record.conflict"] = (
            "Another entry with the same id was stored at {time}. That one stays; save this one as a new entry if both are meant.",
            "Ein anderer Eintrag mit derselben Kennung wurde um {time} gespeichert. Jener bleibt; bitte diesen als neuen Eintrag sichern, wenn beide gemeint sind."),
        ["record.needsConnection"] = (
            "This entry was already accepted. Changing it needs a connection: open it online and change it there.",
            "Dieser Eintrag wurde bereits angenommen. Zum Ändern ist eine Verbindung nötig: bitte online öffnen und dort ändern."),
        ["customer.missing"] = ("Choose a customer.", "Bitte einen Kunden wählen."),
        ["customer.unknown"] = (
            "The customer of this order is not known yet. The order is stored and goes on by itself once the customer has arrived.",
            "Der Kunde dieses Auftrags ist noch nicht bekannt. Der Auftrag ist gespeichert und geht von selbst weiter, sobald der Kunde da ist."),
        ["customer.codeUnknown"] = (
            "No customer has the number or code {customer} yet. The order is stored and goes on by itself once the office has added it.",
            "Noch hat kein Kunde die Nummer oder den Code {customer}. Der Auftrag ist gespeichert und geht von selbst weiter, sobald das Büro ihn angelegt hat."),
        ["customer.name"] = ("Enter the customer's name.", "Bitte den Namen des Kunden eingeben."),
        ["customer.email"] = ("\"{email}\" is not an e-mail address. Correct it or leave it empty.", "\"{email}\" ist keine E-Mail-Adresse. Bitte berichtigen oder leer lassen."),
        ["text.tooLong"] = ("\"{name}\" is longer than {most} characters. Shorten it.", "\"{name}\" ist länger als {most} Zeichen. Bitte kürzen."),
        ["text.invalid"] = ("\"{name}\" contains a character that cannot be stored. Type it again.", "\"{name}\" enthält ein Zeichen, das nicht gespeichert werden kann. Bitte neu eingeben."),
        ["order.lines"] = ("The order has no lines. Add at least one item.", "Der Auftrag hat keine Positionen. Bitte mindestens einen Artikel hinzufügen."),
        ["order.tooManyLines"] = ("The order has {count} lines; at most {most} are possible. Split it.", "Der Auftrag hat {count} Positionen; höchstens {most} sind möglich. Bitte teilen."),
        ["order.currency"] = ("\"{currency}\" is not a currency we know. Choose another.", "\"{currency}\" ist keine bekannte Währung. Bitte eine andere wählen."),
        ["line.sku.unknown"] = ("Line {line}: the item {sku} is not known. Choose another item or ask the office to add it.", "Position {line}: Der Artikel {sku} ist nicht bekannt. Bitte einen anderen wählen oder ihn im Büro anlegen lassen."),
        ["line.sku.inactive"] = ("Line {line}: the item {sku} is no longer sold. Choose another item.", "Position {line}: Der Artikel {sku} wird nicht mehr verkauft. Bitte einen anderen wählen."),
        ["line.quantity.invalid"] = ("Line {line}: the quantity must be more than 0, with at most three decimals.", "Position {line}: Die Menge muss größer als 0 sein und höchstens drei Nachkommastellen haben."),
        ["line.quantity.belowMinimum"] = ("Line {line}: {sku} is sold from {minimum}, in steps of {step}; you ordered {quantity}. Choose {choices}.", "Position {line}: {sku} gibt es ab {minimum}, in Schritten von {step}; bestellt sind {quantity}. Bitte {choices} wählen."),
        ["line.price.invalid"] = ("Line {line}: the price must be 0 or more, with at most five decimals.", "Position {line}: Der Preis muss 0 oder größer sein und höchstens fünf Nachkommastellen haben."),
        ["line.tax.invalid"] = ("Line {line}: the tax rate must be from 0 to 100 per cent.", "Position {line}: Der Steuersatz muss zwischen 0 und 100 Prozent liegen."),
        ["line.discount.invalid"] = ("Line {line}: give the discount as a percentage from 0 to 100 or as an amount, not both.", "Position {line}: Bitte den Rabatt als Prozentsatz von 0 bis 100 oder als Betrag angeben, nicht beides."),
        ["order.discount.invalid"] = ("Give the order's discount as a percentage from 0 to 100 or as an amount, not both.", "Bitte den Auftragsrabatt als Prozentsatz von 0 bis 100 oder als Betrag angeben, nicht beides."),
        ["order.shipping"] = ("The shipping charge must be 0 or more, its tax rate from 0 to 100 per cent, each with at most five decimals.", "Die Versandkosten müssen 0 oder größer sein, ihr Steuersatz zwischen 0 und 100 Prozent, beide mit höchstens fünf Nachkommastellen."),
        ["order.amount.invalid"] = ("An amount of this order is out of range.", "Ein Betrag dieses Auftrags liegt außerhalb des Möglichen."),
        ["order.rounding"] = ("The app states a rounding that is not known. Update the app.", "Die App nennt eine unbekannte Rundung. Bitte die App aktualisieren."),
        ["order.totals"] = ("The {name} does not add up: the lines give {computed}, the order says {captured}. Open the order, check it and save it again.", "{name}: Die Positionen ergeben {computed}, der Auftrag sagt {captured}. Bitte den Auftrag öffnen, prüfen und neu sichern."),
        ["user.disabled"] = ("Your account is switched off. The entry is stored and waits for the office.", "Ihr Zugang ist gesperrt. Der Eintrag ist gespeichert und wartet auf das Büro."),
        ["device.sameHardwareOtherKey"] = (
            "The device {device} of {rep} enrolled with a new key on hardware that was known before. If it was set up anew, revoke its old entry; if nobody did that, revoke both.",
            "Das Gerät {device} von {rep} hat sich mit einem neuen Schlüssel auf bekannter Hardware angemeldet. Wurde es neu eingerichtet, bitte den alten Eintrag sperren; hat das niemand getan, beide sperren."),
        ["enrol.codeOtherKey"] = (
            "A second device, \"{name}\", tried the one-time code that {device} of {rep} has used. If nobody typed it twice, somebody has seen the code: look at both devices.",
            "Ein zweites Gerät, „{name}“, hat den Einmalcode probiert, den {device} von {rep} benutzt hat. Hat ihn niemand zweimal eingegeben, hat jemand den Code gesehen: bitte beide Geräte prüfen."),
        ["token.theft"] = (
            "Somebody presented credentials of {device} of {rep} without that device's key. Nothing was opened. Ask {rep} whether the device is in good hands; if not, revoke it.",
            "Jemand hat Zugangsdaten von {device} von {rep} ohne den Schlüssel des Geräts vorgelegt. Nichts wurde geöffnet. Bitte {rep} fragen, ob das Gerät in guten Händen ist; wenn nicht, sperren."),
        ["token.reused"] = (
            "{device} of {rep} came with old credentials after newer ones were in use: it was restored from a backup, or copied. Give {rep} a new code if the device is the right one; else revoke it.",
            "{device} von {rep} kam mit alten Zugangsdaten, nachdem neuere in Gebrauch waren: aus einer Sicherung wiederhergestellt oder kopiert. Ist es das richtige Gerät, bitte {rep} einen neuen Code geben; sonst sperren."),
        ["server.busy"] = ("The server could not finish. Nothing is lost; the app sends this entry again by itself.", "Der Server konnte nicht fertig werden. Nichts ist verloren; die App sendet den Eintrag von selbst erneut."),
    }.ToFrozenDictionary();

    public static IEnumerable<string> Codes => Catalogue.Keys;

    /// <summary>The sentence for a code in a language ("en" or "de"), with its parameters put in.</summary>
    public static string Of(string code, string language, IReadOnlyDictionary<string, string>? parameters)
    {
        var text = Catalogue.TryGetValue(code, out var both) ? language == "de" ? both.De : both.En : code;
        return parameters is null ? text : parameters.Aggregate(text, (sentence, pair) => sentence.Replace($"{{{pair.Key}}}", pair.Value, StringComparison.Ordinal));
    }

    /// <summary>The best language of an Accept-Language header that we speak.</summary>
    public static string LanguageOf(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .OrderByDescending(language => language.Quality ?? 1)
        .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant())
        .FirstOrDefault(language => language is "en" or "de") ?? "en";
}

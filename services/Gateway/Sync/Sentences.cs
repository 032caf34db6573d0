using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace OrderSync.Gateway.Sync;

/// <summary>The catalogue of verdict codes and what people read for them, in every language we speak. {names} are parameters.</summary>
internal static class Sentences
{
    private static readonly FrozenDictionary<string, (string En, string De)> Catalogue = new Dictionary<string, (string En, string De)>
    {
        ["record.idMissing"] = (
            "This entry has no usable id and cannot be taken. Update the app and send it again.",
            "Dieser Eintrag hat keine brauchbare Kennung und kann nicht angenommen werden. Bitte die App aktualisieren und erneut senden."),
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
            "This entry already stands at the office. Changing it needs a connection: open it online and change it there.",
            "Dieser Eintrag liegt dem Büro bereits vor. Zum Ändern ist eine Verbindung nötig: bitte online öffnen und dort ändern."),
        ["customer.missing"] = ("Choose a customer.", "Bitte einen Kunden wählen."),
        ["customer.unknown"] = (
            "The customer of this entry has not arrived yet. The entry is stored and goes on by itself once the customer is there.",
            "Der Kunde dieses Eintrags ist noch nicht angekommen. Der Eintrag ist gespeichert und geht von selbst weiter, sobald der Kunde da ist."),
        ["customer.codeUnknown"] = (
            "No customer has the number or code {customer} yet. The entry is stored and goes on by itself once the office has added it.",
            "Noch hat kein Kunde die Nummer oder den Code {customer}. Der Eintrag ist gespeichert und geht von selbst weiter, sobald das Büro ihn angelegt hat."),
        ["customer.name"] = ("Enter the customer's name.", "Bitte den Namen des Kunden eingeben."),
        ["customer.email"] = ("\"{email}\" is not an e-mail address. Correct it or leave it empty.", "\"{email}\" ist keine E-Mail-Adresse. Bitte berichtigen oder leer lassen."),
        ["text.tooLong"] = ("\"{name}\" is longer than {most} characters. Shorten it.", "\"{name}\" ist länger als {most} Zeichen. Bitte kürzen."),
        ["text.invalid"] = ("\"{name}\" contains a character that cannot be stored. Type it again.", "\"{name}\" enthält ein Zeichen, das nicht gespeichert werden kann. Bitte neu eingeben."),
        ["line.sku.unknown"] = ("Line {line}: the item {sku} is not known. Choose another item or ask the office to add it.", "Position {line}: Der Artikel {sku} ist nicht bekannt. Bitte einen anderen wählen oder ihn im Büro anlegen lassen."),
        ["line.sku.inactive"] = ("Line {line}: the item {sku} is no longer sold. Choose another item.", "Position {line}: Der Artikel {sku} wird nicht mehr verkauft. Bitte einen anderen wählen."),
        ["line.product.needsConnection"] = (
            "Line {line}: {sku} can only be ordered with a connection, because it has choices that are checked online. Remove it and order it online.",
            "Position {line}: {sku} kann nur mit Verbindung bestellt werden, weil seine Auswahl online geprüft wird. Bitte entfernen und online bestellen."),
        ["line.price.outdated"] = (
            "Line {line}: the price of {sku} was taken from a version of the price list {list} that has changed since. The order goes on with the captured price; compare it if that matters.",
            "Position {line}: Der Preis von {sku} stammt aus einem Stand der Preisliste {list}, der sich seitdem geändert hat. Der Auftrag geht mit dem erfassten Preis weiter; bei Bedarf vergleichen."),
        ["line.quantity.invalid"] = ("Line {line}: the quantity must be more than 0, with at most three decimals.", "Position {line}: Die Menge muss größer als 0 sein und höchstens drei Nachkommastellen haben."),
        ["line.quantity.belowMinimum"] = ("Line {line}: {sku} is sold from {choices} up; you ordered {quantity}. Choose {choices} or more.", "Position {line}: {sku} gibt es ab {choices}; bestellt sind {quantity}. Bitte {choices} oder mehr wählen."),
        ["line.quantity.notAMultiple"] = ("Line {line}: {sku} is sold in steps of {step}; you ordered {quantity}. Choose {choices}.", "Position {line}: {sku} gibt es in Schritten von {step}; bestellt sind {quantity}. Bitte {choices} wählen."),
        ["line.price.invalid"] = ("Line {line}: the price must be 0 or more, with at most five decimals.", "Position {line}: Der Preis muss 0 oder größer sein und höchstens fünf Nachkommastellen haben."),
        ["line.tax.invalid"] = ("Line {line}: the tax rate must be from 0 to 100 per cent.", "Position {line}: Der Steuersatz muss zwischen 0 und 100 Prozent liegen."),
        ["line.discount.invalid"] = ("Line {line}: give the discount as a percentage from 0 to 100 or as an amount, not both.", "Position {line}: Bitte den Rabatt als Prozentsatz von 0 bis 100 oder als Betrag angeben, nicht beides."),
        ["line.discount.tooLarge"] = ("Line {line}: the discount is more than the line's amount. Lower it.", "Position {line}: Der Rabatt ist höher als der Betrag der Position. Bitte verringern."),
        ["line.amount.invalid"] = ("Line {line}: the amount is too large or has too many digits. Check quantity, price and discount.", "Position {line}: Der Betrag ist zu groß oder hat zu viele Stellen. Bitte Menge, Preis und Rabatt prüfen."),
        ["user.disabled"] = ("Your account is switched off. The entry is stored and goes on by itself once the office switches it on again.", "Ihr Zugang ist gesperrt. Der Eintrag ist gespeichert und geht von selbst weiter, sobald das Büro ihn wieder freigibt."),
        ["record.schemaNewer"] = (
            "The app is newer than the server: it writes version {schema} of this entry, the server reads up to {newest}. The entry is kept; ask the operator to update the server, then send it again.",
            "Die App ist neuer als der Server: Sie schreibt Version {schema} dieses Eintrags, der Server liest bis {newest}. Der Eintrag bleibt gespeichert; bitte den Server aktualisieren lassen und dann erneut senden."),
        ["record.dependencyUnknown"] = (
            "This entry needs another one first ({which}), which has not arrived yet. It is stored and goes on by itself once that one is there.",
            "Dieser Eintrag braucht zuerst einen anderen ({which}), der noch nicht angekommen ist. Er ist gespeichert und geht von selbst weiter, sobald jener da ist."),
        ["record.dependencyRefused"] = (
            "This entry needs another one first ({which}), which was refused. It is stored and goes on by itself once that one is corrected.",
            "Dieser Eintrag braucht zuerst einen anderen ({which}), der abgelehnt wurde. Er ist gespeichert und geht von selbst weiter, sobald jener berichtigt ist."),
        ["customer.refused"] = (
            "The customer of this entry ({which}) was refused. The entry is stored and goes on by itself once the customer is corrected.",
            "Der Kunde dieses Eintrags ({which}) wurde abgelehnt. Der Eintrag ist gespeichert und geht von selbst weiter, sobald der Kunde berichtigt ist."),
        ["customer.codeTaken"] = (
            "Another customer already has the code {code}. This customer is stored without a code; the office gives it one.",
            "Ein anderer Kunde hat bereits den Code {code}. Dieser Kunde ist ohne Code gespeichert; das Büro vergibt einen."),
        ["number.outOfRange"] = ("\"{name}\" must be from {least} to {most}. Correct it.", "\"{name}\" muss zwischen {least} und {most} liegen. Bitte berichtigen."),
        ["list.tooLong"] = ("\"{name}\" has {count} entries; at most {most} are possible. Remove some.", "\"{name}\" hat {count} Einträge; höchstens {most} sind möglich. Bitte einige entfernen."),
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
        ["server.setBack"] = (
            "An older backup of the database was put back, noticed {time}. Devices offer again what they had sent since, and connectors tell again what they had told; what the office itself entered since is gone: enter it again. New numbers carry {series}. Mails that may have gone out already wait in Needs attention.",
            "Eine ältere Sicherung der Datenbank wurde eingespielt, bemerkt {time}. Geräte senden erneut, was sie seither gesendet hatten, und Connectoren melden erneut; was das Büro selbst seither eingegeben hat, fehlt: bitte noch einmal eingeben. Neue Nummern tragen {series}. E-Mails, die vielleicht schon versandt sind, warten unter Handlungsbedarf."),
        ["proof.notOurs"] = (
            "The device {device} showed {count} signed answers that were not given here, or not for those entries. The entries were treated as new ones. Look at the device; if nobody knows why, revoke it.",
            "Das Gerät {device} hat {count} signierte Antworten vorgelegt, die nicht von hier oder nicht zu diesen Einträgen sind. Die Einträge wurden wie neue behandelt. Bitte das Gerät ansehen; weiß niemand, warum, bitte sperren."),
        ["number.taken"] = (
            "{which} was {number} before an older backup was put back. That number belongs to another entry by now, so it got a new one. Tell whoever has it under the old one.",
            "{which} hatte die Nummer {number}, bevor eine ältere Sicherung eingespielt wurde. Die Nummer gehört inzwischen einem anderen Eintrag, deshalb bekam er eine neue. Bitte alle benachrichtigen, die ihn unter der alten kennen."),
        ["messages.parked"] = (
            "{part} could not read {count} of its messages. Nothing is lost: what they say is told again by itself. Look at them, then send them again or put them aside.",
            "{part} konnte {count} Nachrichten nicht lesen. Nichts ist verloren: Was sie sagen, wird von selbst erneut mitgeteilt. Bitte ansehen, dann erneut senden oder weglegen."),
        ["connector.away"] = (
            "{part} does not answer just now, so what it could not read is not counted here. Look again in a moment; if it stays so, tell the operator.",
            "{part} antwortet gerade nicht; was es nicht lesen konnte, ist hier nicht gezählt. Bitte gleich noch einmal nachsehen; bleibt es so, den Betreiber benachrichtigen."),
        ["collection.manyDeleted"] = (
            "{rows} {collection} are no longer at {connection}. They stay here and on the devices until somebody says that this is right.",
            "{rows} {collection} sind bei {connection} nicht mehr da. Hier und auf den Geräten bleiben sie, bis jemand sagt, dass das stimmt."),
        ["collection.manyDeleted.fix"] = (
            "Look for them there. If they were really deleted, confirm it; if not, nothing is to be done once they are back.",
            "Bitte dort nachsehen. Wurden sie wirklich gelöscht, bitte bestätigen; wenn nicht, ist nichts zu tun, sobald sie wieder da sind."),
        ["attention.fix.held"] = (
            "Add what is missing. They then go on by themselves, without being sent again.",
            "Bitte anlegen, was fehlt. Danach gehen sie von selbst weiter und müssen nicht erneut gesendet werden."),
        ["attention.fix.waiting"] = (
            "Look where what they need was captured: it may still lie on a device, or it was stopped. They go on by themselves once it is there.",
            "Bitte nachsehen, wo das Fehlende erfasst wurde: Es liegt vielleicht noch auf einem Gerät oder wurde angehalten. Ist es da, geht es von selbst weiter."),
        ["attention.fix.refused"] = (
            "If what is missing belongs here, add it, then retry. Else the rep corrects it on the device and sends it again.",
            "Fehlt hier etwas, bitte anlegen und erneut versuchen. Sonst berichtigt es der Außendienst auf dem Gerät und sendet es erneut."),
        ["attention.fix.reconnect"] = (
            "Connect it again in Connections; everything then goes on by itself.",
            "Bitte unter Verbindungen neu verbinden; danach geht alles von selbst weiter."),
        ["attention.fix.stopped"] = (
            "Nothing, unless they are to go on after all: then reopen them.",
            "Nichts; sollen sie doch weitergehen, bitte wieder öffnen."),
        ["own.fix.refused"] = ("Correct it and save it again, or try again once the office has added what was missing.", "Bitte berichtigen und neu sichern, oder erneut versuchen, sobald das Büro das Fehlende angelegt hat."),
        ["own.fix.held"] = ("The office adds what is missing. It then goes on by itself.", "Das Büro legt an, was fehlt. Danach geht es von selbst weiter."),
        ["own.fix.waiting"] = ("Send what it needs, or correct that. It then goes on by itself.", "Bitte senden oder berichtigen, was es braucht. Danach geht es von selbst weiter."),
        ["own.fix.attention"] = ("The office mends the cause. Try again after that.", "Das Büro behebt die Ursache. Danach bitte erneut versuchen."),
        ["own.fix.reconnect"] = ("The office connects it again. It then goes on by itself.", "Das Büro verbindet neu. Danach geht es von selbst weiter."),
        ["own.fix.stopped"] = ("Nothing, unless it is to go on after all: then reopen it.", "Nichts; soll es doch weitergehen, bitte wieder öffnen."),
        ["connection.notRun"] = (
            "No connector {part} runs here, so nothing can go there. Tell the operator.",
            "Hier läuft kein Connector {part}, also kann nichts dorthin. Bitte den Betreiber benachrichtigen."),
        ["connection.away"] = (
            "{part} does not answer just now. What waits goes on by itself once it does.",
            "{part} antwortet gerade nicht. Was wartet, geht von selbst weiter, sobald es antwortet."),
        ["connection.noSettings"] = (
            "It has no settings yet. Enter them in Connections.",
            "Sie hat noch keine Einstellungen. Bitte unter Verbindungen eingeben."),
        ["server.busy"] = ("The server could not finish. Nothing is lost; the app sends this entry again by itself.", "Der Server konnte nicht fertig werden. Nichts ist verloren; die App sendet den Eintrag von selbst erneut."),
    }.Concat(RecordKinds.All.SelectMany(kind => kind.Sentences)).ToFrozenDictionary();

    private static readonly Regex Parameter = new(@"\{(\w+)\}", RegexOptions.Compiled | RegexOptions.CultureInvariant);

    public static IEnumerable<string> Codes => Catalogue.Keys;

    /// <summary>A parameter of which the reader is to choose one: the sentence says "or" in its language.</summary>
    public static string OneOf(string one, string other) => $"{one}|{other}";

    /// <summary>The sentence for a code in a language ("en" or "de"), with its parameters put in.</summary>
    public static string Of(string code, string language, IReadOnlyDictionary<string, string>? parameters)
    {
        var text = Catalogue.TryGetValue(code, out var both) ? language == "de" ? both.De : both.En : code;
        return parameters is null ? text : Parameter.Replace(text, found => parameters.TryGetValue(found.Groups[1].Value, out var value)
            ? found.Groups[1].Value == "choices" ? value.Replace("|", language == "de" ? " oder " : " or ", StringComparison.Ordinal) : value
            : found.Value);
    }

    /// <summary>The best language of an Accept-Language header that we speak.</summary>
    public static string LanguageOf(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .OrderByDescending(language => language.Quality ?? 1)
        .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant())
        .FirstOrDefault(language => language is "en" or "de") ?? "en";
}

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
        ["line.quantity.belowMinimumOfSteps"] = (
            "Line {line}: {sku} is sold from {minimum} up in steps of {step}; you ordered {quantity}. Choose {choices}.",
            "Position {line}: {sku} gibt es ab {minimum} in Schritten von {step}; bestellt sind {quantity}. Bitte {choices} wählen."),
        ["line.quantity.notAMultiple"] = ("Line {line}: {sku} is sold in steps of {step}; you ordered {quantity}. Choose {choices}.", "Position {line}: {sku} gibt es in Schritten von {step}; bestellt sind {quantity}. Bitte {choices} wählen."),
        ["line.price.invalid"] = ("Line {line}: the price must be 0 or more, with at most five decimals.", "Position {line}: Der Preis muss 0 oder größer sein und höchstens fünf Nachkommastellen haben."),
        ["line.tax.invalid"] = ("Line {line}: the tax rate must be from 0 to 100 per cent.", "Position {line}: Der Steuersatz muss zwischen 0 und 100 Prozent liegen."),
        ["line.discount.invalid"] = ("Line {line}: give the discount as a percentage from 0 to 100 or as an amount, not both.", "Position {line}: Bitte den Rabatt als Prozentsatz von 0 bis 100 oder als Betrag angeben, nicht beides."),
        ["line.discount.tooLarge"] = ("Line {line}: the discount is more than the line's amount. Lower it.", "Position {line}: Der Rabatt ist höher als der Betrag der Position. Bitte verringern."),
        ["line.amount.invalid"] = ("Line {line}: the amount is too large or has too many digits. Check quantity, price and discount.", "Position {line}: Der Betrag ist zu groß oder hat zu viele Stellen. Bitte Menge, Preis und Rabatt prüfen."),
        ["order.discount.invalid"] = ("Give the order's discount as a percentage from 0 to 100 or as an amount, not both.", "Bitte den Auftragsrabatt als Prozentsatz von 0 bis 100 oder als Betrag angeben, nicht beides."),
        ["order.discount.tooLarge"] = ("The order's discount is more than its subtotal. Lower it.", "Der Auftragsrabatt ist höher als die Zwischensumme. Bitte verringern."),
        ["order.shipping"] = ("The shipping charge must be 0 or more, its tax rate from 0 to 100 per cent, each with at most five decimals.", "Die Versandkosten müssen 0 oder größer sein, ihr Steuersatz zwischen 0 und 100 Prozent, beide mit höchstens fünf Nachkommastellen."),
        ["order.amount.invalid"] = ("An amount of this order is out of range.", "Ein Betrag dieses Auftrags liegt außerhalb des Möglichen."),
        ["order.rounding"] = ("The app states a rounding that is not known. Update the app.", "Die App nennt eine unbekannte Rundung. Bitte die App aktualisieren."),
        ["order.totals"] = ("The {name} does not add up: the lines give {computed}, the order says {captured}. Open the order, check it and save it again.", "{name}: Die Positionen ergeben {computed}, der Auftrag sagt {captured}. Bitte den Auftrag öffnen, prüfen und neu sichern."),
        ["order.creditLimit"] = (
            "The customer's credit limit is {limit} {currency}. They owe {balance} {currency} already; with this document of {total} {currency} it would be {open} {currency}. Take a payment first, or ask the office to raise the limit or let it go on.",
            "Das Kreditlimit des Kunden beträgt {limit} {currency}. Offen sind bereits {balance} {currency}; mit diesem Beleg über {total} {currency} wären es {open} {currency}. Bitte erst eine Zahlung annehmen oder im Büro um ein höheres Limit oder die Freigabe bitten."),
        ["order.paymentTerms"] = (
            "The order has the payment terms \"{captured}\"; agreed with the customer are \"{terms}\". It goes on as captured; clear the terms with the customer if that was not meant.",
            "Der Auftrag hat die Zahlungsbedingung „{captured}“; mit dem Kunden vereinbart ist „{terms}“. Er geht weiter wie erfasst; war das nicht gemeint, bitte die Bedingung mit dem Kunden klären."),
        ["order.couponUsed"] = (
            "The coupon {coupon} was used before, in {which}. Look at both; if the coupon holds only once, take it out of one of them.",
            "Der Gutschein {coupon} wurde schon in {which} eingelöst. Bitte beide ansehen; gilt der Gutschein nur einmal, bitte aus einem davon herausnehmen."),
        ["line.lot.unknown"] = (
            "Line {line}: the lot {number} of {sku} is not known. Check the number, or ask the office to add the lot.",
            "Position {line}: Die Charge {number} von {sku} ist nicht bekannt. Bitte die Nummer prüfen oder die Charge im Büro anlegen lassen."),
        ["line.serial.unknown"] = (
            "Line {line}: the serial number {number} of {sku} is not known. Check it, or ask the office to add it.",
            "Position {line}: Die Seriennummer {number} von {sku} ist nicht bekannt. Bitte prüfen oder im Büro anlegen lassen."),
        ["customer.change.needsConnection"] = (
            "On this device customers who stand already are changed with a connection only. Open the customer online and change it there; nothing was changed.",
            "Auf diesem Gerät werden bestehende Kunden nur mit Verbindung geändert. Bitte den Kunden online öffnen und dort ändern; geändert wurde nichts."),
        ["customer.add.needsConnection"] = (
            "On this device new customers are made with a connection only. Make the customer online.", "Auf diesem Gerät werden neue Kunden nur mit Verbindung angelegt. Bitte den Kunden online anlegen."),
        ["order.add.needsConnection"] = (
            "On this device orders are taken with a connection only. Enter the order online.", "Auf diesem Gerät werden Aufträge nur mit Verbindung erfasst. Bitte den Auftrag online eingeben."),
        ["quote.add.needsConnection"] = (
            "On this device quotes are made with a connection only. Enter the quote online.", "Auf diesem Gerät werden Angebote nur mit Verbindung erstellt. Bitte das Angebot online eingeben."),
        ["lead.add.needsConnection"] = (
            "On this device leads are captured with a connection only. Enter the lead online.", "Auf diesem Gerät werden Interessenten nur mit Verbindung erfasst. Bitte den Interessenten online eingeben."),
        ["activity.add.needsConnection"] = (
            "On this device activities are captured with a connection only. Enter it online.", "Auf diesem Gerät werden Aktivitäten nur mit Verbindung erfasst. Bitte online eingeben."),
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
        ["customer.possibleDuplicate"] = (
            "This customer may already be there as {which}. It is stored; the office decides whether the two are one, and its entries wait until then.",
            "Diesen Kunden gibt es vielleicht schon als {which}. Er ist gespeichert; das Büro entscheidet, ob beide derselbe sind, und seine Einträge warten so lange."),
        ["customer.undecided"] = (
            "The customer of this entry ({which}) may already be there under another name; the office decides. The entry is stored and goes on by itself after that.",
            "Den Kunden dieses Eintrags ({which}) gibt es vielleicht schon unter anderem Namen; das Büro entscheidet. Der Eintrag ist gespeichert und geht danach von selbst weiter."),
        ["customer.changing"] = (
            "This change is stored and goes on by itself once it was compared with what the office has.",
            "Diese Änderung ist gespeichert und geht von selbst weiter, sobald sie mit dem Stand im Büro verglichen ist."),
        ["customer.changeEmpty"] = (
            "This change of a customer does not say what it changes. Update the app and send it again.",
            "Diese Änderung eines Kunden sagt nicht, was sie ändert. Bitte die App aktualisieren und erneut senden."),
        ["customer.changeField"] = (
            "\"{name}\" of a customer cannot be changed on a device. Ask the office to change it.",
            "\"{name}\" eines Kunden kann nicht auf einem Gerät geändert werden. Bitte das Büro darum bitten."),
        ["customer.changeConflict"] = (
            "{which} was changed meanwhile by somebody else: {fields}. Nothing of this change is lost; the office looks at both versions and chooses.",
            "{which} wurde inzwischen von jemand anderem geändert: {fields}. Nichts von dieser Änderung ist verloren; das Büro sieht beide Fassungen und wählt."),
        ["customer.changeLeft"] = (
            "The office has seen this change and left the customer as it was.",
            "Das Büro hat diese Änderung gesehen und den Kunden gelassen, wie er war."),
        ["customer.needsConnection"] = (
            "A lead becomes a customer only with a connection. Open the lead online and convert it there.",
            "Ein Interessent wird nur mit Verbindung zum Kunden. Bitte den Interessenten online öffnen und dort umwandeln."),
        ["customer.merged"] = (
            "This customer was already there as {which}. The two are one now; its entries go on under {which}.",
            "Diesen Kunden gab es bereits als {which}. Beide sind jetzt einer; seine Einträge gehen unter {which} weiter."),
        ["live.userDisabled"] = (
            "Your access is switched off, so nothing was done. Ask the office.",
            "Ihr Zugang ist gesperrt, daher wurde nichts getan. Bitte im Büro nachfragen."),
        ["lead.unknown"] = (
            "This lead is not at the office yet, or it is another rep's. Send it first, then convert it.",
            "Dieser Interessent liegt dem Büro noch nicht vor oder gehört jemand anderem. Bitte zuerst senden, dann umwandeln."),
        ["lead.notAccepted"] = (
            "This lead has not gone on yet, so no customer can be made of it. Look at the lead first.",
            "Dieser Interessent ist noch nicht weitergegangen, daher kann kein Kunde daraus werden. Bitte zuerst den Interessenten ansehen."),
        ["lead.possibleDuplicate"] = (
            "There is a customer {which} with the same tax number, e-mail address, or name and postcode. Use that one, or ask the office.",
            "Es gibt bereits den Kunden {which} mit derselben Steuernummer, E-Mail-Adresse oder mit Name und Postleitzahl. Bitte jenen verwenden oder das Büro fragen."),
        ["quote.unknown"] = (
            "This quote is not at the office yet, or it is another rep's. Send it first, then take it over.",
            "Dieses Angebot liegt dem Büro noch nicht vor oder gehört jemand anderem. Bitte zuerst senden, dann übernehmen."),
        ["quote.notAccepted"] = (
            "This quote has not gone on yet, so no order can be made of it. Look at the quote first.",
            "Dieses Angebot ist noch nicht weitergegangen, daher kann kein Auftrag daraus werden. Bitte zuerst das Angebot ansehen."),
        ["order.sourceTaken"] = (
            "This quote has already become the order {which}. Open that one; if a second order is meant, save it without the quote.",
            "Aus diesem Angebot wurde bereits der Auftrag {which}. Bitte jenen öffnen; ist ein zweiter Auftrag gemeint, bitte ohne das Angebot sichern."),
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
        ["attention.fix.duplicate"] = (
            "Look at both under Duplicates: merge them, or keep both. Their entries then go on by themselves.",
            "Bitte beide unter Duplicates ansehen: zusammenführen oder beide behalten. Ihre Einträge gehen danach von selbst weiter."),
        ["attention.fix.change"] = (
            "Look at both versions under Customer changes and choose: take the change, or leave the customer as it is.",
            "Bitte beide Fassungen unter Customer changes ansehen und wählen: die Änderung übernehmen oder den Kunden lassen, wie er ist."),
        ["attention.fix.decide"] = (
            "Look at each and decide: let it go on as it was captured, or stop it.",
            "Bitte jeden ansehen und entscheiden: weitergehen lassen, wie er erfasst ist, oder anhalten."),
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
        ["bundle.empty"] = (
            "The file is empty. Choose the file that the device has exported.",
            "Die Datei ist leer. Bitte die Datei wählen, die das Gerät exportiert hat."),
        ["bundle.unreadable"] = (
            "Part {part} of the file cannot be read: this is no bundle, or the file is damaged or cut off there. What stands before it was taken; copy the file from the device again and bring it once more.",
            "Teil {part} der Datei ist nicht lesbar: Dies ist kein Bündel, oder die Datei ist dort beschädigt oder abgeschnitten. Was davor steht, wurde übernommen; bitte die Datei noch einmal vom Gerät kopieren und erneut bringen."),
        ["bundle.otherCompany"] = (
            "Part {part} belongs to another company, or its beginning was changed. Nothing of it was taken. Bring the file to the company whose device has exported it.",
            "Teil {part} gehört einer anderen Firma, oder sein Anfang wurde verändert. Nichts davon wurde übernommen. Bitte die Datei zu der Firma bringen, deren Gerät sie exportiert hat."),
        ["bundle.deviceUnknown"] = (
            "Part {part} comes from a device that is not known here, or its beginning was changed. Nothing of it was taken. Copy the file from the device again; a device must have enrolled before it exports.",
            "Teil {part} kommt von einem Gerät, das hier nicht bekannt ist, oder sein Anfang wurde verändert. Nichts davon wurde übernommen. Bitte die Datei noch einmal vom Gerät kopieren; ein Gerät muss vor dem Export angemeldet sein."),
        ["bundle.signature"] = (
            "Part {part} is not as {device} wrote it: something in it was changed. Nothing of it was taken. Copy the file from the device again.",
            "Teil {part} ist nicht so, wie {device} ihn geschrieben hat: Etwas darin wurde verändert. Nichts davon wurde übernommen. Bitte die Datei noch einmal vom Gerät kopieren."),
        ["bundle.keyUnknown"] = (
            "Part {part} of {device} is encrypted to a key that cannot be opened here. Nothing of it was taken. Ask the operator for the setting Bundles:Key as it was; or let the device go online once and export again.",
            "Teil {part} von {device} ist mit einem Schlüssel verschlüsselt, der hier nicht geöffnet werden kann. Nichts davon wurde übernommen. Bitte den Betreiber nach der früheren Einstellung Bundles:Key fragen, oder das Gerät einmal online gehen und neu exportieren lassen."),
        ["bundle.content"] = (
            "Part {part} of {device} cannot be opened, though the device has signed it. Nothing of it was taken. Update the app and export again.",
            "Teil {part} von {device} lässt sich nicht öffnen, obwohl das Gerät ihn signiert hat. Nichts davon wurde übernommen. Bitte die App aktualisieren und neu exportieren."),
        ["bundle.partDiffers"] = (
            "Part {part} of {device} differs from the one that came under the same number before. Nothing of it was taken. Export again; look at the device if nobody knows why.",
            "Teil {part} von {device} ist ein anderer als der, der zuvor unter derselben Nummer kam. Nichts davon wurde übernommen. Bitte neu exportieren; weiß niemand, warum, bitte das Gerät ansehen."),
        ["bundle.later"] = (
            "The server could not finish. What was taken stays; do the same again in a moment.",
            "Der Server konnte nicht fertig werden. Was übernommen wurde, bleibt; bitte gleich noch einmal versuchen."),
        ["server.full"] = (
            "The server has no room just now. What was taken stays; do the same again in a moment.",
            "Der Server hat gerade keinen Platz. Was übernommen wurde, bleibt; bitte gleich noch einmal versuchen."),
        ["server.busy"] = ("The server could not finish. Nothing is lost; the app sends this entry again by itself.", "Der Server konnte nicht fertig werden. Nichts ist verloren; die App sendet den Eintrag von selbst erneut."),
    }.Concat(RecordKinds.All.SelectMany(kind => kind.Sentences)).ToFrozenDictionary();

    private static readonly Regex Parameter = new(@"\{(\w+)\}", RegexOptions.Compiled | RegexOptions.CultureInvariant);

    public static IEnumerable<string> Codes => Catalogue.Keys;

    /// <summary>The sentence as it stands in the catalogue, its parameters not put in.</summary>
    public static (string En, string De) Of(string code) => Catalogue[code];

    /// <summary>A parameter of which the reader is to choose one: the sentence says "or" in its language.</summary>
    public static string OneOf(string one, string other) => $"{one}|{other}";

    /// <summary>The sentence for a code in a language ("en" or "de"), with its parameters put in.</summary>
    public static string Of(string code, string language, IReadOnlyDictionary<string, string>? parameters)
    {
        var text = Catalogue.TryGetValue(code, out var both) ? language == "de" ? both.De : both.En : code;
        return parameters is null ? text : Parameter.Replace(text, found => parameters.TryGetValue(found.Groups[1].Value, out var value)
            ? found.Groups[1].Value switch
            {
                "choices" => value.Replace("|", language == "de" ? " oder " : " or ", StringComparison.Ordinal),
                "name" => FieldWords.Of(value, language),
                _ => value,
            }
            : found.Value);
    }

    /// <summary>The best language of an Accept-Language header that we speak.</summary>
    public static string LanguageOf(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .OrderByDescending(language => language.Quality ?? 1)
        .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant())
        .FirstOrDefault(language => language is "en" or "de") ?? "en";
}

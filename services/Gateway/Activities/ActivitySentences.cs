namespace OrderSync.Gateway.Activities;

/// <summary>What people read for the codes that are those of activities. {names} are parameters.</summary>
internal static class ActivitySentences
{
    public static readonly IReadOnlyDictionary<string, (string En, string De)> All = new Dictionary<string, (string En, string De)>
    {
        ["activity.type"] = ("The entry does not say what it is. Update the app.", "Der Eintrag sagt nicht, was er ist. Bitte die App aktualisieren."),
        ["activity.position"] = ("The position is no place on earth. Measure it again or leave it out.", "Die Position liegt nicht auf der Erde. Bitte neu messen oder weglassen."),
        ["visit.missing"] = ("The entry does not say which step of which visit it is. Update the app.", "Der Eintrag sagt nicht, welcher Schritt welches Besuchs er ist. Bitte die App aktualisieren."),
        ["visit.step"] = ("\"{step}\" is no step of a visit we know. Update the app.", "\"{step}\" ist kein bekannter Schritt eines Besuchs. Bitte die App aktualisieren."),
        ["visit.notCheckedIn"] = ("Nobody has checked in to this visit. Check in first, then send this again.", "Zu diesem Besuch hat sich niemand angemeldet. Bitte zuerst anmelden, dann erneut senden."),
        ["visit.checkedInAlready"] = ("Somebody has checked in to this visit already. Begin a new visit.", "Zu diesem Besuch ist schon jemand angemeldet. Bitte einen neuen Besuch beginnen."),
        ["visit.completedAlready"] = ("This visit is complete already. Nothing is to be done; remove this entry.", "Dieser Besuch ist schon abgeschlossen. Es ist nichts zu tun; bitte diesen Eintrag entfernen."),
        ["visit.over"] = ("This visit was complete before this was captured. Begin a new visit for it.", "Dieser Besuch war abgeschlossen, bevor dies erfasst wurde. Bitte dafür einen neuen Besuch beginnen."),
        ["attendance.direction"] = ("The entry says neither in nor out. Update the app.", "Der Eintrag sagt weder Beginn noch Ende. Bitte die App aktualisieren."),
        ["attendance.overlapping"] = ("Work begins here although it had not ended before. Compare it with the rep.", "Hier beginnt die Arbeit, obwohl sie vorher nicht beendet war. Bitte mit dem Außendienst abgleichen."),
        ["attendance.outWithoutIn"] = ("Work ends here although it had not begun. Compare it with the rep.", "Hier endet die Arbeit, obwohl sie nicht begonnen hatte. Bitte mit dem Außendienst abgleichen."),
        ["count.lines"] = ("Nothing was counted. Count at least one item.", "Es wurde nichts gezählt. Bitte mindestens einen Artikel zählen."),
        ["count.line"] = ("Line {line}: name the item and how much there is, 0 or more with at most three decimals.", "Position {line}: Bitte den Artikel nennen und die Menge, 0 oder größer mit höchstens drei Nachkommastellen."),
        ["count.itemUnknown"] = ("Line {line}: the counted item {sku} is not known. It is kept; add the item if it is yours.", "Position {line}: Der gezählte Artikel {sku} ist nicht bekannt. Er bleibt gespeichert; gehört er zum Sortiment, bitte anlegen."),
        ["location.name"] = ("Give the location a name.", "Bitte dem Ort einen Namen geben."),
        ["location.position"] = ("The location is no place on earth. Measure it again.", "Der Ort liegt nicht auf der Erde. Bitte neu messen."),
        ["form.missing"] = ("The entry does not say which form was filled in. Update the app.", "Der Eintrag sagt nicht, welches Formular ausgefüllt wurde. Bitte die App aktualisieren."),
        ["form.versionUnknown"] = (
            "Version {version} of the form {form} is not known here. The entry is stored and goes on by itself once the office has published it.",
            "Version {version} des Formulars {form} ist hier nicht bekannt. Der Eintrag ist gespeichert und geht von selbst weiter, sobald das Büro sie veröffentlicht hat."),
        ["form.answer.missing"] = ("\"{label}\" was not answered. Answer it.", "\"{label}\" wurde nicht beantwortet. Bitte beantworten."),
        ["form.answer.invalid"] = ("\"{label}\" was answered with something that does not fit. Answer it again.", "\"{label}\" wurde mit etwas beantwortet, das nicht passt. Bitte neu beantworten."),
        ["form.answer.unknown"] = ("The form has no field \"{label}\". Update the app, or fill the form in again.", "Das Formular hat kein Feld \"{label}\". Bitte die App aktualisieren oder das Formular neu ausfüllen."),
    };
}

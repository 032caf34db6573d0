namespace OrderSync.Gateway.Office;

/// <summary>One thing that happened to a record.</summary>
/// <param name="At">When; that of the capture by the device's clock, all others by ours.</param>
/// <param name="What">Stable code, such as delivery.done.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="Rev">Revision it happened to.</param>
/// <param name="Connection">Name of the destination.</param>
/// <param name="State">State at the destination.</param>
/// <param name="Code">Why, as a code.</param>
/// <param name="Reason">Why, in the destination's words.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record TimelineEntry(
    DateTimeOffset At, string What, string Message, int? Rev = null, string? Connection = null, string? State = null, string? Code = null, string? Reason = null, int? Attempts = null);

/// <summary>All that happened to one record, in one list in the order of time.</summary>
internal sealed class Timeline(string language)
{
    private const string Mail = "email";

    // What a person reads, in each language we speak. {0} is who or where, {1} what.
    private static readonly Dictionary<string, (string En, string De)> Sentences = new()
    {
        ["record.captured"] = ("{0} captured it.", "{0} hat es erfasst."),
        ["verdict.accepted"] = ("Revision {0} came and was accepted.", "Revision {0} kam an und wurde angenommen."),
        ["verdict.waiting"] = ("Revision {0} came and waits for another record.", "Revision {0} kam an und wartet auf einen anderen Eintrag."),
        ["verdict.held"] = ("Revision {0} came and needs attention.", "Revision {0} kam an und braucht Klärung."),
        ["verdict.refused"] = ("Revision {0} came and was refused; it is kept as it was sent.", "Revision {0} kam an und wurde abgelehnt; sie bleibt gespeichert, wie sie gesendet wurde."),
        ["verdict.conflict"] = ("Other content came as revision {0}; the first stays, this is kept beside it.", "Anderer Inhalt kam als Revision {0}; der erste bleibt, dieser ist daneben gespeichert."),
        ["verdict.superseded"] = ("Revision {0} came after a later one; it is kept, the later one stays.", "Revision {0} kam nach einer späteren; sie ist gespeichert, die spätere gilt."),
        ["verdict.other"] = ("Revision {0} came: {1}.", "Revision {0} kam an: {1}."),
        ["number.given"] = ("It has the number {0}.", "Es hat die Nummer {0}."),
        ["delivery.pending"] = ("It is on its way to {0}.", "Es ist auf dem Weg zu {0}."),
        ["delivery.inProgress"] = ("{0} works on it.", "{0} arbeitet daran."),
        ["delivery.waiting"] = ("{0} has not got it yet; it is tried again by itself.", "{0} hat es noch nicht; es wird von selbst erneut versucht."),
        ["delivery.done"] = ("It is in {0}.", "Es ist in {0}."),
        ["delivery.attention"] = ("{0} did not take it. Mend the cause, then retry.", "{0} hat es nicht genommen. Bitte die Ursache beheben und erneut versuchen."),
        ["delivery.reconnect"] = ("{0} needs to be connected again.", "{0} muss neu verbunden werden."),
        ["delivery.stopped"] = ("It does not go to {0} any more.", "Es geht nicht mehr an {0}."),
        ["delivery.superseded"] = ("A later revision goes to {0} in its place.", "Eine spätere Fassung geht an ihrer Stelle an {0}."),
        ["erp.orders"] = ("In {0} the order {1} is {2}.", "In {0} ist der Auftrag {1} {2}."),
        ["erp.invoices"] = ("In {0} the invoice {1} is {2}.", "In {0} ist die Rechnung {1} {2}."),
        ["erp.invoicesOpen"] = ("In {0} the invoice {1} is {2}; {3} of it is open.", "In {0} ist die Rechnung {1} {2}; davon sind {3} offen."),
        ["mail.superseded"] = ("A later revision is sent by {0} in its place.", "Eine spätere Fassung wird an ihrer Stelle von {0} gesendet."),
        ["mail.pending"] = ("The mail of {0} is on its way.", "Die Mail von {0} ist unterwegs."),
        ["mail.inProgress"] = ("The mail of {0} is being sent.", "Die Mail von {0} wird gesendet."),
        ["mail.waiting"] = ("The mail server of {0} has not taken it yet; it is tried again by itself.", "Der Mailserver von {0} hat die Mail noch nicht genommen; es wird von selbst erneut versucht."),
        ["mail.done"] = ("The mail of {0} was handed to the mail server.", "Die Mail von {0} wurde dem Mailserver übergeben."),
        ["mail.attention"] = ("The mail of {0} could not be sent. Mend the cause, then retry.", "Die Mail von {0} konnte nicht gesendet werden. Bitte die Ursache beheben und erneut versuchen."),
        ["mail.reconnect"] = ("The mail server of {0} needs new credentials.", "Der Mailserver von {0} braucht neue Zugangsdaten."),
        ["mail.stopped"] = ("The mail of {0} is not sent any more.", "Die Mail von {0} wird nicht mehr gesendet."),
    };

    private readonly List<TimelineEntry> entries = [];

    /// <summary>Oldest first; what has the same time stays in the order it was noted.</summary>
    public IReadOnlyList<TimelineEntry> Entries => [.. entries.OrderBy(entry => entry.At)];

    public void Captured(DateTimeOffset at, int rev, string rep) => Add(new(at, "record.captured", "", rev), rep);

    public void Came(DateTimeOffset at, int rev, string outcome) =>
        Add(new(at, Sentences.ContainsKey($"verdict.{outcome}") ? $"verdict.{outcome}" : "verdict.other", "", rev), rev.ToString(System.Globalization.CultureInfo.InvariantCulture), outcome);

    public void Numbered(DateTimeOffset at, string number) => Add(new(at, "number.given", ""), number);

    public void Delivered(DateTimeOffset at, string connection, string connector, int rev, string state, string? code = null, string? reason = null, int? attempts = null) =>
        Add(new(at, $"{(connector == Mail ? "mail" : "delivery")}.{state}", "", rev, connection, state, code, reason, attempts), connection);

    /// <summary>A state the record's document, or an invoice made from it, was seen in at a destination.</summary>
    public void Seen(DateTimeOffset at, string connection, string collection, string number, string status, decimal? balance)
    {
        var open = balance is > 0 ? balance.Value.ToString("0.00###", System.Globalization.CultureInfo.InvariantCulture) : null;
        Add(new(at, open is null ? $"erp.{collection}" : $"erp.{collection}Open", "", Connection: connection, State: status), connection, number, status, open ?? "");
    }

    private void Add(TimelineEntry entry, params object[] words)
    {
        var text = Sentences.TryGetValue(entry.What, out var both) ? language == "de" ? both.De : both.En : "{0}";
        entries.Add(entry with { Message = string.Format(System.Globalization.CultureInfo.InvariantCulture, text, words) });
    }
}

using System.Net.Mail;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Leads;

/// <summary>Somebody who may become a customer. An ERP that takes leads gets it as a customer; here it is none yet, and no order can name it.</summary>
internal sealed class LeadKind : IRecordKind
{
    public string Name => Kinds.Lead;

    public string? Series => null;

    public Type Body => typeof(LeadBody);

    public IReadOnlyList<string> GoesTo => ["erp"];

    public IReadOnlyDictionary<string, (string En, string De)> Sentences { get; } = new Dictionary<string, (string En, string De)>
    {
        ["lead.name"] = ("Enter the lead's name.", "Bitte den Namen des Interessenten eingeben."),
        ["lead.email"] = ("\"{email}\" is not an e-mail address. Correct it or leave it empty.", "\"{email}\" ist keine E-Mail-Adresse. Bitte berichtigen oder leer lassen."),
        ["lead.position"] = ("The lead's position is no place on earth. Measure it again or leave it out.", "Die Position des Interessenten liegt nicht auf der Erde. Bitte neu messen oder weglassen."),
    };

    public IEnumerable<Awaited> Awaits(object body) => [];

    public void Want(PushedRecord record, object body, Wanted wanted)
    {
    }

    public void Judge(Judged judged, object body, Known known)
    {
        var lead = (LeadBody)body;
        if (WhyNot(lead) is { } fault)
            judged.Refuse(fault);
        else
            judged.Reference = Texts.Fit(lead.Name, 60);
    }

    private static Fault? WhyNot(LeadBody lead)
    {
        if (string.IsNullOrWhiteSpace(lead.Name))
            return new Fault("lead.name", "name");
        if (Limits.WhyNot(lead) is { } limit)
            return limit;
        if (lead.Email is { Length: > 0 } email && !MailAddress.TryCreate(email, out _))
            return new Fault("lead.email", "email", new Dictionary<string, string> { ["email"] = email });
        return Positions.Takes(lead.Position) ? null : new Fault("lead.position", "position");
    }
}

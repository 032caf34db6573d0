using System.Net.Mail;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Email;

/// <summary>One mail a record asks for: what happened and who is told. It is the target of the mail's ledger row, "confirmed/a@b.example".</summary>
internal sealed record Recipient(string Occasion, string Address)
{
    /// <summary>The order was stored: the rep is told.</summary>
    public const string Stored = "stored";

    /// <summary>The order is confirmed: the customer and the internal list are told.</summary>
    public const string Confirmed = "confirmed";

    public string Target => $"{Occasion}/{Address}";

    public bool IsAddress => MailAddress.TryCreate(Address, out _);

    /// <summary>Null for a record that nobody is told about.</summary>
    public static Recipient? Of(string target) =>
        target.IndexOf('/', StringComparison.Ordinal) is var at and > 0 ? new Recipient(target[..at], target[(at + 1)..]) : null;
}

/// <summary>Who is told about a record, by the connection's settings.</summary>
internal static class Recipients
{
    /// <summary>Each address once, though it may be on several lists: the customer, the internal list, then the rep.</summary>
    public static IReadOnlyList<Recipient> Of(DeliverRecord record, EmailSettings settings)
    {
        var customer = settings.SendToCustomer ? Addresses(CustomerEmail(record)) : [];
        var rep = settings.SendToRep ? Addresses(record.Rep?.Email) : [];
        return customer.Concat(settings.Internal.SelectMany(Addresses)).Select(address => new Recipient(Recipient.Confirmed, address))
            .Concat(rep.Select(address => new Recipient(Recipient.Stored, address)))
            .DistinctBy(recipient => recipient.Address)
            .ToList();
    }

    /// <summary>The addresses in a field where people enter one or several; lower case, so that spelling does not make a second mail.</summary>
    public static IEnumerable<string> Addresses(string? field) =>
        (field ?? "").Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(address => address.ToLowerInvariant());

    private static string? CustomerEmail(DeliverRecord record) =>
        record.Customer is { } customer ? PlannedDocument.Read<CustomerBody>(customer.Body).Email : null;
}

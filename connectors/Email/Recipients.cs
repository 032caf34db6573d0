using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Email.Sending;
using OrderSync.Framework;

namespace OrderSync.Email;

/// <summary>One mail a record asks for: what happened and who is told. It is the target of the mail's ledger row, "confirmed/a@b.example".</summary>
internal sealed record Recipient(string Occasion, string Address)
{
    /// <summary>The record was stored: the rep is told.</summary>
    public const string Stored = "stored";

    /// <summary>The record is confirmed: the customer and the internal list are told.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>The record is cancelled: all who had a mail about it are told. Never a target, since it takes another mail back.</summary>
    public const string Cancelled = "cancelled";

    public string Target => $"{Occasion}/{Address}";

    public bool IsAddress => Mime.IsAddress(Address);

    /// <summary>Null for a record that nobody is told about.</summary>
    public static Recipient? Of(string target) =>
        target.IndexOf('/', StringComparison.Ordinal) is var at and > 0 ? new Recipient(target[..at], target[(at + 1)..]) : null;
}

/// <summary>Who is told about a record, by the connection's settings.</summary>
internal static class Recipients
{
    /// <summary>The customer, as settings call them.</summary>
    public const string Customer = "customer";

    /// <summary>The company's own list.</summary>
    public const string Inside = "internal";

    /// <summary>Who captured the record.</summary>
    public const string Rep = "rep";

    /// <summary>Each address once, though it may be on several lists: the customer, the internal list, then the rep.</summary>
    public static IReadOnlyList<Recipient> Of(DeliverRecord record, EmailSettings settings)
    {
        var told = settings.ToldAbout(record.Kind);
        var customer = told.Contains(Customer) ? Addresses(CustomerEmail(record)) : [];
        var inside = told.Contains(Inside) ? settings.Internal.SelectMany(Addresses) : [];
        var rep = told.Contains(Rep) ? Addresses(record.Rep?.Email) : [];
        return customer.Concat(inside).Select(address => new Recipient(Recipient.Confirmed, address))
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

using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>Our customer as QuickBooks'. Pure.</summary>
internal static class CustomerMapping
{
    private const int NameLength = 100;
    private const int DisplayNameLength = 500;
    private const int PhoneLength = 21;
    private const int EmailLength = 100;
    private const int NotesLength = 1024;

    /// <summary>The customer's own name, without the characters that QuickBooks does not take in one.</summary>
    public static string Name(Customer customer) => Texts.Cut(Plain(customer), DisplayNameLength)!;

    /// <summary>A name for a customer whose own name is another customer's, a supplier's or an employee's: QuickBooks has each name once.</summary>
    public static string OtherName(Customer customer)
    {
        var mark = $" ({customer.Info.RecordId.ToString("N")[^8..]})";
        return Texts.Cut(Plain(customer), DisplayNameLength - mark.Length) + mark;
    }

    /// <summary>The customer's e-mail address, if it has one that QuickBooks takes.</summary>
    public static string? Email(Customer customer) =>
        customer.Body.Email?.Trim() is { Length: > 0 and <= EmailLength } email && email.Contains('@', StringComparison.Ordinal) && email.Contains('.', StringComparison.Ordinal) ? email : null;

    /// <summary>The customer to create.</summary>
    public static CustomerChange ToCustomer(Customer customer, string name) => Content(customer) with { DisplayName = name };

    /// <summary>What a later revision changes on a customer that is ours. Its name there stays: it may have been made unique.</summary>
    public static CustomerChange ToChange(Customer customer, CustomerRow theirs) => Content(customer) with { Id = theirs.Id, SyncToken = theirs.SyncToken, Sparse = true };

    /// <summary>Our record id on a customer that was there before us; everything else stays.</summary>
    public static CustomerChange ToMark(Customer customer, CustomerRow theirs) => new()
    {
        Id = theirs.Id, SyncToken = theirs.SyncToken, Sparse = true, Notes = OurMark.On(theirs.Notes, customer.Info.RecordId, NotesLength),
    };

    /// <summary>An address; null where there is none.</summary>
    public static Address? ToAddress(AddressBody? address) => address is null
        ? null
        : new(address.Name ?? address.Line1, address.Name is null ? address.Line2 : address.Line1, address.Name is null ? null : address.Line2, address.City, address.Region, address.PostalCode, address.Country);

    private static CustomerChange Content(Customer customer) => new()
    {
        CompanyName = Texts.Cut(customer.Body.Company, NameLength),
        GivenName = Texts.Cut(customer.Body.Contact, NameLength),
        PrimaryEmailAddr = Email(customer) is { } email ? new(email) : null,
        PrimaryPhone = customer.Body.Phone is { Length: > 0 } phone ? new(Texts.Cut(phone, PhoneLength)) : null,
        BillAddr = ToAddress(customer.Body.Billing),
        ShipAddr = ToAddress(customer.Body.Shipping),
        Notes = OurMark.On(Notes(customer.Body), customer.Info.RecordId, NotesLength),
    };

    // What has no field of its own, or does not fit there.
    private static string? Notes(CustomerBody body) => Texts.Paragraphs(
        body.Notes,
        body.Email is { Length: > EmailLength } email ? $"E-mail: {email}" : null,
        body.Phone is { Length: > PhoneLength } phone ? $"Phone: {phone}" : null,
        body.TaxNumber is { Length: > 0 } number ? $"Tax number: {number}" : null,
        body.Code is { Length: > 0 } code ? $"Customer code: {code}" : null,
        body.PaymentTerms is { Length: > 0 } terms ? $"Payment terms: {terms}" : null);

    private static string Plain(Customer customer) => customer.Body.Name.Trim().Replace(':', '-').ReplaceLineEndings(" ").Replace('\t', ' ');
}

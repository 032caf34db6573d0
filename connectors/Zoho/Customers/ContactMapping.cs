using System.Globalization;
using System.Text.RegularExpressions;
using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Our customer as Zoho's contact. Pure.</summary>
internal static partial class ContactMapping
{
    private const int NameLength = 200;
    private const int PersonLength = 100;
    private const int PhoneLength = 50;

    /// <summary>The customer's own name.</summary>
    public static string Name(Customer customer) => Texts.Cut(customer.Body.Name.Trim(), NameLength)!;

    /// <summary>A name for a customer whose own name is somebody else's in Zoho, where names are unique: "Name (e-mail)".</summary>
    public static string OtherName(Customer customer)
    {
        var mark = $" ({Email(customer) ?? customer.Info.RecordId.ToString("N")[^8..]})";
        return Texts.Cut(customer.Body.Name.Trim(), NameLength - mark.Length) + mark;
    }

    /// <summary>The customer's e-mail address, if it has one.</summary>
    public static string? Email(Customer customer) => customer.Body.Email?.Trim() is { Length: > 0 } email ? email : null;

    /// <summary>The contact to create.</summary>
    public static ContactChange ToContact(Customer customer, string name, Connection connection) =>
        ToChange(customer, null, connection) with { ContactName = name, ContactType = "customer" };

    /// <summary>What a later revision changes on a contact that is ours. Its name there stays: it may have been made unique.</summary>
    public static ContactChange ToChange(Customer customer, Contact? theirs, Connection connection)
    {
        var body = customer.Body;
        return new ContactChange(
            null, Texts.Cut(body.Company, NameLength), null, Days(body.PaymentTerms), Texts.Cut(body.PaymentTerms, NameLength),
            connection.Mapped(ZohoMappings.PriceList, body.PriceList), ToAddress(body.Billing), ToAddress(body.Shipping), Persons(customer, theirs), body.Notes,
            [OurMark.For(customer.Info, connection.Settings<ZohoSettings>())]);
    }

    /// <summary>What a captured change makes of a contact that Zoho had before us, name included; whose it is stays.</summary>
    public static ContactChange ToKnown(Customer customer, Contact theirs, Connection connection) =>
        ToChange(customer, theirs, connection) with { ContactName = Name(customer), CustomFields = null };

    /// <summary>Our record id on a contact that was there before us; everything else stays.</summary>
    public static ContactChange ToMark(Customer customer, Contact theirs, Connection connection) => new(
        null, null, null, null, null, null, null, null, theirs.ContactPersons?.Select(Kept).ToList(), null,
        [OurMark.For(customer.Info, connection.Settings<ZohoSettings>())]);

    // "30 days net" is 30 days; terms with two numbers in them are words only.
    private static int? Days(string? terms) =>
        Numbers().Matches(terms ?? "") is [var only] && int.TryParse(only.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 3650 ? days : null;

    private static List<ContactPerson>? Persons(Customer customer, Contact? theirs)
    {
        var primary = theirs?.ContactPersons?.FirstOrDefault(person => person.IsPrimaryContact == true);
        var ours = new ContactPerson(
            primary?.ContactPersonId, primary?.Salutation, Texts.Cut(customer.Body.Contact, PersonLength), null, Email(customer),
            Texts.Cut(customer.Body.Phone, PhoneLength), primary?.Mobile, primary?.Designation, primary?.Department, true);
        if (ours is { ContactPersonId: null, FirstName: null, Email: null, Phone: null })
            return null;
        return [ours, .. (theirs?.ContactPersons ?? []).Where(person => person != primary).Select(Kept)];
    }

    // Zoho refuses is_primary_contact: false.
    private static ContactPerson Kept(ContactPerson person) => person.IsPrimaryContact == false ? person with { IsPrimaryContact = null } : person;

    private static Address? ToAddress(AddressBody? address) => address is null
        ? null
        : new Address(
            Texts.Cut(address.Name, 100), Texts.Cut(address.Line1, 500), Texts.Cut(address.Line2, 255), Texts.Cut(address.City, 100),
            Texts.Cut(address.Region, 100), Texts.Cut(address.PostalCode, 50), Texts.Cut(address.Country, 100));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}

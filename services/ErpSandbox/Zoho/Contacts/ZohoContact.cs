using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A contact as Zoho shows and the journal keeps it.</summary>
internal sealed record ZohoContact : IZohoRow
{
    public required string ContactId { get; init; }
    public required string ContactName { get; init; }
    public string CompanyName { get; init; } = "";
    public string ContactType { get; init; } = "customer";
    public string Status { get; init; } = "active";
    public int? PaymentTerms { get; init; }
    public string PaymentTermsLabel { get; init; } = "";
    public string CurrencyId { get; init; } = "";
    public string CurrencyCode { get; init; } = "";
    public string ContactNumber { get; init; } = "";
    public string CustomerSubType { get; init; } = "";
    public string PricebookId { get; init; } = "";
    public string PricebookName { get; init; } = "";
    public decimal? CreditLimit { get; init; }
    public string Notes { get; init; } = "";
    public IReadOnlyList<ZohoContactPerson> ContactPersons { get; init; } = [];
    public ZohoAddress? BillingAddress { get; init; }
    public ZohoAddress? ShippingAddress { get; init; }
    public IReadOnlyList<ZohoAddress> Addresses { get; init; } = [];
    public IReadOnlyList<ZohoCustomField> CustomFields { get; init; } = [];
    public DateTimeOffset CreatedTime { get; init; }
    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>The primary person, whose e-mail and phone stand for the contact's.</summary>
    [JsonIgnore]
    public ZohoContactPerson? Primary => ContactPersons.FirstOrDefault(person => person.IsPrimaryContact);

    public string Email => Primary?.Email ?? "";
    public string Phone => Primary?.Phone ?? "";
    public string Mobile => Primary?.Mobile ?? "";

    [JsonIgnore] public string Id => ContactId;

    /// <summary>The value of a custom field, if it has one.</summary>
    public string? CustomField(string apiName) => CustomFields.FirstOrDefault(field => field.ApiName == apiName)?.Value is { Length: > 0 } value ? value : null;

    /// <summary>Every address that an order may name.</summary>
    public ZohoAddress? Address(string id) =>
        Addresses.Append(BillingAddress).Append(ShippingAddress).FirstOrDefault(address => address?.AddressId == id);

    /// <summary>What lists show: no addresses, persons or custom fields.</summary>
    public object Row() => new
    {
        ContactId, ContactName, CompanyName, ContactType, Status, Email, Phone, Mobile, PaymentTerms, PaymentTermsLabel, CurrencyId,
        CurrencyCode, ContactNumber, PricebookId, CreatedTime, LastModifiedTime,
    };
}

/// <summary>Someone at a contact.</summary>
internal sealed record ZohoContactPerson(
    string ContactPersonId, string Salutation, string FirstName, string LastName, string Email, string Phone, string Mobile,
    string Designation, string Department, bool IsPrimaryContact);

/// <summary>An address of a contact.</summary>
internal sealed record ZohoAddress(
    string AddressId, string Attention, string Address, string Street2, string City, string State, string StateCode, string Zip,
    string Country, string Phone, string Fax);

/// <summary>The value of a custom field on one record.</summary>
internal sealed record ZohoCustomField(string CustomfieldId, string ApiName, string Label, int Index, string Value);

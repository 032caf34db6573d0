using System.Text.Json.Serialization;

namespace OrderSync.Zoho;

/// <summary>A customer as Zoho shows it; lists leave out persons and custom fields.</summary>
internal sealed record Contact(
    [property: JsonConverter(typeof(LooseText))] string ContactId, string ContactName, string? ContactType, string? Email,
    IReadOnlyList<ContactPerson>? ContactPersons, IReadOnlyList<CustomField>? CustomFields, string? CurrencyCode = null)
{
    public string? CompanyName { get; init; }
    public string? Status { get; init; }
    public string? ContactNumber { get; init; }
    public string? PaymentTermsLabel { get; init; }
    public string? PricebookName { get; init; }
    public string? Phone { get; init; }
    public string? Mobile { get; init; }
    public string? Notes { get; init; }
    public Address? BillingAddress { get; init; }
    public Address? ShippingAddress { get; init; }
    public string? LastModifiedTime { get; init; }
    public decimal? CreditLimit { get; init; }
    public decimal? OutstandingReceivableAmount { get; init; }
    public decimal? UnusedCreditsReceivableAmount { get; init; }
}

/// <summary>A customer to create, or what is to change of one: absent fields stay.</summary>
internal sealed record ContactChange(
    string? ContactName, string? CompanyName, string? ContactType, int? PaymentTerms, string? PaymentTermsLabel, string? PricebookId, Address? BillingAddress,
    Address? ShippingAddress, IReadOnlyList<ContactPerson>? ContactPersons, string? Notes, IReadOnlyList<CustomField>? CustomFields);

/// <summary>
/// Somebody at a customer. The e-mail address stands here, not at top level; IsPrimaryContact is true or absent; a person left out of
/// an update is deleted.
/// </summary>
internal sealed record ContactPerson(
    [property: JsonConverter(typeof(LooseText))] string? ContactPersonId, string? Salutation, string? FirstName, string? LastName, string? Email,
    string? Phone, string? Mobile, string? Designation, string? Department, bool? IsPrimaryContact);

/// <summary>An address of a customer.</summary>
internal sealed record Address(
    string? Attention, [property: JsonPropertyName("address")] string? Street, string? Street2, string? City, string? State, string? Zip, string? Country);

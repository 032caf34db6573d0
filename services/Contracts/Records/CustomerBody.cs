using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace OrderSync.Contracts.Records;

/// <summary>Body of a customer, schema 1.</summary>
/// <param name="Name">Name as shown; a company's or a person's.</param>
/// <param name="Company">Legal name of the company.</param>
/// <param name="Contact">Person to talk to.</param>
/// <param name="Email">Address for confirmations.</param>
/// <param name="Phone">Telephone.</param>
/// <param name="TaxNumber">VAT or tax registration.</param>
/// <param name="Code">Customer code.</param>
/// <param name="Billing">Billing address.</param>
/// <param name="Shipping">Shipping address.</param>
/// <param name="PriceList">Price list by name or code.</param>
/// <param name="PaymentTerms">Payment terms.</param>
/// <param name="Notes">Free text.</param>
/// <param name="Rep">The rep who looks after the customer, by the name or code the office uses; null = who captured it.</param>
/// <param name="Changes">Id of the customer this changes, with the fields that <paramref name="Base"/> names; null = a new customer.</param>
/// <param name="Base">The values, as the device knew them, of the fields that are changed; null where a field was empty. They are compared with those at the office.</param>
/// <param name="SourceLead">Id of a lead that is to become this customer: that is a live operation, and refused here.</param>
/// <param name="Position">Where the outlet is.</param>
/// <param name="AttachmentsExpected">How many files of it, such as photos, are still to come.</param>
public sealed record CustomerBody(
    [property: Required, MaxLength(200)] string Name,
    [property: MaxLength(200)] string? Company,
    [property: MaxLength(200)] string? Contact,
    [property: MaxLength(254)] string? Email,
    [property: MaxLength(50)] string? Phone,
    [property: MaxLength(50)] string? TaxNumber,
    [property: MaxLength(60)] string? Code,
    AddressBody? Billing,
    AddressBody? Shipping,
    [property: MaxLength(100)] string? PriceList,
    [property: MaxLength(100)] string? PaymentTerms,
    [property: MaxLength(10_000)] string? Notes,
    [property: MaxLength(100)] string? Rep = null,
    Guid? Changes = null,
    JsonElement? Base = null,
    Guid? SourceLead = null,
    PositionBody? Position = null,
    [property: Range(0, 100)] int? AttachmentsExpected = null);

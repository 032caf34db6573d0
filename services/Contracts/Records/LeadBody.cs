using System.ComponentModel.DataAnnotations;

namespace OrderSync.Contracts.Records;

/// <summary>Body of a lead, schema 1: somebody who may become a customer. What it shares with <see cref="CustomerBody"/> has the same names, so that an ERP takes it as a customer.</summary>
/// <param name="Name">Name as shown; a company's or a person's.</param>
/// <param name="Company">Legal name of the company.</param>
/// <param name="Contact">Person to talk to.</param>
/// <param name="Email">Address.</param>
/// <param name="Phone">Telephone.</param>
/// <param name="TaxNumber">VAT or tax registration.</param>
/// <param name="Billing">Billing address.</param>
/// <param name="Shipping">Shipping address.</param>
/// <param name="Source">Where it comes from, such as "fair" or "walkIn".</param>
/// <param name="Stage">How far it is, in a word of the company.</param>
/// <param name="Position">Where the outlet is.</param>
/// <param name="AttachmentsExpected">How many files of it, such as photos, are still to come.</param>
/// <param name="Notes">Free text.</param>
/// <param name="CustomFields">Names and values the company defined.</param>
public sealed record LeadBody(
    [property: Required, MaxLength(200)] string Name,
    [property: MaxLength(200)] string? Company,
    [property: MaxLength(200)] string? Contact,
    [property: MaxLength(254)] string? Email,
    [property: MaxLength(50)] string? Phone,
    [property: MaxLength(50)] string? TaxNumber,
    AddressBody? Billing,
    AddressBody? Shipping,
    [property: MaxLength(100)] string? Source,
    [property: MaxLength(100)] string? Stage,
    PositionBody? Position,
    [property: Range(0, 100)] int? AttachmentsExpected,
    [property: MaxLength(10_000)] string? Notes,
    [property: MaxLength(200)] IReadOnlyDictionary<string, string>? CustomFields);

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
public sealed record CustomerBody(
    string Name,
    string? Company,
    string? Contact,
    string? Email,
    string? Phone,
    string? TaxNumber,
    string? Code,
    AddressBody? Billing,
    AddressBody? Shipping,
    string? PriceList,
    string? PaymentTerms,
    string? Notes);

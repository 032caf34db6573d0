using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>A customer met on the way.</summary>
/// <param name="Name">Name as shown; a company's or a person's.</param>
public sealed record NewCustomer(string Name) : NewRecord
{
    /// <summary>Legal name of the company.</summary>
    public string? Company { get; init; }

    /// <summary>Person to talk to.</summary>
    public string? Contact { get; init; }

    /// <summary>Address for confirmations.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone.</summary>
    public string? Phone { get; init; }

    /// <summary>VAT or tax registration.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>Customer code.</summary>
    public string? Code { get; init; }

    /// <summary>Billing address.</summary>
    public AddressBody? Billing { get; init; }

    /// <summary>Shipping address.</summary>
    public AddressBody? Shipping { get; init; }

    /// <summary>Price list by name or code.</summary>
    public string? PriceList { get; init; }

    /// <summary>Payment terms.</summary>
    public string? PaymentTerms { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>The rep who looks after the customer; null = who captured it.</summary>
    public string? Rep { get; init; }

    /// <summary>Where the outlet is.</summary>
    public PositionBody? Position { get; init; }

    /// <summary>How many files of it, such as photos, will follow.</summary>
    public int? AttachmentsExpected { get; init; }

    internal override string Kind => Kinds.Customer;

    internal override object ToBody(TaxRounding rounding) =>
        new CustomerBody(Name, Company, Contact, Email, Phone, TaxNumber, Code, Billing, Shipping, PriceList, PaymentTerms, Notes, Rep, Position: Position, AttachmentsExpected: AttachmentsExpected);

    internal static NewCustomer Of(CustomerBody body) => new(body.Name)
    {
        Company = body.Company, Contact = body.Contact, Email = body.Email, Phone = body.Phone, TaxNumber = body.TaxNumber, Code = body.Code, Billing = body.Billing,
        Shipping = body.Shipping, PriceList = body.PriceList, PaymentTerms = body.PaymentTerms, Notes = body.Notes, Rep = body.Rep,
        Position = body.Position, AttachmentsExpected = body.AttachmentsExpected,
    };
}

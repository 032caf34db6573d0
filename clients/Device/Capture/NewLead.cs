using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>Somebody who may become a customer. An order cannot name it yet: capture a <see cref="NewCustomer"/> for that.</summary>
/// <param name="Name">Name as shown; a company's or a person's.</param>
public sealed record NewLead(string Name) : NewRecord
{
    /// <summary>Legal name of the company.</summary>
    public string? Company { get; init; }

    /// <summary>Person to talk to.</summary>
    public string? Contact { get; init; }

    /// <summary>Address.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone.</summary>
    public string? Phone { get; init; }

    /// <summary>VAT or tax registration.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>Billing address.</summary>
    public AddressBody? Billing { get; init; }

    /// <summary>Shipping address.</summary>
    public AddressBody? Shipping { get; init; }

    /// <summary>Where it comes from, such as "fair".</summary>
    public string? Source { get; init; }

    /// <summary>How far it is, in a word of the company.</summary>
    public string? Stage { get; init; }

    /// <summary>Where the outlet is.</summary>
    public PositionBody? Position { get; init; }

    /// <summary>How many files of it, such as photos, will follow.</summary>
    public int? AttachmentsExpected { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>Names and values the company defined.</summary>
    public IReadOnlyDictionary<string, string>? CustomFields { get; init; }

    internal override string Kind => Kinds.Lead;

    internal override object ToBody(TaxRounding rounding) =>
        new LeadBody(Name, Company, Contact, Email, Phone, TaxNumber, Billing, Shipping, Source, Stage, Position, AttachmentsExpected, Notes, CustomFields);

    internal static NewLead Of(LeadBody body) => new(body.Name)
    {
        Company = body.Company, Contact = body.Contact, Email = body.Email, Phone = body.Phone, TaxNumber = body.TaxNumber, Billing = body.Billing, Shipping = body.Shipping,
        Source = body.Source, Stage = body.Stage, Position = body.Position, AttachmentsExpected = body.AttachmentsExpected, Notes = body.Notes, CustomFields = body.CustomFields,
    };
}

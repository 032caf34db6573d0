using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>A customer as the office knows them.</summary>
/// <param name="Id">Id at the gateway: what an order names.</param>
/// <param name="Name">Name as shown.</param>
public sealed record Customer(Guid Id, string Name)
{
    /// <summary>Number in the ERP.</summary>
    public string? Number { get; init; }

    /// <summary>Customer code.</summary>
    public string? Code { get; init; }

    /// <summary>Whether orders are taken from them.</summary>
    public bool IsActive { get; init; } = true;

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

    /// <summary>Billing address.</summary>
    public AddressBody? Billing { get; init; }

    /// <summary>Shipping address.</summary>
    public AddressBody? Shipping { get; init; }

    /// <summary>Their price list, by name.</summary>
    public string? PriceList { get; init; }

    /// <summary>Payment terms.</summary>
    public string? PaymentTerms { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>Territory.</summary>
    public string? Territory { get; init; }

    internal static Customer? Of(string key, RowBody row) => !Guid.TryParse(key, out var id) ? null : new(id, row.Text("name") ?? row.Text("number") ?? key)
    {
        Number = row.Text("number"), Code = row.Text("code"), IsActive = row.Flag("active") ?? true, Company = row.Text("company"), Contact = row.Text("contact"),
        Email = row.Text("email"), Phone = row.Text("phone"), TaxNumber = row.Text("taxNumber"), Billing = Address(row.Object("billing")), Shipping = Address(row.Object("shipping")),
        PriceList = row.Text("priceList"), PaymentTerms = row.Text("paymentTerms"), Notes = row.Text("notes"), Territory = row.Text("territory"),
    };

    private static AddressBody? Address(RowBody? row) => row is { } address ? address.As<AddressBody>() : null;
}

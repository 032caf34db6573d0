using System.Text.Json.Serialization;

namespace OrderSync.QuickBooks;

/// <summary>A customer as QuickBooks shows it.</summary>
internal sealed record CustomerRow(string Id, string? SyncToken, string? DisplayName) : IChanging
{
    public string? CompanyName { get; init; }
    public string? GivenName { get; init; }
    public string? FamilyName { get; init; }
    public Email? PrimaryEmailAddr { get; init; }
    public Phone? PrimaryPhone { get; init; }
    public Address? BillAddr { get; init; }
    public Address? ShipAddr { get; init; }
    public string? Notes { get; init; }
    public Reference? CurrencyRef { get; init; }
    public bool? Active { get; init; }
    public MetaData? MetaData { get; init; }
    [JsonPropertyName("status")] public string? Status { get; init; }
}

/// <summary>A customer to create, or with id and token what is to change of one: absent fields stay.</summary>
internal sealed record CustomerChange
{
    public string? Id { get; init; }
    public string? SyncToken { get; init; }
    [JsonPropertyName("sparse")] public bool? Sparse { get; init; }
    public string? DisplayName { get; init; }
    public string? CompanyName { get; init; }
    public string? GivenName { get; init; }
    public Email? PrimaryEmailAddr { get; init; }
    public Phone? PrimaryPhone { get; init; }
    public Address? BillAddr { get; init; }
    public Address? ShipAddr { get; init; }
    public string? Notes { get; init; }
}

/// <summary>An e-mail address.</summary>
internal sealed record Email(string? Address);

/// <summary>A phone number.</summary>
internal sealed record Phone(string? FreeFormNumber);

/// <summary>An address; QuickBooks may show its parts in other lines than they were sent in.</summary>
internal sealed record Address(string? Line1, string? Line2, string? Line3, string? City, string? CountrySubDivisionCode, string? PostalCode, string? Country);

namespace OrderSync.NetSuite;

/// <summary>A customer as NetSuite shows it.</summary>
internal sealed record CustomerRecord(string Id, string? ExternalId, string? EntityId)
{
    public string? CompanyName { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Comments { get; init; }
    public bool? IsInactive { get; init; }
    public Reference? Currency { get; init; }
    public Reference? PriceLevel { get; init; }
    public Reference? Terms { get; init; }
    public decimal? CreditLimit { get; init; }
    public decimal? Balance { get; init; }
    public Sublist<AddressBookEntry>? AddressBook { get; init; }
}

/// <summary>A customer to create, or what is to change of one: absent fields stay.</summary>
internal sealed record CustomerChange
{
    public string? ExternalId { get; init; }
    public string? EntityId { get; init; }
    public bool? IsPerson { get; init; }
    public string? CompanyName { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Comments { get; init; }
    public Reference? Subsidiary { get; init; }
    public Reference? SalesRep { get; init; }
    public Reference? Terms { get; init; }
    public Reference? PriceLevel { get; init; }
    public Sublist<AddressBookEntry>? AddressBook { get; init; }
}

/// <summary>An address of a customer.</summary>
internal sealed record AddressBookEntry(bool? DefaultShipping, bool? DefaultBilling, string? Label, Address? AddressBookAddress);

/// <summary>A customer as SuiteQL shows it when it is looked for.</summary>
internal sealed record CustomerRow(string Id, string? ExternalId, string? Email);

using System.Text.Json.Serialization;

namespace OrderSync.Tryton;

/// <summary>A party as Tryton shows it.</summary>
internal sealed record Party(int Id, string? Code, string? Name)
{
    public bool Active { get; init; } = true;
    [JsonPropertyName("addresses.")] public IReadOnlyList<PartyAddress>? Addresses { get; init; }
    [JsonPropertyName("contact_mechanisms.")] public IReadOnlyList<Mechanism>? ContactMechanisms { get; init; }
    [JsonPropertyName("identifiers.")] public IReadOnlyList<Identifier>? Identifiers { get; init; }
    [JsonPropertyName("customer_payment_term.")] public Named? CustomerPaymentTerm { get; init; }
    public int? AccountReceivable { get; init; }
    public DateTime? CreateDate { get; init; }
    public DateTime? WriteDate { get; init; }
}

/// <summary>An address of a party.</summary>
internal sealed record PartyAddress(int Id, string? PartyName, string? Name, string? Street, string? PostalCode, string? City)
{
    public bool Invoice { get; init; }
    public bool Delivery { get; init; }
    [JsonPropertyName("country.")] public Named? Country { get; init; }
}

/// <summary>A way to reach a party.</summary>
internal sealed record Mechanism(int Id, string? Type, string? Value);

/// <summary>A party to create, with what stands beneath it.</summary>
internal sealed record NewParty(string Name, string Code, object[] Addresses, object[] ContactMechanisms, object[] Identifiers)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? CustomerPaymentTerm { get; init; }
}

/// <summary>What a later revision changes on a party.</summary>
internal sealed record PartyChange(string Name, object[] Addresses, object[] ContactMechanisms)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? CustomerPaymentTerm { get; init; }
}

/// <summary>An address to create, or an address's new content.</summary>
internal sealed record NewAddress(string? PartyName, string? Name, string? Street, string? PostalCode, string? City, int? Country, bool Invoice, bool Delivery);

/// <summary>A way to reach a party, to be created.</summary>
internal sealed record NewMechanism(string Type, string Value);

/// <summary>A number of a party, to be created.</summary>
internal sealed record NewIdentifier(string Code);

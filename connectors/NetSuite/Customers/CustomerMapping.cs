using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>Our customer as NetSuite's. Pure.</summary>
internal static class CustomerMapping
{
    private const int CountryCode = 2;

    /// <summary>The customer's own name.</summary>
    public static string Name(Customer customer, NetSuiteSettings settings) => Texts.Cut(customer.Body.Name.Trim().ReplaceLineEndings(" "), settings.NameLength)!;

    /// <summary>A name for a customer whose own name is another customer's, a supplier's or an employee's there.</summary>
    public static string OtherName(Customer customer, NetSuiteSettings settings)
    {
        var mark = $" ({customer.Info.RecordId.ToString("N")[^8..]})";
        return Texts.Cut(Name(customer, settings), settings.NameLength - mark.Length) + mark;
    }

    /// <summary>The customer's e-mail address, if it has one.</summary>
    public static string? Email(Customer customer) => customer.Body.Email?.Trim() is { Length: > 0 } email && email.Contains('@', StringComparison.Ordinal) ? email : null;

    /// <summary>The customer to create; a person in NetSuite's sense would need two names, so all are companies.</summary>
    /// <param name="customer">Ours.</param>
    /// <param name="entityId">Its name in lists, where NetSuite is not to make it of the company's name.</param>
    /// <param name="connection">With settings and mappings.</param>
    public static CustomerChange ToCustomer(Customer customer, string? entityId, Connection connection) => ToChange(customer, connection) with
    {
        IsPerson = false, EntityId = entityId, Subsidiary = connection.Settings<NetSuiteSettings>().Subsidiary is { Length: > 0 } subsidiary ? new(subsidiary) : null,
    };

    /// <summary>What a later revision changes.</summary>
    public static CustomerChange ToChange(Customer customer, Connection connection)
    {
        var (body, settings) = (customer.Body, connection.Settings<NetSuiteSettings>());
        return new()
        {
            CompanyName = Name(customer, settings),
            Email = Email(customer),
            Phone = body.Phone is { Length: > 0 } phone ? Texts.Cut(phone, settings.NameLength) : null,
            Comments = Texts.Cut(Comments(body, connection), settings.MemoLength),
            SalesRep = NetSuiteMappings.Mapped(connection, NetSuiteMappings.SalesRep, body.Rep) ?? NetSuiteMappings.SalesRepOf(connection, customer.Info),
            Terms = NetSuiteMappings.Mapped(connection, NetSuiteMappings.Terms, body.PaymentTerms),
            PriceLevel = NetSuiteMappings.Mapped(connection, NetSuiteMappings.PriceLevel, body.PriceList),
            AddressBook = Addresses(body, settings) is { Count: > 0 } addresses ? new(addresses) : null,
        };
    }

    /// <summary>An address; null where there is none.</summary>
    public static Address? ToAddress(AddressBody? address, NetSuiteSettings settings)
    {
        if (address is null)
            return null;
        // NetSuite knows countries by their two letters only; a name stands as the last line.
        var country = address.Country?.Trim() is { Length: CountryCode } code && code.All(char.IsAsciiLetter) ? code.ToUpperInvariant() : null;
        return new(
            Fit(address.Name), null, Fit(address.Line1), Fit(address.Line2), country is null ? Fit(address.Country) : null, Fit(address.City), Fit(address.Region), Fit(address.PostalCode),
            country is null ? null : new(country));

        string? Fit(string? text) => text is { Length: > 0 } ? Texts.Cut(text, settings.NameLength) : null;
    }

    private static List<AddressBookEntry> Addresses(CustomerBody body, NetSuiteSettings settings)
    {
        var (billing, shipping) = (ToAddress(body.Billing, settings), ToAddress(body.Shipping, settings));
        if (billing is not null && (shipping is null || shipping == billing))
            return [new(true, true, "Main", billing)];
        var all = new List<AddressBookEntry>();
        if (billing is not null)
            all.Add(new(false, true, "Billing", billing));
        if (shipping is not null)
            all.Add(new(true, billing is null, "Shipping", shipping));
        return all;
    }

    // What has no field of its own, or is not mapped.
    private static string? Comments(CustomerBody body, Connection connection) => Texts.Paragraphs(
        body.Notes,
        body.Company is { Length: > 0 } company && company != body.Name ? $"Legal name: {company}" : null,
        body.Contact is { Length: > 0 } contact ? $"Contact: {contact}" : null,
        body.TaxNumber is { Length: > 0 } number ? $"Tax number: {number}" : null,
        body.Code is { Length: > 0 } code ? $"Customer code: {code}" : null,
        body.PaymentTerms is { Length: > 0 } terms && connection.Mapped(NetSuiteMappings.Terms, terms) is null ? $"Payment terms: {terms}" : null);
}

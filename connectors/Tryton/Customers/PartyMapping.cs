using System.Text.RegularExpressions;
using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Our customer as Tryton's party. Pure. Tryton's texts have no limit.</summary>
internal static partial class PartyMapping
{
    /// <summary>The party to create. It has an address in any case: nothing is sold to a party without one.</summary>
    public static NewParty ToParty(Customer customer, IReadOnlyDictionary<string, int> countries, Connection connection)
    {
        var body = customer.Body;
        return new(
            body.Name.Trim(), OurMark.Code(customer.Info.RecordId), TrytonWire.Create(Addresses(body, countries)), TrytonWire.Create(Mechanisms(body)),
            TrytonWire.Create<NewIdentifier>(body.TaxNumber?.Trim() is { Length: > 0 } number ? [new(number)] : []))
        {
            CustomerPaymentTerm = TrytonMappings.IdOf(connection, TrytonMappings.PaymentTerm, body.PaymentTerms),
        };
    }

    /// <summary>What a later revision changes: the name, the addresses that came from us, how to reach them. What people added in Tryton stays.</summary>
    public static PartyChange ToChange(Customer customer, Party theirs, IReadOnlyDictionary<string, int> countries, Connection connection)
    {
        var wanted = Addresses(customer.Body, countries);
        var known = (theirs.Addresses ?? []).OrderBy(address => address.Id).ToList();
        List<object> addresses = [];
        for (var i = 0; i < wanted.Count; i++)
            addresses.Add(i < known.Count ? new object[] { "write", new[] { known[i].Id }, wanted[i] } : new object[] { "create", new[] { wanted[i] } });
        List<object> mechanisms = [];
        foreach (var one in Mechanisms(customer.Body))
        {
            var same = theirs.ContactMechanisms?.FirstOrDefault(there => there.Type == one.Type);
            if (same is null)
                mechanisms.Add(new object[] { "create", new[] { one } });
            else if (same.Value != one.Value)
                mechanisms.Add(new object[] { "write", new[] { same.Id }, one });
        }

        return new(customer.Body.Name.Trim(), [.. addresses], [.. mechanisms]) { CustomerPaymentTerm = TrytonMappings.IdOf(connection, TrytonMappings.PaymentTerm, customer.Body.PaymentTerms) };
    }

    /// <summary>Countries that its addresses name.</summary>
    public static IEnumerable<string> Countries(CustomerBody body) =>
        new[] { body.Billing?.Country, body.Shipping?.Country }.Where(country => !string.IsNullOrWhiteSpace(country)).Select(country => country!.Trim()).Distinct(StringComparer.OrdinalIgnoreCase);

    private static List<NewAddress> Addresses(CustomerBody body, IReadOnlyDictionary<string, int> countries) => (body.Billing, body.Shipping) switch
    {
        (null, null) => [new(null, body.Contact, null, null, null, null, Invoice: true, Delivery: true)],
        ({ } only, null) => [Address(only, body, countries, invoice: true, delivery: true)],
        (null, { } only) => [Address(only, body, countries, invoice: true, delivery: true)],
        ({ } billing, { } shipping) when billing == shipping => [Address(billing, body, countries, invoice: true, delivery: true)],
        ({ } billing, { } shipping) => [Address(billing, body, countries, invoice: true, delivery: false), Address(shipping, body, countries, invoice: false, delivery: true)],
    };

    // A region, and a country that Tryton does not know, stand below the street.
    private static NewAddress Address(AddressBody address, CustomerBody body, IReadOnlyDictionary<string, int> countries, bool invoice, bool delivery)
    {
        int? country = address.Country?.Trim() is { Length: > 0 } named && countries.TryGetValue(named, out var id) ? id : null;
        return new(
            address.Name, body.Contact, Texts.Paragraphs(address.Line1, address.Line2, address.Region, country is null ? address.Country : null), address.PostalCode, address.City,
            country, invoice, delivery);
    }

    // Tryton checks a telephone number, and refuses the whole party for one it does not know the form of: only international ones are given as such.
    private static List<NewMechanism> Mechanisms(CustomerBody body)
    {
        List<NewMechanism> all = [];
        if (body.Email?.Trim() is { Length: > 0 } email)
            all.Add(new("email", email));
        if (body.Phone?.Trim() is { Length: > 0 } phone)
            all.Add(new(International().IsMatch(phone) ? "phone" : "other", phone));
        return all;
    }

    [GeneratedRegex(@"^\+[1-9][0-9 ()./-]{6,}$")]
    private static partial Regex International();
}

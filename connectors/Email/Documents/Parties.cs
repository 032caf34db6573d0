using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Email.Documents;

/// <summary>Names and addresses of those a document is about.</summary>
internal static class Parties
{
    /// <summary>The customer's name as people know it.</summary>
    public static string NameOf(CustomerOfOrder? customer, CustomerReference? named, AddressBody? billTo = null) =>
        customer?.Body.Name ?? billTo?.Name ?? named?.Number ?? named?.Code ?? "";

    /// <summary>An address, a line each; the addressee is the customer where none is named.</summary>
    public static Party Of(AddressBody? address, string name) => new(
        address?.Name is { Length: > 0 } addressee ? addressee : name,
        new[]
        {
            address?.Line1, address?.Line2, string.Join(' ', new[] { address?.PostalCode, address?.City }.Where(part => part is { Length: > 0 })),
            address?.Region, address?.Country,
        }.OfType<string>().Where(line => line.Length > 0).ToList());
}

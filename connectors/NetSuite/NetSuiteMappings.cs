using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.NetSuite;

/// <summary>What the office can map to things of NetSuite, all by internal id: NetSuite's documents do not say how each list could be read.</summary>
internal static class NetSuiteMappings
{
    public const string Tax = "tax";
    public const string PaymentMethod = "paymentMethod";
    public const string SalesRep = "salesRep";
    public const string Location = "location";
    public const string Currency = "currency";
    public const string Terms = "terms";
    public const string PriceLevel = "priceLevel";
    public const string CustomField = "customField";

    public static IReadOnlyList<MappingKind> All { get; } =
    [
        new(Tax, "Tax", "A tax code of ours, alone or with a rate (STD, STD 20), or a rate (20), and the internal id of a tax code of NetSuite. Needed where lines name tax codes, and to adjust.", Listed: false, Of: MappingKind.Taxes),
        new(PaymentMethod, "Payment method", "cash, cheque, bankTransfer, externalTerminal or other, and the internal id of a payment option of NetSuite. What is not mapped stands in the memo.", Listed: false, Of: MappingKind.PaymentMethods),
        new(SalesRep, "Sales rep", "A rep's e-mail address, name or id, and the internal id of a sales rep of NetSuite. Who is not mapped stands on no order.", Listed: false, Of: MappingKind.Reps),
        new(Location, "Location", "A branch's code and the internal id of a location of NetSuite. What is not mapped is left to NetSuite.", Listed: false, Of: MappingKind.Branches),
        new(Currency, "Currency", "A currency (EUR) and its internal id in NetSuite. The base currency needs none.", Listed: false),
        new(Terms, "Terms", "Payment terms as captured and the internal id of terms of NetSuite. What is not mapped stands in the memo.", Listed: false),
        new(PriceLevel, "Price level", "A price list of ours and the internal id of a price level of NetSuite. What is not mapped is not set on a customer.", Listed: false),
        new(CustomField, "Custom field", "A custom field of ours and the name, custbody_…, of one on NetSuite's transactions. What is not mapped stands in the memo.", Listed: false),
    ];

    /// <summary>A reference to what is mapped; null where nothing is.</summary>
    public static Reference? Mapped(Connection connection, string kind, params ReadOnlySpan<string?> names) => connection.Mapped(kind, names) is { } id ? new(id) : null;

    /// <summary>The sales rep who stands for a rep; null = none.</summary>
    public static Reference? SalesRepOf(Connection connection, DocumentInfo info) =>
        info.Rep is { } rep ? Mapped(connection, SalesRep, rep.Id.ToString("D"), rep.Email, rep.Name) : null;
}

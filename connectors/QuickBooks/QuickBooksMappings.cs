using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.QuickBooks;

/// <summary>What the office can map to things of QuickBooks, and what stands for it in a company.</summary>
internal static class QuickBooksMappings
{
    public const string Tax = "tax";
    public const string PaymentMethod = "paymentMethod";
    public const string Location = "location";
    public const string CustomField = "customField";

    /// <summary>The customer's own order number, as a custom field of ours is named.</summary>
    public const string CustomerReference = "customerReference";

    public static IReadOnlyList<MappingKind> All { get; } =
    [
        new(Tax, "Tax", "A tax code of ours, alone or with a rate (STD, STD 20), or a rate (20), and a tax code of QuickBooks with that rate. What is not mapped goes by its rate.", Of: MappingKind.Taxes),
        new(PaymentMethod, "Payment method", "cash, cheque, bankTransfer, externalTerminal or other, and a payment method of QuickBooks. What is not mapped stands in the note.", Of: MappingKind.PaymentMethods),
        new(Location, "Location", "A branch's code and a location (department) of QuickBooks. What is not mapped is left to QuickBooks.", Of: MappingKind.Branches),
        new(CustomField, "Custom field", "A custom field of ours, or customerReference for the customer's order number, and the DefinitionId (1, 2, 3) of a custom field on QuickBooks' sales forms. What is not mapped stands in the note.", Listed: false),
    ];
}

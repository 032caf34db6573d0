using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Tryton;

/// <summary>What the office can map to things of Tryton.</summary>
internal static class TrytonMappings
{
    public const string Tax = "tax";
    public const string PaymentMode = "paymentMode";
    public const string PaymentTerm = "paymentTerm";
    public const string Unit = "unit";
    public const string Location = "location";

    public static IReadOnlyList<MappingKind> All { get; } =
    [
        new(Tax, "Tax", "A tax code of ours, alone or with a rate (STD, STD 20), or a rate (20), and a tax of Tryton with that rate. What is not mapped goes by its rate.", Of: MappingKind.Taxes),
        new(PaymentMode, "Payment method", "cash, cheque, bankTransfer, externalTerminal or other, and a payment method of Tryton, which says where the money is booked. Where Tryton has one only, that one.", Of: MappingKind.PaymentMethods),
        new(PaymentTerm, "Payment terms", "Terms as devices write them and payment terms of Tryton. What is not mapped is the customer's own, and stands in the notes."),
        new(Unit, "Unit", "A unit as devices write it and a unit of Tryton. What is not mapped is found by symbol or name; else it is the unit in which the product is sold."),
        new(Location, "Warehouse", "A branch's code and a warehouse of Tryton. What is not mapped is left to Tryton.", Of: MappingKind.Branches),
    ];

    /// <summary>A thing of Tryton that is mapped; its ids are numbers.</summary>
    public static int? IdOf(Connection connection, string kind, params ReadOnlySpan<string?> names) => int.TryParse(connection.Mapped(kind, names), out var id) ? id : null;
}

using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Zoho;

/// <summary>What the office can map to things of Zoho, and what stands for it in an organisation.</summary>
internal static class ZohoMappings
{
    public const string Tax = "tax";
    public const string PaymentMode = "paymentMode";
    public const string Salesperson = "salesperson";
    public const string Location = "location";
    public const string PriceList = "priceList";
    public const string CustomField = "customField";

    public static IReadOnlyList<MappingKind> All { get; } =
    [
        new(Tax, "Tax", "A tax code of ours, alone or with a rate (STD, STD 20), or a rate (20), and a tax of Zoho with that rate. What is not mapped goes by its rate.", Of: MappingKind.Taxes),
        new(PaymentMode, "Payment mode", "cash, cheque, bankTransfer, externalTerminal or other, and a payment mode of Zoho. Not mapped: cash, check, banktransfer, creditcard, others.", Of: MappingKind.PaymentMethods),
        new(Salesperson, "Salesperson", "A rep's e-mail address, name or id, and a salesperson of Zoho. Who is not mapped stands on no order.", Of: MappingKind.Reps),
        new(Location, "Location", "A branch's code and a location of Zoho. What is not mapped is left to Zoho.", Of: MappingKind.Branches),
        new(PriceList, "Price list", "A price list of ours by name or code, and one of Zoho. What is not mapped is not set on a customer."),
        new(CustomField, "Custom field", "A custom field of ours and the API name, cf_…, of one on Zoho's sales orders and estimates. What is not mapped stands in the notes.", Listed: false),
    ];

    /// <summary>Zoho's payment mode for a way of paying.</summary>
    public static string ModeOf(Connection connection, string method) => connection.Mapped(PaymentMode, method) ?? method switch
    {
        "cash" => "cash",
        "cheque" => "check",
        "bankTransfer" => "banktransfer",
        "externalTerminal" => "creditcard",
        _ => "others",
    };

    /// <summary>The salesperson who stands for a rep; null = none.</summary>
    public static string? SalespersonOf(Connection connection, DocumentInfo info) =>
        info.Rep is { } rep ? connection.Mapped(Salesperson, rep.Id.ToString("D"), rep.Email, rep.Name) : null;
}

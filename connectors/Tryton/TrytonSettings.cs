using System.ComponentModel.DataAnnotations;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Tryton;

/// <summary>How far an order is brought.</summary>
public enum OrderState
{
    /// <summary>Quoted, confirmed and processed: its invoice and its shipment are made.</summary>
    Processing,

    /// <summary>A quotation, which somebody confirms in Tryton; until then it can be changed and cancelled from here.</summary>
    Quotation,
}

/// <summary>The field of a sale that carries our record id.</summary>
public enum RecordIdField
{
    /// <summary>The description.</summary>
    Description,

    /// <summary>The reference.</summary>
    Reference,
}

/// <summary>When Tryton makes an invoice of a sale.</summary>
public enum InvoiceMethod
{
    /// <summary>When the order is processed.</summary>
    Order,

    /// <summary>When the goods were sent.</summary>
    Shipment,

    /// <summary>Somebody makes it.</summary>
    Manual,
}

/// <summary>When Tryton makes a shipment of a sale.</summary>
public enum ShipmentMethod
{
    /// <summary>When the order is processed.</summary>
    Order,

    /// <summary>When the invoice was paid.</summary>
    Invoice,

    /// <summary>Somebody makes it.</summary>
    Manual,
}

/// <summary>Settings of one connection to Tryton: one company in one database.</summary>
public sealed record TrytonSettings : ConnectionSettings
{
    /// <summary>Address of the server without the database, such as https://tryton.example.com.</summary>
    [Required]
    public Uri? Url { get; init; }

    /// <summary>Name of the database, as it is chosen when one signs in to Tryton.</summary>
    [Required]
    public string Database { get; init; } = "";

    /// <summary>Login of a user made for OrderSync, in the groups Sales, Sales Administrator (who may process a sale), Stock, Accounting and the administrators of parties and products.</summary>
    [Required]
    public string User { get; init; } = "";

    /// <summary>Password of that user.</summary>
    [Secret, Required]
    public string Password { get; init; } = "";

    /// <summary>Id of the company in Tryton, where the user works for several; left empty it is the one the user has chosen there.</summary>
    [Range(1, int.MaxValue)]
    public int? CompanyId { get; init; }

    /// <summary>How far an order is brought: processing (with its invoice and shipment; then it can be changed in Tryton only) or quotation, which somebody confirms there.</summary>
    public OrderState OrderState { get; init; } = OrderState.Processing;

    /// <summary>Field of a sale that carries our record id: description, or reference, where the description is printed and the reference is not.</summary>
    public RecordIdField RecordIdField { get; init; } = RecordIdField.Description;

    /// <summary>Whether a sale has our number; if not Tryton numbers it, and ours stands with the notes.</summary>
    public bool OwnNumbers { get; init; } = true;

    /// <summary>Where the company rounds tax (Accounting > Configuration, Tax Rounding): document or line. An exact half always goes to the even cent in Tryton.</summary>
    public RoundingLevel TaxLevel { get; init; } = RoundingLevel.Document;

    /// <summary>When Tryton would reach, or reached, another total: hold, adjust or accept.</summary>
    public OnDifference OnDifference { get; init; } = OnDifference.Hold;

    /// <summary>Decimals of a price that the server keeps (price_decimal in its configuration); an order with more is held instead of being rounded.</summary>
    [Range(0, 8)]
    public int PriceDecimals { get; init; } = 4;

    /// <summary>When an invoice is made: order (when it is processed), shipment (when the goods were sent) or manual.</summary>
    public InvoiceMethod InvoiceMethod { get; init; } = InvoiceMethod.Order;

    /// <summary>Whether a receipt that is for one invoice as a whole, or for the order it was made of, pays it where it is posted; if not, each receipt stands on account.</summary>
    public bool PayInvoices { get; init; } = true;

    /// <summary>When a shipment is made: order (when it is processed), invoice (when it was paid) or manual.</summary>
    public ShipmentMethod ShipmentMethod { get; init; } = ShipmentMethod.Order;

    /// <summary>SKU of the product that stands for shipping; left empty, a shipping charge is a line without a product, booked on the company's default account of revenue.</summary>
    public string? ShippingSku { get; init; }

    /// <summary>SKU of the product that stands for discounts; left empty, a discount is a line without a product, booked on the company's default account of revenue.</summary>
    public string? DiscountSku { get; init; }

    /// <summary>Longest note on a sale; what is longer is cut, and the cut is marked. Tryton itself has no limit, printed papers do.</summary>
    [Range(100, 50_000)]
    public int NotesLength { get; init; } = 10_000;

    /// <summary>Figure of stock that devices see: forecast (what is there, less what is promised) or onHand.</summary>
    public StockFigure StockFigure { get; init; } = StockFigure.Forecast;

    /// <summary>Minutes after which one signs in again. Tryton ends a session after 30 days, its administrator may say sooner.</summary>
    [Range(5, 40_000)]
    public int SessionMinutes { get; init; } = 60;

    /// <summary>Seconds to wait when Tryton says that one signed in wrongly too often; it does not say how long itself.</summary>
    [Range(10, 3600)]
    public int SignInPauseSeconds { get; init; } = 300;

    /// <inheritdoc />
    public override string Account => $"tryton:{Url?.Authority}/{Database}{(CompanyId is { } company ? $":{company}" : "")}";

    /// <inheritdoc />
    public override string? WhyNot() => this switch
    {
        { Url: null } => "Url is missing. Enter the server's address, such as https://tryton.example.com.",
        { Url: { IsAbsoluteUri: false } or { Scheme: not ("https" or "http") } } => "Url must be a whole address, such as https://tryton.example.com.",
        _ when string.IsNullOrWhiteSpace(Database) => "Database is missing. It is the name one chooses when signing in to Tryton.",
        _ when string.IsNullOrWhiteSpace(User) => "User is missing. Make a user for OrderSync in Tryton and enter its login.",
        { Password: "" } => "Password is missing. Enter the password of the user.",
        _ => null,
    };

    /// <summary>The address that calls go to.</summary>
    internal Uri Api => new($"{Url!.ToString().TrimEnd('/')}/{Uri.EscapeDataString(Database)}/");
}

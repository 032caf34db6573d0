using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>An order as it was entered; its totals are computed when it is captured.</summary>
/// <param name="Customer">Who orders.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Lines">At least one.</param>
public record NewOrder(CustomerReference Customer, string Currency, IReadOnlyList<NewLine> Lines) : NewRecord
{
    /// <summary>An order of a customer known by its id: one the gateway has, or one captured here.</summary>
    /// <param name="customer">The customer's id.</param>
    /// <param name="currency">ISO 4217 code.</param>
    /// <param name="lines">At least one.</param>
    public NewOrder(Guid customer, string currency, IReadOnlyList<NewLine> lines) : this(new CustomerReference(customer, null, null), currency, lines)
    {
    }

    /// <summary>The device's own reference, shown to people until the final number is known.</summary>
    public string? Reference { get; init; }

    /// <summary>Whether unit prices include tax.</summary>
    public bool PricesIncludeTax { get; init; }

    /// <summary>How tax is rounded; null = as the device's options say.</summary>
    public TaxRounding? Rounding { get; init; }

    /// <summary>Discount on the whole order, before tax.</summary>
    public DiscountBody? Discount { get; init; }

    /// <summary>Shipping charge.</summary>
    public decimal Shipping { get; init; }

    /// <summary>Its tax rate in per cent.</summary>
    public decimal ShippingTaxRate { get; init; }

    /// <summary>Where to send; null = the customer's address.</summary>
    public AddressBody? ShipTo { get; init; }

    /// <summary>Where to bill; null = the customer's address.</summary>
    public AddressBody? BillTo { get; init; }

    /// <summary>Wished delivery date.</summary>
    public DateOnly? RequestedDate { get; init; }

    /// <summary>As agreed.</summary>
    public string? PaymentTerms { get; init; }

    /// <summary>The customer's own order number.</summary>
    public string? CustomerReference { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>Names and values the company defined.</summary>
    public IReadOnlyDictionary<string, string>? CustomFields { get; init; }

    /// <summary>Coupons, offers and discount rules that were applied; what they took off stands in the discounts.</summary>
    public IReadOnlyList<CouponBody>? Coupons { get; init; }

    internal override string Kind => Kinds.Order;

    // Lots, coupons and reasons of discounts came with it.
    internal override int Schema => 2;

    internal override IEnumerable<Guid> DependsOn => Customer.Id is { } id ? [id] : [];

    internal override object ToBody(TaxRounding rounding) => ToOrder(rounding);

    internal static NewOrder Of(OrderBody body) => new NewOrder(body.Customer!, body.Currency, [.. body.Lines.Select(NewLine.Of)]).With(body);

    /// <summary>The body with its totals: the sums a customer is shown are those the gateway and the ERP will reach.</summary>
    private protected OrderBody ToOrder(TaxRounding rounding)
    {
        var body = new OrderBody(
            Reference, Customer, Currency, PricesIncludeTax, Rounding ?? rounding, [.. Lines.Select(line => line.ToBody())], Discount, Shipping, ShippingTaxRate,
            new OrderTotals(0, 0, 0, 0), ShipTo, BillTo, RequestedDate, PaymentTerms, CustomerReference, Notes, CustomFields, Coupons);
        return body with { Totals = OrderMoney.TotalsOf(body) };
    }

    private protected NewOrder With(OrderBody body) => this with
    {
        Reference = body.Reference, PricesIncludeTax = body.PricesIncludeTax, Rounding = body.Rounding, Discount = body.Discount, Shipping = body.Shipping,
        ShippingTaxRate = body.ShippingTaxRate, ShipTo = body.ShipTo, BillTo = body.BillTo, RequestedDate = body.RequestedDate, PaymentTerms = body.PaymentTerms,
        CustomerReference = body.CustomerReference, Notes = body.Notes, CustomFields = body.CustomFields, Coupons = body.Coupons,
    };
}

using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>A finished sale. Over the counter it names no customer; one on account or set aside does.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Lines">At least one.</param>
/// <param name="Tenders">How it was paid; together they are the total.</param>
public sealed record NewSale(string Currency, IReadOnlyList<NewLine> Lines, IReadOnlyList<TenderBody> Tenders) : NewOrder(Nobody, Currency, Lines)
{
    private static readonly CustomerReference Nobody = new(null, null, null);

    /// <summary>A sale to a customer known by its id.</summary>
    /// <param name="customer">The customer's id.</param>
    /// <param name="currency">ISO 4217 code.</param>
    /// <param name="lines">At least one.</param>
    /// <param name="tenders">How it was paid; together they are the total.</param>
    public NewSale(Guid customer, string currency, IReadOnlyList<NewLine> lines, IReadOnlyList<TenderBody> tenders) : this(currency, lines, tenders) =>
        Customer = new CustomerReference(customer, null, null);

    internal override string Kind => Kinds.Sale;

    internal override int Schema => 1;

    internal override object ToBody(TaxRounding rounding)
    {
        var order = ToOrder(rounding);
        return new SaleBody(
            order.Reference, order.Customer == Nobody ? null : order.Customer, order.Currency, order.PricesIncludeTax, order.Rounding, order.Lines, order.Discount, order.Shipping,
            order.ShippingTaxRate, order.Totals, order.ShipTo, order.BillTo, order.RequestedDate, order.PaymentTerms, order.CustomerReference, order.Notes, order.CustomFields, Tenders,
            order.Coupons);
    }

    internal static NewSale Of(SaleBody body) =>
        (NewSale)new NewSale(body.Currency, [.. body.Lines.Select(NewLine.Of)], body.Tenders) { Customer = body.Customer ?? Nobody }.With(body);
}

using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>A quote as it was entered: an order that is offered.</summary>
/// <param name="Customer">Who is offered it.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Lines">At least one.</param>
public sealed record NewQuote(CustomerReference Customer, string Currency, IReadOnlyList<NewLine> Lines) : NewOrder(Customer, Currency, Lines)
{
    /// <summary>A quote for a customer known by its id.</summary>
    /// <param name="customer">The customer's id.</param>
    /// <param name="currency">ISO 4217 code.</param>
    /// <param name="lines">At least one.</param>
    public NewQuote(Guid customer, string currency, IReadOnlyList<NewLine> lines) : this(new CustomerReference(customer, null, null), currency, lines)
    {
    }

    /// <summary>The last day of the offer; null = the company's setting.</summary>
    public DateOnly? ValidUntil { get; init; }

    internal override string Kind => Kinds.Quote;

    internal override object ToBody(TaxRounding rounding)
    {
        var order = ToOrder(rounding);
        return new QuoteBody(
            order.Reference, order.Customer, order.Currency, order.PricesIncludeTax, order.Rounding, order.Lines, order.Discount, order.Shipping, order.ShippingTaxRate,
            order.Totals, order.ShipTo, order.BillTo, order.RequestedDate, order.PaymentTerms, order.CustomerReference, order.Notes, order.CustomFields, ValidUntil, order.Coupons);
    }

    internal static NewQuote Of(QuoteBody body)
    {
        var quote = (NewQuote)new NewQuote(body.Customer!, body.Currency, [.. body.Lines.Select(NewLine.Of)]).With(body);
        return quote with { ValidUntil = body.ValidUntil };
    }
}

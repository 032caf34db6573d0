using OrderSync.Contracts.Records;
using OrderSync.Money;

namespace OrderSync.Device;

/// <summary>The totals of an order, by the arithmetic that gateway and connectors use.</summary>
internal static class OrderMoney
{
    public static OrderTotals TotalsOf(OrderBody order)
    {
        try
        {
            var totals = DocumentTotals.Compute(
                new DocumentInput(
                    order.Currency, [.. order.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, Of(line.Discount), line.TaxCode, line.TaxRate))], Of(order.Discount),
                    order.Shipping, order.ShippingTaxRate, order.PricesIncludeTax),
                Of(order.Rounding!));
            return new OrderTotals(totals.Subtotal, totals.Discount, totals.Tax, totals.Total);
        }
        catch (MoneyOutOfRange trouble)
        {
            throw new DeviceTrouble("order.amount.invalid", trouble.Message + " Check it and save the entry again.", trouble);
        }
    }

    private static RoundingPolicy Of(TaxRounding rounding) => new(
        rounding.Level == "line" ? RoundingLevel.Line : RoundingLevel.Document, rounding.Tie == "halfEven" ? Tie.HalfEven : Tie.HalfUp);

    private static Discount Of(DiscountBody? discount) => discount switch
    {
        { Percent: { } percent } => Discount.Percent(percent),
        { Amount: { } amount } => Discount.Amount(amount),
        _ => Discount.None,
    };
}

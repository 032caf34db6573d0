namespace OrderSync.Money;

/// <summary>
/// The amounts of a document, each with exactly the decimals of its currency. Prices without tax:
/// <c>Total = Subtotal − Discount + Shipping + Tax</c>. Prices with tax: <c>Total = Subtotal − Discount + Shipping</c>, and
/// <see cref="Tax"/> says how much of it is tax.
/// </summary>
/// <param name="Subtotal">The sum of the rounded line amounts, after line discounts and before the order discount.</param>
/// <param name="Discount">The order discount as an amount; it has the subtotal's sign.</param>
/// <param name="Shipping">The shipping charge.</param>
/// <param name="Tax">The sum of the tax rows.</param>
/// <param name="Total">What the customer pays.</param>
/// <param name="Lines">The lines in their order.</param>
/// <param name="Taxes">The taxes in the order in which they first occur.</param>
public sealed record Totals(
    decimal Subtotal,
    decimal Discount,
    decimal Shipping,
    decimal Tax,
    decimal Total,
    IReadOnlyList<LineTotals> Lines,
    IReadOnlyList<TaxRow> Taxes);

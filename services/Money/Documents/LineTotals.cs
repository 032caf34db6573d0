namespace OrderSync.Money;

/// <summary>The amounts of one line.</summary>
/// <param name="Amount">Quantity × unit price less the line's own discount, rounded once; with tax inside if prices include it.</param>
/// <param name="OrderDiscount">The line's share of the order discount; the shares of all lines add up to it exactly.</param>
/// <param name="TaxBase">What the tax is on, always without tax.</param>
/// <param name="Tax">The line's tax. Rounded by document it is the line's share of that one rounding: the shares add up to it.</param>
public readonly record struct LineTotals(decimal Amount, decimal OrderDiscount, decimal TaxBase, decimal Tax);

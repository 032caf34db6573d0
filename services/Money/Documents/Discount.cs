namespace OrderSync.Money;

/// <summary>
/// A reduction of a line or of the whole order, by percent or by amount. The default value is no discount. It always brings the amount
/// nearer to zero, on a line of returned goods too.
/// </summary>
public readonly record struct Discount
{
    private Discount(decimal value, bool isPercent) => (Value, IsPercent) = (value, isPercent);

    /// <summary>The percentage, or the amount in the document's currency.</summary>
    public decimal Value { get; }

    /// <summary>True if <see cref="Value"/> is a percentage.</summary>
    public bool IsPercent { get; }

    /// <summary>No discount.</summary>
    public static Discount None => default;

    /// <summary>A discount of so many percent, 0 to 100.</summary>
    /// <param name="percent">15 for 15 %.</param>
    public static Discount Percent(decimal percent) => new(percent, true);

    /// <summary>A discount of a fixed amount: off the line as a whole (not off each piece), or off the order.</summary>
    /// <param name="amount">The amount, not negative.</param>
    public static Discount Amount(decimal amount) => new(amount, false);
}

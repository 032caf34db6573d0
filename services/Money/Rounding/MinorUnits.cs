namespace OrderSync.Money;

/// <summary>
/// Amounts of one currency counted in its smallest unit. Products of such counts are exact, so a quotient is rounded from its true
/// remainder and never from an approximation that may have moved on or off an exact half.
/// </summary>
internal readonly struct MinorUnits(int decimals, Tie tie)
{
    /// <summary>No amount of a document may reach this: each count then fits 64 bits, and the product of two 128 bits.</summary>
    private const decimal Ceiling = 100_000_000_000_000m;

    private static ReadOnlySpan<long> Powers => [1, 10, 100, 1_000, 10_000];

    private static readonly decimal[] Units = [1m, 0.1m, 0.01m, 0.001m, 0.0001m];

    /// <summary>Rounds an exact amount to the currency's decimals and counts it.</summary>
    public Int128 From(decimal exact, string field, int? line = null)
    {
        if (Math.Abs(exact) >= Ceiling)
            throw new MoneyOutOfRange(field, "is too large", line);
        var mode = tie == Tie.HalfUp ? MidpointRounding.AwayFromZero : MidpointRounding.ToEven;
        return decimal.ToInt64(decimal.Round(exact, decimals, mode) * Powers[decimals]);
    }

    /// <summary>The count as an amount that shows all decimals of the currency.</summary>
    public decimal ToDecimal(Int128 count)
    {
        var size = (UInt128)Int128.Abs(count);
        if (size > ulong.MaxValue)
            return (decimal)count * Units[decimals];
        var digits = (ulong)size;
        return new decimal((int)digits, (int)(digits >> 32), 0, Int128.IsNegative(count), (byte)decimals);
    }

    /// <summary>Refuses a sum that has grown beyond what can be calculated exactly.</summary>
    public Int128 Within(Int128 count, string field)
    {
        if (Int128.Abs(count) >= (Int128)Ceiling * Powers[decimals])
            throw new MoneyOutOfRange(field, "is too large");
        return count;
    }

    /// <summary><paramref name="count"/> × <paramref name="numerator"/> / <paramref name="denominator"/>, rounded once.</summary>
    public Int128 Share(Int128 count, Int128 numerator, Int128 denominator)
    {
        var product = count * numerator;
        var negative = Int128.IsNegative(product) != Int128.IsNegative(denominator);
        var (whole, rest) = Int128.DivRem(Int128.Abs(product), Int128.Abs(denominator));
        var half = (rest * 2).CompareTo(Int128.Abs(denominator));
        if (half > 0 || (half == 0 && (tie == Tie.HalfUp || Int128.IsOddInteger(whole))))
            whole += 1;
        return negative ? -whole : whole;
    }
}

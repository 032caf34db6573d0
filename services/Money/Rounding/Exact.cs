namespace OrderSync.Money;

/// <summary>Decimal arithmetic that refuses instead of dropping digits: <see cref="decimal"/> itself rounds a long product silently.</summary>
internal static class Exact
{
    /// <summary>The product, if it has all its digits.</summary>
    public static decimal Product(decimal left, decimal right, string field, int line)
    {
        if (left == 0 || right == 0)
            return 0;

        decimal product;
        try
        {
            product = left * right;
        }
        catch (OverflowException)
        {
            throw new MoneyOutOfRange(field, "is too large", line);
        }

        return product.Scale == left.Scale + right.Scale ? product : throw new MoneyOutOfRange(field, "has too many digits", line);
    }

    /// <summary>The value without trailing zeros, if it lies between the bounds and has no more than so many decimals.</summary>
    public static decimal Within(decimal value, decimal least, decimal most, int decimals, string field, int? line = null)
    {
        if (value < least)
            throw new MoneyOutOfRange(field, least == 0 ? "is negative" : "is too large", line);
        if (value > most)
            throw new MoneyOutOfRange(field, "is too large", line);
        if (value.Scale <= decimals)
            return value;

        // Dividing by one written with 28 zeros removes trailing zeros and nothing else.
        var plain = value / 1.0000000000000000000000000000m;
        return plain.Scale <= decimals ? plain : throw new MoneyOutOfRange(field, $"has more than {decimals} decimals", line);
    }
}

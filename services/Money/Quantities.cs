namespace OrderSync.Money;

/// <summary>Minimum order quantities (MOQ) and order multiples (IOQ), the same on the device and on the server.</summary>
public static class Quantities
{
    private const decimal Largest = 1_000_000_000_000m;

    /// <summary>
    /// Checks an ordered quantity. Legal is every quantity above zero that is at least <paramref name="moq"/> and a multiple of
    /// <paramref name="ioq"/>; the smallest legal one is therefore the MOQ rounded up to a multiple. Decimals are allowed everywhere.
    /// Returned goods have no minimum: do not ask about negative quantities.
    /// </summary>
    /// <param name="quantity">The quantity asked for.</param>
    /// <param name="moq">The minimum; null or 0 if there is none.</param>
    /// <param name="ioq">The multiple; null or 0 if there is none.</param>
    /// <exception cref="MoneyOutOfRange">A figure is beyond a million million, or the minimum or the multiple is negative.</exception>
    public static QuantityCheck Check(decimal quantity, decimal? moq, decimal? ioq)
    {
        var least = Limit("moq", moq ?? 0);
        var step = Limit("ioq", ioq ?? 0);
        if (Math.Abs(quantity) > Largest)
            throw new MoneyOutOfRange("quantity", "is too large");

        var smallest = step == 0 ? least : Math.Max(step, RoundUp(least, step));
        if (quantity < smallest || quantity <= 0)
            return new QuantityCheck(false, null, smallest == 0 ? null : smallest);
        if (step == 0 || quantity % step == 0)
            return new QuantityCheck(true, quantity, quantity);

        var below = quantity - quantity % step;
        return new QuantityCheck(false, below, below + step);
    }

    private static decimal RoundUp(decimal value, decimal step) => value % step == 0 ? value : value - value % step + step;

    private static decimal Limit(string field, decimal value) => value switch
    {
        < 0 => throw new MoneyOutOfRange(field, "is negative"),
        > Largest => throw new MoneyOutOfRange(field, "is too large"),
        _ => value,
    };
}

namespace OrderSync.Simulator.Sales;

/// <summary>Finds the tax rate behind a tax amount: the roundest one that explains it.</summary>
internal static class TaxRate
{
    private const int MostDecimals = 3;

    /// <summary>The rate in per cent, and whether it explains the tax amount to its last decimal.</summary>
    /// <param name="amount">What the tax is on.</param>
    /// <param name="tax">The tax as the file has it.</param>
    /// <param name="decimals">How many decimals the file's tax amounts have.</param>
    public static (decimal Percent, bool Explains) Of(decimal amount, decimal tax, int decimals)
    {
        if (amount == 0)
            return (0, tax == 0);

        var exact = tax / amount * 100;
        var halfUnit = 0.5m / Power(decimals);
        for (var digits = 0; digits <= MostDecimals; digits++)
        {
            var rate = decimal.Round(exact, digits, MidpointRounding.AwayFromZero);
            if (Math.Abs(amount * rate / 100 - tax) <= halfUnit)
                return (rate, true);
        }

        return (decimal.Round(exact, MostDecimals, MidpointRounding.AwayFromZero), false);
    }

    private static decimal Power(int decimals)
    {
        var power = 1m;
        for (var i = 0; i < decimals; i++)
            power *= 10;
        return power;
    }
}

namespace OrderSync.Contracts.Records;

/// <summary>The range and precision of an amount, price, rate or quantity: rules check it and published schemas state it, both from here.</summary>
/// <param name="least">Smallest value.</param>
/// <param name="most">Largest value.</param>
/// <param name="decimals">Most decimals; the default is as many as a decimal holds.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FigureAttribute(double least, double most, int decimals = 28) : Attribute
{
    // Division by one written with 28 zeros removes trailing zeros and nothing else.
    private const decimal One = 1.0000000000000000000000000000m;

    private readonly decimal lowest = (decimal)least;
    private readonly decimal highest = (decimal)most;

    /// <summary>Smallest value.</summary>
    public double Least => least;

    /// <summary>Largest value.</summary>
    public double Most => most;

    /// <summary>Most decimals, trailing zeros not counted.</summary>
    public int Decimals => decimals;

    /// <summary>Whether the value must be more than <see cref="Least"/>.</summary>
    public bool AboveLeast { get; init; }

    /// <summary>Whether the value keeps to range and precision.</summary>
    public bool Takes(decimal value) =>
        value >= lowest && !(AboveLeast && value == lowest) && value <= highest && (value.Scale <= decimals || (value / One).Scale <= decimals);
}

using System.Numerics;

namespace OrderSync.Money.Tests.Documents;

/// <summary>An exact rational number: nothing of it is shared with the code under test.</summary>
internal readonly record struct Fraction(BigInteger Top, BigInteger Bottom)
{
    public static Fraction Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];
        return new Fraction(value < 0 ? -digits : digits, BigInteger.Pow(10, value.Scale));
    }

    public static Fraction operator +(Fraction a, Fraction b) => new(a.Top * b.Bottom + b.Top * a.Bottom, a.Bottom * b.Bottom);

    public static Fraction operator -(Fraction a, Fraction b) => new(a.Top * b.Bottom - b.Top * a.Bottom, a.Bottom * b.Bottom);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Top * b.Top, a.Bottom * b.Bottom);

    public static Fraction operator /(Fraction a, Fraction b) =>
        b.Top < 0 ? new(-a.Top * b.Bottom, -a.Bottom * b.Top) : new(a.Top * b.Bottom, a.Bottom * b.Top);

    /// <summary>The nearest number of so many decimals: the floor of the value plus a half, put right where it was a half exactly.</summary>
    public Fraction Round(int decimals, Tie tie)
    {
        var unit = BigInteger.Pow(10, decimals);
        var (top, bottom) = (2 * Top * unit + Bottom, 2 * Bottom);
        var floor = (top - (top % bottom + bottom) % bottom) / bottom;
        var wasHalf = top % bottom == 0;
        if (wasHalf && (tie == Tie.HalfUp ? Top < 0 : !floor.IsEven))
            floor -= 1;
        return new Fraction(floor, unit);
    }

    public bool Is(decimal value)
    {
        var other = Of(value);
        return Top * other.Bottom == other.Top * Bottom;
    }
}

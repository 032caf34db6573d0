using System.Globalization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A discount as a percentage or an amount.</summary>
internal readonly record struct ZohoDiscount(decimal Value, bool IsPercent)
{
    private const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>"12.5%" or "190"; null when it is neither, negative, or above 100 %.</summary>
    public static ZohoDiscount? Parse(string text)
    {
        var percent = text.TrimEnd().EndsWith('%');
        var digits = percent ? text.TrimEnd()[..^1] : text;
        if (!decimal.TryParse(digits, Style, CultureInfo.InvariantCulture, out var value) || value > (percent ? 100m : 10_000_000_000m))
            return null;
        return new ZohoDiscount(value, percent);
    }

    /// <summary>The discount on an amount, not rounded.</summary>
    public decimal Of(decimal amount) => IsPercent ? amount * Value / 100m : Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");
}

using System.Globalization;
using OrderSync.Email.Documents;

namespace OrderSync.Email.Rendering;

/// <summary>Writes numbers and dates for people. It needs no locale data of the machine, so the same order looks the same everywhere.</summary>
internal sealed class Figures(Words words, int decimals)
{
    private readonly NumberFormatInfo format = new()
    {
        NumberDecimalSeparator = words.DecimalSeparator,
        NumberGroupSeparator = words.GroupSeparator,
        NegativeSign = "\u2212",
    };

    private readonly string amount = "#,##0" + (decimals > 0 ? "." + new string('0', decimals) : "");

    /// <summary>With the currency's decimals; further decimals appear only where they were captured.</summary>
    public string Amount(decimal value) => value.ToString(Widened(value, decimals), format);

    /// <summary>Without trailing zeros.</summary>
    public string Quantity(decimal value) => value.ToString("#,##0.#####", format);

    /// <summary>Such as 7.5 %.</summary>
    public string Percent(decimal value) => value.ToString("0.####", format) + "\u00a0%";

    /// <summary>The day in the document's language.</summary>
    public string Date(DateOnly day) => day.ToString(words.DateFormat, CultureInfo.InvariantCulture).Replace(' ', '\u00a0');

    /// <summary>A line's discount as it was given; empty where there is none.</summary>
    public string Discount(LineDiscount? discount) => discount switch
    {
        { Percent: { } percent } => Percent(percent),
        { Amount: { } off } => Amount(off),
        _ => "",
    };

    private string Widened(decimal value, int fixedDecimals)
    {
        var captured = (value / 1.0000000000000000000000000000m).Scale;
        return captured <= fixedDecimals ? amount : (fixedDecimals > 0 ? amount : amount + ".") + new string('#', captured - fixedDecimals);
    }
}

using System.Globalization;
using OrderSync.Money;
using OrderSync.Tryton;

namespace OrderSync.Connectors.Tests.Tryton;

/// <summary>What is foretold of sales. All figures are those that a real Tryton 6.0 showed for these lines.</summary>
public sealed class TrytonMoneyTests
{
    [Theory]
    [InlineData("1×3.35@10 1×3.35@10 1×3.35@10", "10.05 1.00 11.05", "10.05 1.02 11.07")]
    [InlineData("1×3.30@10 1×3.25@10", "6.55 0.66 7.21", "6.55 0.66 7.21")]
    [InlineData("1×3.35@10 1×3.35@10 1×-3.35@10", "3.35 0.33 3.68", "3.35 0.34 3.69")]
    [InlineData("1×0.125@0", "0.12 0 0.12", "0.12 0 0.12")]
    [InlineData("0.25×1.005@20 0.25×84.375@20", "21.34 4.27 25.61", "21.34 4.27 25.61")]
    [InlineData("2×29.99@20 3×1.25@8 1×-6.37@20", "57.36 11.03 68.39", "57.36 11.03 68.39")]
    public void F102_The_sums_foretold_are_those_that_a_real_Tryton_reached(string lines, string onDocument, string onLines)
    {
        Assert.Equal(onDocument, Foretold(lines, RoundingLevel.Document));
        Assert.Equal(onLines, Foretold(lines, RoundingLevel.Line));
    }

    [Theory]
    [InlineData(RoundingLevel.Document, "0.90 0.10 1.00")]
    [InlineData(RoundingLevel.Line, "0.90 0.00 0.90")]
    public void F102_Tax_is_of_what_was_not_rounded_yet(RoundingLevel level, string sums) =>
        Assert.Equal(sums, Foretold(string.Join(' ', Enumerable.Repeat("1×0.0333@10", 30)), level));

    // "2×29.99@20": two at 29.99, taxed at 20 %.
    private static string Foretold(string lines, RoundingLevel level)
    {
        var totals = TrytonMoney.Predict([.. lines.Split(' ').Select(Line)], level, 2);
        return FormattableString.Invariant($"{totals.Subtotal} {totals.Tax} {totals.Total}");
    }

    private static PlannedLine Line(string text)
    {
        var figures = text.Split('×', '@').Select(figure => decimal.Parse(figure, CultureInfo.InvariantCulture)).ToList();
        var tax = figures[2] == 0 ? null : new Tax((int)figures[2], $"{figures[2]} %", "percentage", figures[2] / 100, []);
        return new(new(null, null, figures[0], figures[1], [], null, null, 0), tax, text);
    }
}

using FsCheck;
using FsCheck.Fluent;

namespace OrderSync.Money.Tests.Documents;

/// <summary>Documents as they occur, and harder: three kinds of decimals, both price modes, discounts, returns, several taxes.</summary>
internal static class AnyDocument
{
    private static readonly (string? Code, decimal Rate)[] Taxes = [("STD", 19m), ("RED", 7m), ("US", 8.375m), ("EXEMPT", 0m), (null, 0m)];

    private static Gen<decimal> Number(int most, int decimals) =>
        from scale in Gen.Choose(0, decimals)
        from digits in Gen.Choose(0, most)
        select new decimal(digits, 0, 0, false, (byte)scale);

    private static readonly Gen<Discount> Discounts = Gen.Frequency(
        (4, Gen.Constant(Discount.None)),
        (2, Number(100, 3).Select(Discount.Percent)),
        (1, Number(100, 3).Select(Discount.Amount)));

    private static readonly Gen<LineInput> Lines =
        from quantity in Number(5_000, 3)
        from back in Gen.Frequency((9, Gen.Constant(1)), (1, Gen.Constant(-1)))
        from price in Number(900_000, 5)
        from discount in Discounts
        from tax in Gen.Elements(Taxes)
        select Possible(new LineInput(quantity * back, price, discount, tax.Code, tax.Rate));

    private static readonly Gen<DocumentInput> Documents =
        from currency in Gen.Elements("EUR", "JPY", "KWD")
        from lines in Lines.ArrayOf()
        from discount in Discounts
        from shipping in Gen.OneOf(Gen.Constant(0m), Number(5_000, 2))
        from shippingTax in Gen.Elements(0m, 19m, 5.5m)
        from inclusive in ArbMap.Default.GeneratorFor<bool>()
        from before in ArbMap.Default.GeneratorFor<bool>()
        select Possible(new DocumentInput(currency, lines, discount, shipping, shippingTax, inclusive, before));

    private static readonly Gen<(DocumentInput, RoundingPolicy)> Cases =
        from document in Documents
        from level in Gen.Elements(RoundingLevel.Line, RoundingLevel.Document)
        from tie in Gen.Elements(Tie.HalfUp, Tie.HalfEven)
        select (document, new RoundingPolicy(level, tie));

    public static void Has(Action<DocumentInput, RoundingPolicy> property) =>
        Prop.ForAll(Cases.ToArbitrary(), one => property(one.Item1, one.Item2))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static LineInput Possible(LineInput line) =>
        !line.Discount.IsPercent && line.Discount.Value > Math.Abs(line.Quantity * line.UnitPrice)
            ? line with { Discount = Discount.None }
            : line;

    // An amount off the order must fit in its subtotal, however the lines are rounded: at most half a unit each.
    private static DocumentInput Possible(DocumentInput document) =>
        !document.OrderDiscount.IsPercent && (document.Lines.Any(l => l.Quantity < 0) || document.Lines.Sum(Net) < document.OrderDiscount.Value + document.Lines.Count)
            ? document with { OrderDiscount = Discount.None }
            : document;

    private static decimal Net(LineInput line) =>
        line.Quantity * line.UnitPrice * (line.Discount.IsPercent ? 1 - line.Discount.Value / 100 : 1) - (line.Discount.IsPercent ? 0 : line.Discount.Value);
}

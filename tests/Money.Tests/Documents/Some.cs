namespace OrderSync.Money.Tests.Documents;

/// <summary>Short ways to say what a test is about.</summary>
internal static class Some
{
    public static readonly RoundingPolicy LineHalfUp = new(RoundingLevel.Line, Tie.HalfUp);
    public static readonly RoundingPolicy LineHalfEven = new(RoundingLevel.Line, Tie.HalfEven);
    public static readonly RoundingPolicy DocumentHalfUp = new(RoundingLevel.Document, Tie.HalfUp);
    public static readonly RoundingPolicy DocumentHalfEven = new(RoundingLevel.Document, Tie.HalfEven);

    public static LineInput Line(decimal price, decimal quantity = 1, decimal rate = 0, Discount discount = default, string? tax = "T") =>
        new(quantity, price, discount, tax, rate);

    public static DocumentInput Document(params LineInput[] lines) => new("EUR", lines, Discount.None, 0, 0, false);

    public static LineInput[] Times(this LineInput line, int count) => [.. Enumerable.Repeat(line, count)];
}

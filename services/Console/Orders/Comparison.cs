namespace OrderSync.Console.Orders;

/// <summary>What of a line is not equal on both sides.</summary>
[Flags]
public enum LineDifference
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>How many.</summary>
    Quantity = 1,

    /// <summary>Price of one.</summary>
    Price = 2,

    /// <summary>Rate of tax.</summary>
    Tax = 4,

    /// <summary>What the line comes to.</summary>
    Amount = 8,

    /// <summary>Captured and not at the destination.</summary>
    Missing = 16,

    /// <summary>At the destination and not captured.</summary>
    Extra = 32,
}

/// <summary>A line on both sides, or on one.</summary>
public sealed record ComparedLine(CapturedLine? Captured, ErpLine? Erp, LineDifference Difference)
{
    /// <summary>Whether this is not equal.</summary>
    public bool Differs(LineDifference what) => (Difference & what) != 0;
}

/// <summary>A sum on both sides; one that a side does not say differs from nothing.</summary>
public sealed record ComparedSum(string Name, decimal? Captured, decimal? Erp)
{
    /// <summary>Whether it is not equal.</summary>
    public bool Differs => Captured is { } captured && Erp is { } erp && captured != erp;

    /// <summary>By how much the destination is off.</summary>
    public decimal Off => (Erp ?? 0) - (Captured ?? 0);
}

/// <summary>A captured document and the destination's, side by side.</summary>
public sealed record Comparison(IReadOnlyList<ComparedLine> Lines, IReadOnlyList<ComparedSum> Sums, bool Spread)
{
    /// <summary>How many figures and lines are not equal.</summary>
    public int Differences => Lines.Sum(line => System.Numerics.BitOperations.PopCount((uint)line.Difference)) + Sums.Count(sum => sum.Differs);

    /// <summary>Compares. Lines belong together by SKU, in their order; a destination that does not name SKUs is compared line by line.</summary>
    public static Comparison Of(CapturedDocument captured, ErpDocument erp)
    {
        // A discount on the order that stands in the lines there: no line can be compared by its amount then, only the total.
        var spread = captured.Discount is > 0 && (erp.Discount ?? 0) == 0;
        var theirs = erp.Lines ?? [];
        var lines = Pairs(captured.Lines, theirs).Select(pair => new ComparedLine(pair.Ours, pair.Theirs, Difference(pair.Ours, pair.Theirs, captured, spread))).ToList();
        // Shipping that stands as a line there is no line too many.
        var shippingLine = captured.Shipping is > 0 && (erp.Shipping ?? 0) == 0 ? lines.FindIndex(line => line.Captured is null && line.Erp!.Amount == captured.Shipping) : -1;
        if (shippingLine >= 0)
            lines[shippingLine] = lines[shippingLine] with { Difference = LineDifference.None };

        List<ComparedSum> sums = [];
        if (!captured.PricesIncludeTax && !spread)
            Add("Subtotal", captured.Subtotal, shippingLine >= 0 ? erp.Subtotal - captured.Shipping : erp.Subtotal);
        Add("Discount", Some(captured.Discount), spread ? null : Some(erp.Discount));
        Add("Shipping", Some(captured.Shipping), shippingLine >= 0 ? captured.Shipping : Some(erp.Shipping));
        Add("Tax", captured.Tax, erp.Tax);
        Add("Adjustment", null, Some(erp.Adjustment));
        Add("Total", captured.Total, erp.Total);
        return new(lines, sums, spread);

        void Add(string name, decimal? ours, decimal? there)
        {
            if (ours is not null || there is not null)
                sums.Add(new(name, ours, there));
        }
    }

    private static decimal? Some(decimal? figure) => figure is 0 ? null : figure;

    private static LineDifference Difference(CapturedLine? ours, ErpLine? theirs, CapturedDocument captured, bool spread)
    {
        if (ours is null)
            return LineDifference.Extra;
        if (theirs is null)
            return LineDifference.Missing;
        return (ours.Quantity is { } quantity && quantity != theirs.Quantity ? LineDifference.Quantity : 0)
            | (ours.UnitPrice is { } price && price != theirs.UnitPrice ? LineDifference.Price : 0)
            | (ours.TaxRate is { } rate && theirs.TaxRate is { } theirRate && rate != theirRate ? LineDifference.Tax : 0)
            | (!spread && ours.Amount is { } amount && theirs.Amount is { } theirAmount && Math.Round(amount, Decimals(captured), MidpointRounding.AwayFromZero) != theirAmount ? LineDifference.Amount : 0);
    }

    // The document's own: as many as its total has, two where that says none.
    private static int Decimals(CapturedDocument captured) => Math.Max((int)(captured.Total?.Scale ?? 2), 2);

    // The longest sequence of SKUs that both have: what is left over on one side is missing or too many.
    private static IEnumerable<(CapturedLine? Ours, ErpLine? Theirs)> Pairs(IReadOnlyList<CapturedLine> ours, IReadOnlyList<ErpLine> theirs)
    {
        var longest = new int[ours.Count + 1, theirs.Count + 1];
        for (var i = ours.Count - 1; i >= 0; i--)
            for (var j = theirs.Count - 1; j >= 0; j--)
                longest[i, j] = Same(ours[i], theirs[j]) ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);

        var (left, right) = (0, 0);
        while (left < ours.Count || right < theirs.Count)
        {
            if (left < ours.Count && right < theirs.Count && Same(ours[left], theirs[right]))
                yield return (ours[left++], theirs[right++]);
            else if (right == theirs.Count || (left < ours.Count && longest[left + 1, right] >= longest[left, right + 1]))
                yield return (ours[left++], null);
            else
                yield return (null, theirs[right++]);
        }
    }

    private static bool Same(CapturedLine ours, ErpLine theirs) => theirs.Sku is null || string.Equals(ours.Sku?.Trim(), theirs.Sku.Trim(), StringComparison.OrdinalIgnoreCase);
}

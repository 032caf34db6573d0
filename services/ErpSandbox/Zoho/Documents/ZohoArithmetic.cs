namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What the figures of a line are made of.</summary>
internal readonly record struct ZohoLineInput(decimal Quantity, decimal Rate, ZohoDiscount? Discount, ZohoTax? Tax);

/// <summary>What the figures of an order are made of.</summary>
internal sealed record ZohoOrderInput(
    IReadOnlyList<ZohoLineInput> Lines, ZohoDiscount? Discount, bool DiscountBeforeTax, bool Inclusive, decimal Shipping, decimal Adjustment);

/// <summary>The figures of a line: rounded total, rounded discount, and its tax if tax is rounded on lines.</summary>
internal readonly record struct ZohoLineFigures(decimal ItemTotal, decimal DiscountAmount, decimal? TaxAmount);

/// <summary>The figures of an order. Always: total = sub total − discount + tax + shipping + adjustment + round-off.</summary>
internal sealed record ZohoFigures(
    IReadOnlyList<ZohoLineFigures> Lines, decimal SubTotal, decimal SubTotalInclusiveOfTax, decimal Discount, decimal DiscountAppliedOn,
    IReadOnlyList<ZohoTaxRow> Taxes, decimal TaxTotal, decimal Roundoff, decimal Total);

/// <summary>Zoho's arithmetic, written apart from OrderSync's own so that each checks the other. rules.md, "Money".</summary>
internal static class ZohoArithmetic
{
    /// <summary>Rounds by the organisation's tie rule.</summary>
    public static decimal Round(decimal value, int decimals, Tie tie) => decimal.Round(value, decimals, tie switch
    {
        Tie.HalfEven => MidpointRounding.ToEven,
        Tie.Up => value < 0 ? MidpointRounding.ToNegativeInfinity : MidpointRounding.ToPositiveInfinity,
        Tie.Down => MidpointRounding.ToZero,
        _ => MidpointRounding.AwayFromZero,
    });

    /// <summary>Works out an order's figures.</summary>
    public static ZohoFigures Compute(ZohoOrderInput order, ZohoSettings settings)
    {
        decimal Money(decimal value) => Round(value, settings.PricePrecision, settings.Tie);

        var lines = order.Lines;
        var (totals, raws, discounts) = (new decimal[lines.Count], new decimal[lines.Count], new decimal[lines.Count]);
        var sum = 0m;
        for (var i = 0; i < lines.Count; i++)
        {
            var gross = lines[i].Quantity * lines[i].Rate;
            var discount = lines[i].Discount?.Of(gross) ?? 0;
            raws[i] = gross - discount;
            discounts[i] = Money(discount);
            totals[i] = settings.DiscountRound == DiscountRound.Once ? Money(gross - discount) : Money(gross) - discounts[i];
            sum += totals[i];
        }

        var before = order.DiscountBeforeTax ? Money(order.Discount?.Of(sum) ?? 0) : 0;
        var shares = Spread(before, totals, sum, settings);
        var bases = new List<(decimal Amount, ZohoTax? Tax)>(lines.Count + 2);
        for (var i = 0; i < lines.Count; i++)
            bases.Add(((settings.TaxBase == TaxBase.Raw ? raws[i] : totals[i]) - shares[i], lines[i].Tax));
        var charged = lines.FirstOrDefault(line => line.Tax is not null).Tax;
        if (settings.ShippingTaxed)
            bases.Add((order.Shipping, charged));
        if (settings.AdjustmentTaxed)
            bases.Add((order.Adjustment, charged));

        var (taxes, perBase) = Taxes(bases, order.Inclusive, settings);
        var tax = taxes.Sum(row => row.TaxAmount);
        var (subTotal, withTax) = order.Inclusive ? (sum - tax, sum) : (sum, 0m);
        var after = order.DiscountBeforeTax ? 0
            : Money(order.Discount?.Of(settings.AfterTaxDiscountOf == AfterTaxDiscountOf.Total ? subTotal + tax : sum) ?? 0);
        var exact = subTotal + tax - before - after + order.Shipping + order.Adjustment;
        var total = settings.RoundoffStep > 0 ? Round(exact / settings.RoundoffStep, 0, settings.Tie) * settings.RoundoffStep : exact;
        var figures = lines.Select((_, i) => new ZohoLineFigures(totals[i], discounts[i], perBase?[i])).ToList();
        return new ZohoFigures(figures, subTotal, withTax, before + after, sum, taxes, tax, total - exact, total);
    }

    private static (List<ZohoTaxRow> Taxes, decimal[]? PerBase) Taxes(
        List<(decimal Amount, ZohoTax? Tax)> bases, bool inclusive, ZohoSettings settings)
    {
        var perBase = settings.TaxLevel == TaxLevel.Line
            ? bases.Select(one => one.Tax is null ? 0 : Rounded(one.Amount, one.Tax, inclusive, settings)).ToArray()
            : null;
        var rows = new List<ZohoTaxRow>();
        foreach (var group in bases.Select((one, i) => (one.Amount, one.Tax, Index: i)).Where(one => one.Tax is not null).GroupBy(one => one.Tax!.TaxId))
        {
            var tax = group.First().Tax!;
            var amount = perBase is null
                ? Rounded(group.Sum(one => one.Amount), tax, inclusive, settings)
                : group.Sum(one => perBase[one.Index]);
            rows.Add(new ZohoTaxRow(tax.TaxId, tax.TaxName, amount));
        }

        return (rows, perBase);
    }

    private static decimal Rounded(decimal amount, ZohoTax tax, bool inclusive, ZohoSettings settings)
    {
        decimal Money(decimal value) => Round(value, settings.PricePrecision, settings.Tie);
        if (!inclusive)
            return Money(amount * tax.TaxPercentage / 100m);
        return settings.InclusiveRound == InclusiveRound.Tax
            ? Money(amount * tax.TaxPercentage / (100m + tax.TaxPercentage))
            : Money(amount) - Money(amount * 100m / (100m + tax.TaxPercentage));
    }

    /// <summary>Spreads an order discount over its lines in proportion; the parts always add up to it.</summary>
    private static decimal[] Spread(decimal discount, decimal[] totals, decimal sum, ZohoSettings settings)
    {
        var parts = new decimal[totals.Length];
        if (discount == 0 || sum == 0)
            return parts;

        var (carried, given) = (0m, 0m);
        for (var i = 0; i < totals.Length; i++)
        {
            carried += discount * totals[i] / sum;
            var part = Round(settings.CentTo == CentTo.Cumulative ? carried : discount * totals[i] / sum, settings.PricePrecision, settings.Tie);
            carried -= part;
            given += parts[i] = part;
        }

        var taker = settings.CentTo == CentTo.Largest ? Array.IndexOf(totals, totals.Max()) : totals.Length - 1;
        parts[taker] += discount - given;
        return parts;
    }
}

using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Tryton;

/// <summary>What Tryton's arithmetic makes of a sale, foretold before anything is sent and compared with what came back.</summary>
internal static class TrytonMoney
{
    private const string Fix = "Choose where tax is rounded (TaxLevel), or what happens on a difference (OnDifference), in Connections > Tryton; then Retry.";

    /// <summary>
    /// The sums Tryton reaches. A line is quantity × price, rounded once; tax is of quantity × price before that, added up for each tax, lines below zero apart from
    /// the others, and rounded at the end, or, where the company rounds on lines, after each line added. An exact half always goes to the even cent.
    /// </summary>
    public static Totals Predict(IReadOnlyList<PlannedLine> lines, RoundingLevel level, int decimals)
    {
        try
        {
            decimal untaxed = 0;
            var taxes = new Dictionary<(int Tax, bool Negative), decimal>();
            foreach (var line in lines)
            {
                var exact = line.Payload.Quantity * line.Payload.UnitPrice;
                untaxed += Round(exact, decimals);
                if (line.Tax is not { } tax)
                    continue;
                var key = (tax.Id, exact < 0);
                var sum = taxes.GetValueOrDefault(key) + line.Payload.UnitPrice * (tax.Rate ?? 0) * line.Payload.Quantity;
                taxes[key] = level == RoundingLevel.Line ? Round(sum, decimals) : sum;
            }

            var all = taxes.Values.Sum(sum => Round(sum, decimals));
            return new Totals(untaxed, 0, 0, all, untaxed + all, [], []);
        }
        catch (OverflowException)
        {
            throw new OutcomeException(new Outcome.Refused("order.amounts", "The order's amounts are too large to be calculated.", "Correct the order on the device."));
        }
    }

    /// <summary>As Tryton rounds amounts.</summary>
    public static decimal Round(decimal exact, int decimals) => decimal.Round(exact, decimals, MidpointRounding.ToEven);

    /// <summary>Why the order must not be sent: Tryton would reach other sums and the connection does not allow that.</summary>
    public static Outcome.Refused? WhyHold(OrderBody order, SalesPlan plan, TrytonSettings settings) => MoneyPolicy.WhyHold("Tryton", order, plan.Unadjusted, settings.OnDifference, Fix);

    /// <summary>Whether Tryton holds what would be sent now and reached the sums we foretell.</summary>
    public static bool IsAsPlanned(SalesPlan plan, Sale theirs) => SumsAreAsForetold(plan, theirs) && Difference(plan, theirs) is null && HeadIsAsSent(plan.Payload, theirs);

    /// <summary>Why the draft must not be made to count: it is not what was sent, or its sums are not allowed by the connection.</summary>
    public static Outcome.Refused? WhyNotSettle(OrderBody order, SalesPlan plan, Sale draft, TrytonSettings settings)
    {
        var stands = $"It stands in Tryton as draft {draft.Number ?? $"with id {draft.Id}"}.";
        if (Difference(plan, draft) is { } difference)
            return new Outcome.Refused("erp.contentDiffers", $"{difference} {stands}", "Correct in Tryton what changes it (a module, decimals), then Retry.");
        return settings.OnDifference == OnDifference.Accept || SumsAreAsForetold(plan, draft)
            ? null
            : new Outcome.Refused(MoneyPolicy.Code, $"{MoneyPolicy.Sums("Tryton reached", draft.TotalAmount, draft.TaxAmount, order)} {stands}", Fix);
    }

    /// <summary>The remark on a sale that stands with other content than captured; null when equal.</summary>
    public static string? Remark(OrderBody order, SalesPlan plan, Sale theirs) => theirs.TotalAmount == order.Totals.Total
        ? Difference(plan, theirs)
        : MoneyPolicy.Sums("Tryton reached", theirs.TotalAmount, theirs.TaxAmount, order);

    /// <summary>What of its lines is not as sent; null when all is.</summary>
    public static string? Difference(SalesPlan plan, Sale theirs)
    {
        // Comments and titles that people put between the lines are theirs.
        var (held, sent) = ((theirs.Lines ?? []).Where(line => line.Type == "line").ToList(), plan.Lines);
        if (held.Count != sent.Count)
            return $"Tryton holds {held.Count} lines of {sent.Count}.";
        for (var i = 0; i < sent.Count; i++)
        {
            var (there, ours) = (held[i], sent[i].Payload);
            if (there.Product != ours.Product || there.Quantity != ours.Quantity || there.UnitPrice != ours.UnitPrice)
                return $"Line {i + 1}: Tryton holds {Plain(there.Quantity ?? 0)} × {Plain(there.UnitPrice ?? 0)}, sent were {Plain(ours.Quantity)} × {Plain(ours.UnitPrice)} of {sent[i].Sku}.";
        }

        return null;
    }

    /// <summary>A figure without needless zeros.</summary>
    public static string Plain(decimal figure) => figure.ToString("0.##########", CultureInfo.InvariantCulture);

    private static bool SumsAreAsForetold(SalesPlan plan, Sale theirs) => theirs.TotalAmount == plan.Predicted.Total && theirs.TaxAmount == plan.Predicted.Tax;

    private static bool HeadIsAsSent(NewSale sent, Sale theirs) =>
        theirs.Party == sent.Party && theirs.SaleDate == sent.SaleDate && Same(theirs.Reference, sent.Reference) && Same(theirs.Comment, sent.Comment) && Same(theirs.Description, sent.Description);

    private static bool Same(string? theirs, string? sent) => (theirs ?? "").ReplaceLineEndings("\n").Trim() == (sent ?? "").ReplaceLineEndings("\n").Trim();
}

/// <summary>A line ready to be sent, with the tax it carries.</summary>
internal sealed record PlannedLine(NewLine Payload, Tax? Tax, string Sku);

/// <summary>A sale ready to be sent, and the sums Tryton must reach with it.</summary>
internal sealed record SalesPlan(NewSale Payload, IReadOnlyList<PlannedLine> Lines, Totals Predicted)
{
    /// <summary>What a rounding line takes up.</summary>
    public decimal Adjustment { get; init; }

    /// <summary>The sums without the rounding line, by which it is decided whether it may be sent.</summary>
    public Totals Unadjusted => Predicted with { Total = Predicted.Total - Adjustment };
}

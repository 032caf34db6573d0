using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.NetSuite;

/// <summary>What NetSuite's arithmetic makes of a document, foretold before anything is sent and compared with what came back.</summary>
internal static class NetSuiteMoney
{
    private const string Fix = "Choose how the nexus rounds tax (TaxLevel, TaxMethod, TaxPrecision), or what happens on a difference (OnDifference), in Connections > NetSuite; then Retry.";

    /// <summary>The amounts of the lines as captured: what each is to come to in NetSuite, the discount on the whole shared out.</summary>
    /// <exception cref="OutcomeException">A figure cannot be calculated exactly.</exception>
    public static Totals Captured(OrderBody order, Catalogue catalogue, NetSuiteSettings settings)
    {
        try
        {
            return DocumentTotals.Compute(
                new DocumentInput(
                    order.Currency, [.. order.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, MoneyPolicy.Discount(line.Discount), catalogue.Tax(line.TaxCode, line.TaxRate), line.TaxRate))],
                    MoneyPolicy.Discount(order.Discount), order.Shipping, order.ShippingTaxRate, order.PricesIncludeTax),
                new RoundingPolicy(settings.TaxLevel, settings.Tie));
        }
        catch (MoneyOutOfRange trouble)
        {
            throw new OutcomeException(new Outcome.Refused("order.amounts", $"The order's amounts cannot be calculated: {trouble.Message}", "Correct the order on the device."));
        }
    }

    /// <summary>
    /// The sums NetSuite reaches with these lines: each line rounded once, tax for each of them or once for all of one tax, by the method of the nexus; prices are without tax.
    /// </summary>
    /// <param name="lines">As they are sent.</param>
    /// <param name="discount">What the discount item takes off.</param>
    /// <param name="decimals">Of the currency.</param>
    /// <param name="settings">How the nexus rounds.</param>
    public static Totals Predict(IReadOnlyList<PlannedLine> lines, decimal discount, int decimals, NetSuiteSettings settings)
    {
        var subtotal = lines.Sum(line => line.Amount);
        var rows = lines.GroupBy(line => (line.TaxId, line.Rate)).Select(group =>
        {
            // The discount item is used only where all is of one tax, or nothing is taxed.
            var amounts = group.Select(line => line.Amount).ToList();
            var basis = amounts.Sum() - (settings.TaxBeforeDiscount || group.Key.Rate == 0 ? 0 : discount);
            var tax = settings.TaxLevel == RoundingLevel.Line ? amounts.Sum(amount => Tax(amount, group.Key.Rate)) : Tax(basis, group.Key.Rate);
            return new TaxRow(group.Key.TaxId, group.Key.Rate, basis, tax);
        }).ToList();
        var all = rows.Sum(row => row.Tax);
        return new Totals(subtotal, discount, 0, all, subtotal - discount + all, [], rows);

        decimal Tax(decimal amount, decimal rate) => Round(amount * rate / 100, decimals, settings);
    }

    /// <summary>Tax as the nexus rounds it.</summary>
    public static decimal Round(decimal exact, int decimals, NetSuiteSettings settings)
    {
        if (settings.TaxMethod == TaxMethod.Off)
            return decimal.Round(exact, decimals, settings.Nearest);
        var step = decimals == 0 ? Math.Max(settings.TaxPrecision, 1) : settings.TaxPrecision;
        return decimal.Round(exact / step, 0, settings.TaxMethod == TaxMethod.Up ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToZero) * step;
    }

    /// <summary>The rows of tax details that lead to the captured tax: the difference goes to the greatest of them.</summary>
    public static IReadOnlyList<TaxDetail> Override(Totals foretold, decimal difference, string taxType)
    {
        var rows = foretold.Taxes.Select(row => new TaxDetail(new(taxType), new(row.TaxCode), row.Base, row.RatePercent, row.Tax)).ToList();
        var most = rows.IndexOf(rows.MaxBy(row => row.TaxAmount)!);
        rows[most] = rows[most] with { TaxAmount = rows[most].TaxAmount + difference };
        return rows;
    }

    /// <summary>Why the document must not be sent: NetSuite would reach other sums and the connection does not allow that.</summary>
    public static Outcome.Refused? WhyHold(OrderBody order, SalesPlan plan, NetSuiteSettings settings) =>
        // A total that cannot be adjusted is held.
        MoneyPolicy.WhyHold(
            "NetSuite", order, plan.Predicted,
            settings.OnDifference == OnDifference.Adjust && plan.Payload.TaxDetails is null && order.Totals.Total != plan.Predicted.Total ? OnDifference.Hold : settings.OnDifference, Fix);

    /// <summary>Whether NetSuite holds what would be sent now and reached the sums we foretell.</summary>
    public static bool IsAsPlanned(SalesPlan plan, SalesRecord theirs) => SumsAreAsForetold(plan, theirs) && Difference(plan, theirs) is null && HeadIsAsSent(plan.Payload, theirs);

    /// <summary>Why the document, which stands there, is not what was wanted: it is not what was sent, or its sums are not allowed by the connection.</summary>
    public static Outcome.Refused? WhyNotDone(string name, OrderBody order, SalesPlan plan, SalesRecord theirs, NetSuiteSettings settings)
    {
        var stands = $"{name} stands in NetSuite as {theirs.TranId ?? theirs.Id}.";
        if (Difference(plan, theirs) is { } difference)
            return new("erp.contentDiffers", $"{difference} {stands}", "Correct it in NetSuite by hand, then Retry; or capture it again and Stop it here.");
        return settings.OnDifference == OnDifference.Accept || SumsAreAsForetold(plan, theirs)
            ? null
            : new(MoneyPolicy.Code, $"{MoneyPolicy.Sums("NetSuite reached", theirs.Total ?? 0, theirs.TaxTotal, order)} {stands}",
                "Correct it in NetSuite by hand or let it stand: set OnDifference to accept in Connections > NetSuite and Retry. For the next orders say there how the nexus rounds (TaxLevel, TaxMethod, TaxPrecision).");
    }

    /// <summary>The remark on a document that stands with another total than captured; null when equal.</summary>
    public static string? Remark(OrderBody order, SalesRecord theirs) =>
        theirs.Total == order.Totals.Total ? null : MoneyPolicy.Sums("NetSuite reached", theirs.Total ?? 0, theirs.TaxTotal, order);

    /// <summary>A figure without needless zeros.</summary>
    public static string Plain(decimal figure) => figure.ToString("0.##########", CultureInfo.InvariantCulture);

    private static bool SumsAreAsForetold(SalesPlan plan, SalesRecord theirs) => theirs.Total == plan.Total && (theirs.TaxTotal ?? plan.Tax) == plan.Tax;

    // What else than its sums is not as sent: currency or lines. Of the rate NetSuite may keep fewer decimals: the amount counts then.
    private static string? Difference(SalesPlan plan, SalesRecord theirs)
    {
        if (plan.Payload.Currency is { } currency && theirs.Currency?.Id is { } kept && kept != currency.Id)
            return $"NetSuite keeps it in another currency ({theirs.Currency.RefName ?? kept}).";
        if (theirs.Lines.Count != plan.Lines.Count)
            return $"NetSuite holds {theirs.Lines.Count} lines of {plan.Lines.Count}.";
        for (var i = 0; i < plan.Lines.Count; i++)
        {
            var (held, ours) = (theirs.Lines[i], plan.Lines[i]);
            if (held.Item?.Id != ours.Payload.Item!.Id || held.Quantity != ours.Payload.Quantity || (held.Amount ?? ours.Amount) != ours.Amount)
                return $"Line {i + 1}: NetSuite holds {Plain(held.Quantity ?? 0)} of {held.Item?.RefName ?? held.Item?.Id} for {Plain(held.Amount ?? 0)}, sent were {Plain(ours.Payload.Quantity ?? 0)} of {ours.Sku} for {Plain(ours.Amount)}.";
        }

        return null;
    }

    // What NetSuite does not show counts as sent. It may trim, and have line ends of its own.
    private static bool HeadIsAsSent(NewSalesRecord sent, SalesRecord theirs) =>
        (theirs.Entity?.Id is null || theirs.Entity.Id == sent.Entity.Id)
        && (theirs.TranDate is null || theirs.TranDate == sent.TranDate)
        && Same(theirs.OtherRefNum, sent.OtherRefNum) && Same(theirs.Memo, sent.Memo);

    private static bool Same(string? theirs, string? sent) => theirs is null || theirs.ReplaceLineEndings("\n").Trim() == (sent ?? "").ReplaceLineEndings("\n").Trim();
}

/// <summary>A line ready to be sent, with what it comes to and its tax.</summary>
internal sealed record PlannedLine(SalesLine Payload, string Sku, decimal Amount, string? TaxId, decimal Rate);

/// <summary>A document ready to be sent, and the sums NetSuite must reach with it.</summary>
internal sealed record SalesPlan(NewSalesRecord Payload, IReadOnlyList<PlannedLine> Lines, Totals Predicted)
{
    /// <summary>The tax it comes to: what the override says, else what NetSuite works out.</summary>
    public decimal Tax => Payload.TaxDetails?.Items!.Sum(row => row.TaxAmount) ?? Predicted.Tax;

    /// <summary>The total, override included.</summary>
    public decimal Total => Predicted.Total + Tax - Predicted.Tax;
}

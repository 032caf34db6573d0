using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Zoho;

/// <summary>What Zoho's arithmetic makes of an order, foretold before anything is sent and compared with what came back.</summary>
internal static class ZohoMoney
{
    private const string Fix =
        "Choose where tax is rounded (TaxLevel), or what happens on a difference (OnDifference), in Connections > Zoho; then Retry.";

    /// <summary>The totals by the rounding that the connection states for its organisation.</summary>
    /// <exception cref="OutcomeException">A figure cannot be calculated exactly.</exception>
    public static Totals Predict(OrderBody order, Catalogue catalogue, ZohoSettings settings)
    {
        // Zoho groups by its own tax, so two of our codes that are one tax there are rounded together.
        var lines = order.Lines.Select(line => new LineInput(
            line.Quantity, line.UnitPrice, MoneyPolicy.Discount(line.Discount), catalogue.Tax(line.TaxCode, line.TaxRate).Tax?.TaxId, line.TaxRate)).ToList();
        try
        {
            return DocumentTotals.Compute(
                new DocumentInput(order.Currency, lines, MoneyPolicy.Discount(order.Discount), order.Shipping, order.ShippingTaxRate, order.PricesIncludeTax),
                new RoundingPolicy(settings.TaxLevel, settings.Tie));
        }
        catch (MoneyOutOfRange trouble)
        {
            throw new OutcomeException(new Outcome.Refused(
                "order.amounts", $"The order's amounts cannot be calculated: {trouble.Message}", "Correct the order on the device."));
        }
    }

    /// <summary>Why the order must not be sent: Zoho would reach other sums and the connection does not allow that.</summary>
    public static Outcome.Refused? WhyHold(OrderBody order, SalesPlan plan, ZohoSettings settings) => MoneyPolicy.WhyHold("Zoho", order, plan.Predicted, settings.OnDifference, Fix);

    /// <summary>Whether Zoho holds what would be sent now and reached the sums we foretell.</summary>
    public static bool IsAsPlanned(OrderBody order, SalesPlan plan, SalesDocument theirs) =>
        SumsAreAsForetold(plan, theirs) && Difference(order, plan, theirs) is null && HeadIsAsSent(plan.Payload, theirs);

    /// <summary>Why the draft must not be made to count: it is not what was sent, or its sums are not allowed by the connection.</summary>
    public static Outcome.Refused? WhyNotSettle(SalesKind kind, OrderBody order, SalesPlan plan, SalesDocument draft, ZohoSettings settings)
    {
        var stands = $"It stands in Zoho as draft {draft.Number}, not {(kind == SalesKind.Quote ? "sent" : "confirmed")}.";
        if (Difference(order, plan, draft) is { } difference)
            return new Outcome.Refused(
                "erp.contentDiffers", $"{difference} {stands}", "Correct in Zoho what it changes (the customer's currency, decimals), then Retry.");
        return settings.OnDifference == OnDifference.Accept || SumsAreAsForetold(plan, draft)
            ? null
            : new Outcome.Refused(MoneyPolicy.Code, $"{MoneyPolicy.Sums("Zoho reached", draft.Total, draft.TaxTotal, order)} {stands}", Fix);
    }

    /// <summary>The remark on a document that stands with other content than captured; null when equal.</summary>
    public static string? Remark(OrderBody order, SalesPlan plan, SalesDocument theirs) =>
        theirs.Total == order.Totals.Total ? Difference(order, plan, theirs) : MoneyPolicy.Sums("Zoho reached", theirs.Total, theirs.TaxTotal, order);

    /// <summary>A figure without needless zeros.</summary>
    public static string Plain(decimal figure) => figure.ToString("0.##########", CultureInfo.InvariantCulture);

    private static bool SumsAreAsForetold(SalesPlan plan, SalesDocument theirs) =>
        theirs.Total == plan.Total && (theirs.TaxTotal ?? plan.Predicted.Tax) == plan.Predicted.Tax;

    /// <summary>What else than its sums is not as sent: currency or lines; null when all is.</summary>
    public static string? Difference(OrderBody order, SalesPlan plan, SalesDocument theirs)
    {
        if (theirs.CurrencyCode is { Length: > 0 } code && code != order.Currency)
            return $"Zoho keeps this customer in {code}, the order is in {order.Currency}.";
        var (held, sent) = ((theirs.LineItems ?? []).OrderBy(line => line.ItemOrder).ToList(), plan.Payload.LineItems);
        if (held.Count != sent.Count)
            return $"Zoho holds {held.Count} lines of {sent.Count}.";
        for (var i = 0; i < sent.Count; i++)
        {
            var (theirLine, ours) = (held[i], sent[i]);
            if (theirLine.ItemId != ours.ItemId || theirLine.Quantity != ours.Quantity || theirLine.Rate != ours.Rate)
                return $"Line {i + 1}: Zoho holds {Plain(theirLine.Quantity)} × {Plain(theirLine.Rate)} of item {theirLine.ItemId}, "
                    + $"sent were {Plain(ours.Quantity)} × {Plain(ours.Rate)} of item {ours.ItemId}.";
        }

        return null;
    }

    // What Zoho does not show counts as sent. It trims, and has line ends of its own.
    private static bool HeadIsAsSent(NewSalesDocument sent, SalesDocument theirs) =>
        (theirs.CustomerId is null || theirs.CustomerId == sent.CustomerId)
        && Same(theirs.ReferenceNumber, sent.ReferenceNumber)
        && (theirs.Date is null || theirs.Date == sent.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        && Same(theirs.Notes, sent.Notes)
        && sent.CustomFields.All(field => theirs.CustomFields?.Any(one => one.ApiName == field.ApiName && Same(one.Value, field.Value)) == true);

    private static bool Same(string? theirs, string? sent) => theirs is null || Trimmed(theirs) == Trimmed(sent ?? "");

    private static string Trimmed(string text) => text.ReplaceLineEndings("\n").Trim();
}

/// <summary>A document ready to be sent, and the sums Zoho must reach with it.</summary>
internal sealed record SalesPlan(NewSalesDocument Payload, Totals Predicted)
{
    /// <summary>The total, adjustment included.</summary>
    public decimal Total => Predicted.Total + Payload.Adjustment;
}

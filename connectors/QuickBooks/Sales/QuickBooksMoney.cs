using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.QuickBooks;

/// <summary>What QuickBooks' arithmetic makes of an order, foretold before anything is sent and compared with what came back.</summary>
internal static class QuickBooksMoney
{
    private const string Fix = "Choose where tax is rounded (TaxLevel), or what happens on a difference (OnDifference), in Connections > QuickBooks; then Retry.";

    /// <summary>The totals by the rounding that the connection states for its company.</summary>
    /// <exception cref="OutcomeException">A figure cannot be calculated exactly.</exception>
    public static Totals Predict(OrderBody order, Catalogue catalogue, QuickBooksSettings settings)
    {
        // QuickBooks groups by its own tax codes, so two of ours that are one there are rounded together; in the US there is one for a document.
        var lines = order.Lines.Select(line => new LineInput(
            line.Quantity, line.UnitPrice, MoneyPolicy.Discount(line.Discount), settings.Taxes == TaxSystem.Us ? null : catalogue.Tax(line.TaxCode, line.TaxRate).Tax?.Id, line.TaxRate)).ToList();
        try
        {
            return DocumentTotals.Compute(
                new DocumentInput(order.Currency, lines, MoneyPolicy.Discount(order.Discount), order.Shipping, order.ShippingTaxRate, order.PricesIncludeTax), settings.Rounding);
        }
        catch (MoneyOutOfRange trouble)
        {
            throw new OutcomeException(new Outcome.Refused("order.amounts", $"The order's amounts cannot be calculated: {trouble.Message}", "Correct the order on the device."));
        }
    }

    /// <summary>Why the order must not be sent: QuickBooks would reach other sums and the connection does not allow that.</summary>
    public static Outcome.Refused? WhyHold(OrderBody order, SalesPlan plan, QuickBooksSettings settings) =>
        plan.SentTax == order.Totals.Tax && plan.Total == order.Totals.Total ? null : MoneyPolicy.WhyHold("QuickBooks", order, plan.Predicted, settings.OnDifference, Fix);

    /// <summary>Whether QuickBooks holds what would be sent now and reached the sums we foretell.</summary>
    public static bool IsAsPlanned(OrderBody order, SalesPlan plan, SalesDocument theirs) =>
        SumsAreAsForetold(plan, theirs) && Difference(order, plan, theirs) is null && HeadIsAsSent(plan.Payload, theirs);

    /// <summary>Why the document, which stands there, is not what was wanted: it is not what was sent, or its sums are not allowed by the connection.</summary>
    public static Outcome.Refused? WhyNotDone(string name, OrderBody order, SalesPlan plan, SalesDocument theirs, QuickBooksSettings settings)
    {
        var stands = $"{name} stands in QuickBooks as {theirs.DocNumber ?? theirs.Id}.";
        if (Difference(order, plan, theirs) is { } difference)
            return new("erp.contentDiffers", $"{difference} {stands}", "Correct it in QuickBooks by hand, then Retry; or capture it again and Stop it here.");
        return settings.OnDifference == OnDifference.Accept || SumsAreAsForetold(plan, theirs)
            ? null
            : new(MoneyPolicy.Code, $"{MoneyPolicy.Sums("QuickBooks reached", theirs.TotalAmt, theirs.TxnTaxDetail?.TotalTax, order)} {stands}",
                "Correct it in QuickBooks by hand or let it stand: set OnDifference to accept in Connections > QuickBooks and Retry. For the next orders choose where tax is rounded (TaxLevel) there.");
    }

    /// <summary>The remark on a document that stands with other content than captured; null when equal.</summary>
    public static string? Remark(OrderBody order, SalesDocument theirs) =>
        theirs.TotalAmt == order.Totals.Total ? null : MoneyPolicy.Sums("QuickBooks reached", theirs.TotalAmt, theirs.TxnTaxDetail?.TotalTax, order);

    /// <summary>What else than its sums is not as sent: currency or lines; null when all is.</summary>
    public static string? Difference(OrderBody order, SalesPlan plan, SalesDocument theirs)
    {
        if (theirs.CurrencyRef?.Value is { Length: > 0 } code && code != order.Currency)
            return $"QuickBooks keeps this customer in {code}, the order is in {order.Currency}.";
        var (held, sent) = (theirs.Sold, plan.Payload.Line.Where(line => line.SalesItemLineDetail is not null).ToList());
        if (held.Count != sent.Count)
            return $"QuickBooks holds {held.Count} lines of {sent.Count}.";
        for (var i = 0; i < sent.Count; i++)
        {
            var (theirLine, ours) = (held[i].SalesItemLineDetail!, sent[i].SalesItemLineDetail!);
            if (theirLine.ItemRef?.Value != ours.ItemRef?.Value || theirLine.Qty != ours.Qty || theirLine.UnitPrice != ours.UnitPrice)
                return $"Line {i + 1}: QuickBooks holds {Plain(theirLine.Qty ?? 0)} × {Plain(theirLine.UnitPrice ?? 0)} of item {theirLine.ItemRef?.Value}, "
                    + $"sent were {Plain(ours.Qty ?? 0)} × {Plain(ours.UnitPrice ?? 0)} of item {ours.ItemRef?.Value}.";
        }

        return null;
    }

    /// <summary>A figure without needless zeros.</summary>
    public static string Plain(decimal figure) => figure.ToString("0.##########", CultureInfo.InvariantCulture);

    private static bool SumsAreAsForetold(SalesPlan plan, SalesDocument theirs) =>
        theirs.TotalAmt == plan.Total && (theirs.TxnTaxDetail?.TotalTax ?? plan.Tax) == plan.Tax;

    // What QuickBooks does not show counts as sent. It trims, and has line ends of its own.
    private static bool HeadIsAsSent(NewSalesDocument sent, SalesDocument theirs) =>
        (theirs.CustomerRef is null || theirs.CustomerRef.Value == sent.CustomerRef.Value)
        && (theirs.TxnDate is null || theirs.TxnDate == sent.TxnDate)
        && (theirs.PrivateNote is null || theirs.PrivateNote.ReplaceLineEndings("\n").Trim() == (sent.PrivateNote ?? "").ReplaceLineEndings("\n").Trim());
}

/// <summary>A document ready to be sent, and the sums QuickBooks must reach with it.</summary>
/// <param name="Payload">What is sent.</param>
/// <param name="Predicted">What QuickBooks' own arithmetic would reach.</param>
/// <param name="SentTax">The tax that is sent as the document's, in place of what QuickBooks would work out.</param>
internal sealed record SalesPlan(NewSalesDocument Payload, Totals Predicted, decimal? SentTax)
{
    /// <summary>The tax it comes to.</summary>
    public decimal Tax => SentTax ?? Predicted.Tax;

    /// <summary>The total, with the tax that was sent.</summary>
    public decimal Total => Predicted.Total + (Payload.GlobalTaxCalculation == "TaxInclusive" ? 0 : Tax - Predicted.Tax);
}

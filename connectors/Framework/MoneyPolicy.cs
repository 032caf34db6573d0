using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Money;

namespace OrderSync.Framework;

/// <summary>What a connection's <see cref="OnDifference"/> means for a document whose total was foretold, in words that are the same for all destinations. Pure.</summary>
public static class MoneyPolicy
{
    /// <summary>The stable code of a total that is not the one the customer was shown.</summary>
    public const string Code = "erp.amountDiffers";

    private const int MostCentsToAdjust = 5;

    /// <summary>What the rounding line must hold so that the destination reaches the captured total; 0 where none is wished.</summary>
    public static decimal Adjustment(OrderBody document, Totals foretold, OnDifference policy)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(foretold);
        return policy == OnDifference.Adjust ? document.Totals.Total - foretold.Total : 0;
    }

    /// <summary>Why the document must not be sent: the destination would reach other sums and the connection does not allow that.</summary>
    /// <param name="title">The destination as people call it.</param>
    /// <param name="document">As captured.</param>
    /// <param name="foretold">What the destination would reach.</param>
    /// <param name="policy">What the connection allows.</param>
    /// <param name="fix">What to do, naming the settings.</param>
    public static Outcome.Refused? WhyHold(string title, OrderBody document, Totals foretold, OnDifference policy, string fix)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(foretold);
        var difference = document.Totals.Total - foretold.Total;
        if (policy == OnDifference.Accept || (difference == 0 && document.Totals.Tax == foretold.Tax))
            return null;
        if (policy == OnDifference.Adjust && Math.Abs(difference) <= MostToAdjust(document))
            return null;

        var limit = policy == OnDifference.Adjust ? string.Create(CultureInfo.InvariantCulture, $" That is more than the {MostToAdjust(document)} that may go into an adjustment.") : "";
        return new Outcome.Refused(Code, $"{Sums($"{title} would reach", foretold.Total, foretold.Tax, document)}{limit}", fix);
    }

    /// <summary>A sentence with both sums.</summary>
    /// <param name="who">Such as "Zoho reached".</param>
    /// <param name="total">Its total.</param>
    /// <param name="tax">Its tax, where known.</param>
    /// <param name="document">What the customer was shown.</param>
    public static string Sums(string who, decimal total, decimal? tax, OrderBody document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return $"{who} {Amount(total)} {document.Currency}{Tax(tax)}; the customer was shown {Amount(document.Totals.Total)} {document.Currency}{Tax(document.Totals.Tax)}.";
    }

    /// <summary>A captured discount in Money's terms.</summary>
    public static Discount Discount(DiscountBody? discount) => discount switch
    {
        { Percent: { } percent } => OrderSync.Money.Discount.Percent(percent),
        { Amount: { } amount } => OrderSync.Money.Discount.Amount(amount),
        _ => OrderSync.Money.Discount.None,
    };

    // Rounding lines apart by more than a cent a line is no rounding: a person should see it.
    private static decimal MostToAdjust(OrderBody document)
    {
        var cent = 1m;
        for (var decimals = Currencies.Decimals(document.Currency) ?? 2; decimals > 0; decimals--)
            cent /= 10;
        return cent * Math.Min(document.Lines.Count, MostCentsToAdjust);
    }

    private static string Tax(decimal? tax) => tax is { } known ? $" (tax {Amount(known)})" : "";

    private static string Amount(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}

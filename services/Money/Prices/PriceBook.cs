namespace OrderSync.Money;

/// <summary>
/// The price of an item for a customer and a quantity, the same on the device and on the server: the customer's own before that of their list before the
/// item's own. A break holds from its quantity on; the highest that has begun is the one. Of equal breaks one in the currency asked for goes first, then the
/// lowest price, so that the same rows in any order give the same price.
/// </summary>
public static class PriceBook
{
    private const int Decimals = 5;

    /// <summary>Finds the price; null if there is none in this currency.</summary>
    /// <param name="asked">What is wanted.</param>
    /// <param name="prices">Prices of this item; those of other customers and lists may be among them.</param>
    /// <param name="lists">Price lists; those that are not the customer's may be among them.</param>
    /// <exception cref="MoneyOutOfRange">The quantity is not above zero, or a mark-up leads beyond what a price may be.</exception>
    public static PriceFound? Find(PriceAsked asked, IEnumerable<ListedPrice> prices, IEnumerable<PriceList> lists)
    {
        if (asked.Quantity <= 0)
            throw new MoneyOutOfRange("quantity", "must be more than 0");

        var all = prices.ToList();
        if (asked.Customer is not null && Best(asked, all.FindAll(price => price.Customer == asked.Customer), null) is { } own)
            return new PriceFound(own.UnitPrice, PriceOrigin.Customer, own.Currency, null, own.FromQuantity);

        var theirs = asked.PriceList is null ? [] : lists.Where(list => list.Active && list.Name == asked.PriceList && Suits(asked, list.Currency)).ToList();
        return Cheapest(asked, theirs.Select(list => OfList(asked, list, all)))
            ?? Cheapest(asked, theirs.Select(list => MarkedUp(asked, list)))
            ?? (asked.OwnPrice is { } price ? new PriceFound(price, PriceOrigin.Product) : null);
    }

    private static PriceFound? OfList(PriceAsked asked, PriceList list, List<ListedPrice> all) =>
        Best(asked, all.FindAll(price => price.PriceList == list.Key && price.Customer is null), list.Currency) is { } best
            ? new PriceFound(best.UnitPrice, PriceOrigin.List, best.Currency ?? list.Currency, list.Key, best.FromQuantity)
            : null;

    private static PriceFound? MarkedUp(PriceAsked asked, PriceList list)
    {
        if (list.Percent is not { } percent || asked.OwnPrice is not { } own)
            return null;
        try
        {
            return new PriceFound(decimal.Round(own + own * percent / 100, Decimals, MidpointRounding.AwayFromZero), PriceOrigin.List, list.Currency, list.Key);
        }
        catch (OverflowException)
        {
            throw new MoneyOutOfRange("unitPrice", "is too large");
        }
    }

    private static ListedPrice? Best(PriceAsked asked, List<ListedPrice> breaks, string? currency) => breaks
        .Where(price => Suits(asked, price.Currency ?? currency) && price.FromQuantity <= asked.Quantity && Reaches(asked.Quantity, price, breaks))
        .OrderByDescending(price => price.FromQuantity).ThenByDescending(price => (price.Currency ?? currency) == asked.Currency)
        .ThenBy(price => price.UnitPrice).ThenBy(price => price.Currency, StringComparer.Ordinal).FirstOrDefault();

    // Breaks are often given as 1 to 10, 11 to 20: what lies between two neighbours belongs to the lower.
    private static bool Reaches(decimal quantity, ListedPrice price, List<ListedPrice> breaks) =>
        price.ToQuantity is not { } end || quantity <= end || breaks.Exists(next => next.FromQuantity > quantity && next.FromQuantity - end <= 1);

    private static PriceFound? Cheapest(PriceAsked asked, IEnumerable<PriceFound?> found) => found.OfType<PriceFound>()
        .OrderByDescending(price => price.FromQuantity).ThenByDescending(price => price.Currency == asked.Currency)
        .ThenBy(price => price.UnitPrice).ThenBy(price => price.Currency, StringComparer.Ordinal).ThenBy(price => price.PriceList, StringComparer.Ordinal).FirstOrDefault();

    private static bool Suits(PriceAsked asked, string? currency) => asked.Currency is null || currency is null || currency == asked.Currency;
}

using System.Globalization;
using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>What Zoho holds as our collections. Pure. Zoho's empty text is a known emptiness: it is handed on as "".</summary>
internal static class PullMapping
{
    private const int MostText = 10_000;

    /// <summary>Where an organisation without locations has its stock.</summary>
    public const string OnlyPlace = "main";

    public static ItemLevel Item(Item item) => new(
        item.Sku, item.Name ?? "", item.Status is null or "active", Known(item.Unit), item.Rate, Known(item.TaxName), item.TaxName is null ? null : item.TaxPercentage,
        Categories: Some(item.CategoryName), Barcodes: Some(item.Ean, item.Upc, item.Isbn), Attributes: Attributes(item),
        Description: Known(item.Description));

    public static IEnumerable<(string Key, StockLevel Level)> Stock(Item item, ZohoSettings settings)
    {
        if (item.Sku is not { Length: > 0 } sku)
            return [];
        if (settings.StockByLocation && item.Locations is { Count: > 0 } places)
            return places.Select(place => ($"{item.ItemId}/{place.LocationId}", new StockLevel(
                sku, place.LocationId, Figure(place, settings.StockFigure) ?? 0, place.LocationName, place.LocationStockOnHand, place.LocationCommittedStock)));
        if (Whole(item, settings.StockFigure) is not { } available)
            return [];
        return [($"{item.ItemId}/{OnlyPlace}", new StockLevel(sku, OnlyPlace, available, OnHand: item.StockOnHand ?? Sum(item, place => place.LocationStockOnHand)))];
    }

    public static PriceListLevel PriceList(PricebookEntry book) => new(
        book.Name ?? book.PricebookName ?? book.PricebookId, book.Status is null or "active", Known(book.CurrencyCode),
        book.PricebookType == "fixed_percentage" ? (book.IsIncrease == true ? book.Percentage : -book.Percentage) : null);

    /// <summary>The prices of a list whose items are known by <paramref name="skus"/>.</summary>
    public static IEnumerable<(string Key, PriceLevel Level)> Prices(PricebookEntry book, IReadOnlyDictionary<string, string> skus)
    {
        foreach (var item in book.PricebookItems ?? [])
        {
            if (!skus.TryGetValue(item.ItemId, out var sku))
                continue;
            var brackets = item.PriceBrackets is { Count: > 0 } given ? given : item.PricebookRate is { } rate ? [new PriceBracket(null, null, rate)] : [];
            foreach (var bracket in brackets)
                yield return (string.Create(CultureInfo.InvariantCulture, $"{book.PricebookId}/{item.ItemId}/{bracket.StartQuantity ?? 0:0.######}"),
                    new(sku, bracket.PricebookRate, book.PricebookId, FromQuantity: bracket.StartQuantity ?? 0, ToQuantity: bracket.EndQuantity, Currency: Known(book.CurrencyCode)));
        }
    }

    public static CustomerLevel Customer(Contact contact) => new(
        new CustomerBody(
            contact.ContactName, contact.CompanyName, Contact: Person(contact), contact.Email, Phone: contact.Phone is { Length: > 0 } phone ? phone : contact.Mobile, null,
            contact.ContactNumber, Address(contact.BillingAddress), Address(contact.ShippingAddress), contact.PricebookName, contact.PaymentTermsLabel, Texts.Cut(contact.Notes, MostText)),
        contact.Status is null or "active", contact.CreditLimit, contact.OutstandingReceivableAmount - (contact.UnusedCreditsReceivableAmount ?? 0), Known(contact.CurrencyCode));

    public static DocumentLevel Order(SalesDocument order) => new(
        order.Number, order.Status, order.Total, Currency: Known(order.CurrencyCode), Date: Day(order.Date), Customer: order.CustomerId);

    public static DocumentLevel Invoice(InvoiceRow invoice) => new(
        invoice.InvoiceNumber ?? invoice.InvoiceId, invoice.Status ?? "", invoice.Total, invoice.Balance, Known(invoice.CurrencyCode), Day(invoice.Date), Day(invoice.DueDate),
        invoice.CustomerId, Known(invoice.SalesorderId));

    // The figure wanted, or the first behind it that Zoho gives.
    private static decimal? Figure(ItemStock place, StockFigure wanted) =>
        new[] { place.LocationAvailableForSaleStock, place.LocationActualAvailableStock, place.LocationAvailableStock, place.LocationStockOnHand }.Skip((int)wanted).FirstOrDefault(figure => figure is not null);

    private static decimal? Whole(Item item, StockFigure wanted) =>
        (wanted < StockFigure.OnHand ? item.ActualAvailableStock : null) ?? item.StockOnHand ?? Sum(item, place => Figure(place, wanted));

    private static decimal? Sum(Item item, Func<ItemStock, decimal?> figure) => item.Locations is { Count: > 0 } places && places.Any(place => figure(place) is not null) ? places.Sum(figure) : null;

    private static string? Person(Contact contact) => contact.ContactPersons?.FirstOrDefault(one => one.IsPrimaryContact == true) is { } person
        ? string.Join(' ', new[] { person.FirstName, person.LastName }.Where(name => name is { Length: > 0 }))
        : null;

    // An address Zoho shows without anything in it is none.
    private static AddressBody? Address(Address? address) => address is null || new[] { address.Attention, address.Street, address.City, address.Zip, address.Country }.All(string.IsNullOrEmpty)
        ? null
        : new(Known(address.Attention), Known(address.Street), Known(address.Street2), Known(address.City), Known(address.State), Known(address.Zip), Known(address.Country));

    private static Dictionary<string, string>? Attributes(Item item)
    {
        var all = new Dictionary<string, string>();
        foreach (var (name, value) in new[]
            {
                ("group", item.GroupName), ("brand", item.Brand), ("manufacturer", item.Manufacturer), ("partNumber", item.PartNumber),
                (item.AttributeName ?? "", item.AttributeValue),
            })
        {
            if (name.Length > 0 && value is { Length: > 0 })
                all.TryAdd(name, Texts.Cut(value, MostText)!);
        }

        return all.Count > 0 ? all : null;
    }

    private static List<string>? Some(params ReadOnlySpan<string?> texts)
    {
        List<string> some = [];
        foreach (var text in texts)
        {
            if (text is { Length: > 0 })
                some.Add(text);
        }

        return some.Count > 0 ? some : null;
    }

    private static string? Known(string? text) => text is { Length: > 0 } ? text : null;

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

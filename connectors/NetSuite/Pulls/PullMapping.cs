using System.Globalization;
using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>What NetSuite holds as our collections. Pure.</summary>
internal static class PullMapping
{
    private const int MostText = 10_000;
    private const string Yes = "T";

    /// <summary>An item.</summary>
    public static ItemLevel Item(IReadOnlyDictionary<string, string?> row, NetSuiteSettings settings)
    {
        var item = NetSuite.Item.Of(row);
        var sku = item.Sku(settings);
        return new(sku, item.DisplayName is { Length: > 0 } name ? name : sku, row.GetValueOrDefault("isinactive") != Yes);
    }

    /// <summary>Stock of an item at a location.</summary>
    public static StockLevel? Stock(IReadOnlyDictionary<string, string?> row, IReadOnlyDictionary<string, ItemLevel> items) =>
        items.GetValueOrDefault(row.GetValueOrDefault("item") ?? "")?.Sku is { Length: > 0 } sku && Number(row, "quantityavailable") is { } available
            ? new(sku, row.GetValueOrDefault("location") ?? "", available, OnHand: Number(row, "quantityonhand"))
            : null;

    /// <summary>The prices of an item, each with its key.</summary>
    public static IEnumerable<(string Key, PriceLevel Level)> Prices(ItemRecord item, NetSuiteSettings settings)
    {
        var sku = new Item(item.Id, item.ItemId ?? "", null, null).Sku(settings);
        return (item.Price?.Items ?? []).Where(row => row is { PriceLevel.Id: not null, Price: not null } && sku.Length > 0).Select(row => (
            string.Create(CultureInfo.InvariantCulture, $"{item.Id}/{row.PriceLevel!.Id}/{row.CurrencyPage?.Id}/{row.Quantity ?? 0:0.######}"),
            new PriceLevel(sku, row.Price!.Value, row.PriceLevel.Id, FromQuantity: row.Quantity ?? 0, Currency: row.CurrencyPage?.RefName is { Length: 3 } code ? code : null)));
    }

    /// <summary>A customer.</summary>
    public static CustomerLevel Customer(CustomerRecord customer)
    {
        var book = customer.AddressBook?.Items ?? [];
        return new(
            new CustomerBody(
                Name(customer), null, null, customer.Email, customer.Phone, null, customer.EntityId,
                Address(book.FirstOrDefault(one => one.DefaultBilling == true)), Address(book.FirstOrDefault(one => one.DefaultShipping == true)),
                customer.PriceLevel?.RefName, customer.Terms?.RefName, Texts.Cut(customer.Comments, MostText)),
            customer.IsInactive != true, customer.CreditLimit, customer.Balance, customer.Currency?.RefName is { Length: 3 } code ? code : null);
    }

    /// <summary>An order or an invoice.</summary>
    public static DocumentLevel Document(SalesRecord theirs) => new(
        theirs.TranId ?? theirs.Id, theirs.Status?.RefName ?? theirs.OrderStatus?.RefName ?? theirs.OrderStatus?.Id ?? "", theirs.Total, theirs.AmountRemaining,
        theirs.Currency?.RefName is { Length: 3 } code ? code : null, Shown.Day(theirs.TranDate), Shown.Day(theirs.DueDate), theirs.Entity?.Id);

    private static string Name(CustomerRecord customer) =>
        customer.CompanyName is { Length: > 0 } company ? company
        : string.Join(' ', new[] { customer.FirstName, customer.LastName }.Where(part => part is { Length: > 0 })) is { Length: > 0 } person ? person
        : customer.EntityId ?? customer.Id;

    private static AddressBody? Address(AddressBookEntry? entry) => entry?.AddressBookAddress is { } address
        ? new(address.Addressee, address.Addr1, Texts.Paragraphs(address.Addr2, address.Addr3)?.ReplaceLineEndings(", "), address.City, address.State, address.Zip, address.Country?.Id)
        : null;

    private static decimal? Number(IReadOnlyDictionary<string, string?> row, string column) =>
        decimal.TryParse(row.GetValueOrDefault(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}

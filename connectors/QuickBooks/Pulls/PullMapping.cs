using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>What QuickBooks holds as our collections. Pure. What QuickBooks does not say is null.</summary>
internal static class PullMapping
{
    private const int MostText = 10_000;

    /// <summary>QuickBooks Online has one place for its stock.</summary>
    public const string OnlyPlace = "main";

    public static ItemLevel Item(Item item) => new(item.Sku, item.Name ?? "", item.Active != false, Price: item.UnitPrice, Description: Texts.Cut(item.Description, MostText));

    public static StockLevel? Stock(Item item) =>
        item is { Sku: { Length: > 0 } sku, TrackQtyOnHand: true, QtyOnHand: { } there } ? new StockLevel(sku, OnlyPlace, there, OnHand: there) : null;

    public static CustomerLevel Customer(CustomerRow row) => new(
        new CustomerBody(
            row.DisplayName ?? "", row.CompanyName, Person(row), row.PrimaryEmailAddr?.Address, row.PrimaryPhone?.FreeFormNumber, null, null,
            Address(row.BillAddr), Address(row.ShipAddr), null, null, Texts.Cut(OurMark.Without(row.Notes), MostText)),
        row.Active != false);

    public static DocumentLevel Order(SalesKind kind, SalesDocument order) => new(
        order.DocNumber ?? order.Id, kind.StateOf(order), order.TotalAmt, Currency: order.CurrencyRef?.Value, Date: order.TxnDate, Customer: order.CustomerRef?.Value);

    public static DocumentLevel Invoice(SalesKind kind, SalesDocument invoice) => new(
        invoice.DocNumber ?? invoice.Id, kind.StateOf(invoice), invoice.TotalAmt, invoice.Balance, invoice.CurrencyRef?.Value, invoice.TxnDate, invoice.DueDate, invoice.CustomerRef?.Value,
        invoice.LinkedTxn?.FirstOrDefault(link => link.TxnType == "Estimate")?.TxnId);

    private static string? Person(CustomerRow row) => string.Join(' ', new[] { row.GivenName, row.FamilyName }.Where(name => name is { Length: > 0 })) is { Length: > 0 } person ? person : null;

    private static AddressBody? Address(Address? address) => address is null
        ? null
        : new(null, address.Line1, Texts.Paragraphs(address.Line2, address.Line3)?.ReplaceLineEndings(", "), address.City, address.CountrySubDivisionCode, address.PostalCode, address.Country);
}

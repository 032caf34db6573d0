using OrderSync.Contracts.Records;

namespace OrderSync.Contracts.Catalogue;

/// <summary>An item as a destination holds it. What it does not know is null: that stays as the office has it.</summary>
/// <param name="Sku">Stock-keeping unit; an item without one cannot be ordered.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Active">Whether it is sold.</param>
/// <param name="Unit">Unit of measure.</param>
/// <param name="Price">List price.</param>
/// <param name="TaxCode">Its tax by the name the company uses.</param>
/// <param name="TaxRate">Its tax in per cent.</param>
/// <param name="MinimumQuantity">The least that is sold; 0 = no minimum, null = the destination does not know minimums.</param>
/// <param name="QuantityStep">Sold in multiples of this; 0 = any, null = the destination does not know multiples.</param>
/// <param name="Categories">From the widest to the narrowest; null = the destination does not know any.</param>
/// <param name="Barcodes">EAN, UPC and such.</param>
/// <param name="Attributes">Everything else people choose by, such as colour or brand.</param>
/// <param name="Description">What is told of it to who buys.</param>
public sealed record ItemLevel(
    string? Sku, string Name, bool Active = true, string? Unit = null, decimal? Price = null, string? TaxCode = null, decimal? TaxRate = null,
    decimal? MinimumQuantity = null, decimal? QuantityStep = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Barcodes = null,
    IReadOnlyDictionary<string, string>? Attributes = null, string? Description = null);

/// <summary>A price list.</summary>
/// <param name="Name">Name for people; customers name their list by it.</param>
/// <param name="Active">Whether it is in use.</param>
/// <param name="Currency">ISO 4217; null where it holds for any.</param>
/// <param name="Percent">Added to each list price, where the list is a mark-up (negative: a mark-down); null where it names its prices.</param>
public sealed record PriceListLevel(string Name, bool Active = true, string? Currency = null, decimal? Percent = null);

/// <summary>A price of one item in a list, or for one customer.</summary>
/// <param name="Sku">The item.</param>
/// <param name="UnitPrice">The price.</param>
/// <param name="PriceList">Key of the list; null where it holds for the customer.</param>
/// <param name="Customer">Key of the customer; null where it holds for the list.</param>
/// <param name="FromQuantity">From this quantity on.</param>
/// <param name="ToQuantity">Up to this quantity; null = no end.</param>
/// <param name="Currency">ISO 4217; null = the list's.</param>
public sealed record PriceLevel(
    string Sku, decimal UnitPrice, string? PriceList = null, string? Customer = null, decimal FromQuantity = 0, decimal? ToQuantity = null, string? Currency = null);

/// <summary>Stock of one item at one location. As of when is said by the row that carries it.</summary>
/// <param name="Sku">The item.</param>
/// <param name="Location">Key of the location.</param>
/// <param name="Available">What can be sold now.</param>
/// <param name="LocationName">Name of the location.</param>
/// <param name="OnHand">What is there, promised or not.</param>
/// <param name="Committed">What is promised.</param>
public sealed record StockLevel(string Sku, string Location, decimal Available, string? LocationName = null, decimal? OnHand = null, decimal? Committed = null);

/// <summary>A customer. The row's key is the customer's number at the destination.</summary>
/// <param name="Body">Name, addresses and terms. What the destination does not know is null and stays as it is here; what it knows to be empty is "".</param>
/// <param name="Active">Whether they may buy.</param>
/// <param name="CreditLimit">The most they may owe; 0 = there is no limit, null = the destination does not say.</param>
/// <param name="Balance">What they owe now; null = the destination does not say.</param>
/// <param name="Currency">ISO 4217 of both.</param>
public sealed record CustomerLevel(CustomerBody Body, bool Active = true, decimal? CreditLimit = null, decimal? Balance = null, string? Currency = null);

/// <summary>A sales order or an invoice: how far it is.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Status">Its state in the destination's word.</param>
/// <param name="Total">Its total.</param>
/// <param name="Balance">What is still to be paid; null for an order.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Date">Its date.</param>
/// <param name="DueDate">When it is to be paid; null for an order.</param>
/// <param name="Customer">Key of its customer.</param>
/// <param name="Order">Key of the order an invoice was made from.</param>
public sealed record DocumentLevel(
    string Number, string Status, decimal? Total = null, decimal? Balance = null, string? Currency = null, DateOnly? Date = null, DateOnly? DueDate = null,
    string? Customer = null, string? Order = null);

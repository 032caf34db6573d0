namespace OrderSync.NetSuite;

/// <summary>An item as its own record, read for its prices.</summary>
internal sealed record ItemRecord(string Id, string? ItemId, Sublist<PriceRow>? Price);

/// <summary>A price of an item: by currency, level and quantity.</summary>
internal sealed record PriceRow(Reference? PriceLevel, Reference? CurrencyPage, decimal? Quantity, decimal? Price);

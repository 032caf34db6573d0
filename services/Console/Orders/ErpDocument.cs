namespace OrderSync.Console.Orders;

/// <summary>The documents a record became at a destination.</summary>
internal sealed record DocumentList(IReadOnlyList<ShownDocument> Documents);

/// <summary>One of them, and how the destination last showed it.</summary>
public sealed record ShownDocument(
    string Document, string Kind, string State, int Revision, string? ExternalId, string? Number, decimal? Total, string? Code, string? Reason, DateTimeOffset? ReadAt, ErpDocument? Shown);

/// <summary>A document as its destination shows it; what it does not say is null.</summary>
public sealed record ErpDocument(
    string? Number, string? Status, string? Currency, decimal? Total, DateOnly? Date, string? Customer, string? Reference, bool? PricesIncludeTax, IReadOnlyList<ErpLine>? Lines,
    decimal? Subtotal, decimal? Discount, decimal? Shipping, decimal? Tax, decimal? Adjustment, string? Page)
{
    /// <summary>Its own page there, where that is an address a browser may go to.</summary>
    public Uri? Link => Uri.TryCreate(Page, UriKind.Absolute, out var page) && page.Scheme == Uri.UriSchemeHttps ? page : null;
}

/// <summary>A line of it.</summary>
public sealed record ErpLine(string? Sku, string? Description, decimal Quantity, string? Unit, decimal UnitPrice, decimal? Discount, decimal? TaxRate, decimal? Amount);

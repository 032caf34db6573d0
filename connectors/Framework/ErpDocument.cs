namespace OrderSync.Framework;

/// <summary>
/// A document as its destination shows it, in words that are no destination's own: a person compares it with what was captured. What the
/// destination does not say is null.
/// </summary>
/// <param name="Number">Its number there.</param>
/// <param name="Status">Its state, in the destination's words.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Total">What it comes to.</param>
public sealed record ErpDocument(string? Number, string? Status, string? Currency, decimal? Total)
{
    /// <summary>Its date there.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Name of its customer there.</summary>
    public string? Customer { get; init; }

    /// <summary>What it says of itself: the customer's order number, a reference.</summary>
    public string? Reference { get; init; }

    /// <summary>Whether prices and amounts of lines include tax.</summary>
    public bool? PricesIncludeTax { get; init; }

    /// <summary>Its lines in their order; none where it has none, such as a payment.</summary>
    public IReadOnlyList<ErpLine> Lines { get; init; } = [];

    /// <summary>Sum of the lines.</summary>
    public decimal? Subtotal { get; init; }

    /// <summary>Discount on the whole document.</summary>
    public decimal? Discount { get; init; }

    /// <summary>Shipping charge outside the lines.</summary>
    public decimal? Shipping { get; init; }

    /// <summary>All tax.</summary>
    public decimal? Tax { get; init; }

    /// <summary>A visible adjustment of the total, such as for rounding.</summary>
    public decimal? Adjustment { get; init; }

    /// <summary>The destination's own page of it, for people who may sign in there.</summary>
    public Uri? Page { get; init; }
}

/// <summary>A line of a document at a destination.</summary>
/// <param name="Sku">Stock-keeping unit.</param>
/// <param name="Description">What people read.</param>
/// <param name="Quantity">In <paramref name="Unit"/>.</param>
/// <param name="Unit">Unit of measure.</param>
/// <param name="UnitPrice">Of one.</param>
/// <param name="Discount">Amount of the line's discount.</param>
/// <param name="TaxRate">Per cent.</param>
/// <param name="Amount">What the line comes to.</param>
public sealed record ErpLine(
    string? Sku, string? Description, decimal Quantity, string? Unit, decimal UnitPrice, decimal? Discount, decimal? TaxRate, decimal? Amount);

/// <summary>A document that was written, to be read again for a person.</summary>
/// <param name="RecordId">Its record.</param>
/// <param name="Kind">Kind of the record.</param>
/// <param name="ExternalId">Its id there.</param>
/// <param name="Number">Its number there.</param>
public sealed record WrittenDocument(Guid RecordId, string Kind, string ExternalId, string? Number);

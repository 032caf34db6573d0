using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>One line of an order, a quote or a sale.</summary>
/// <param name="Sku">Stock-keeping unit.</param>
/// <param name="Quantity">Up to three decimals.</param>
/// <param name="UnitPrice">Up to five decimals.</param>
public sealed record NewLine(string Sku, decimal Quantity, decimal UnitPrice)
{
    /// <summary>As shown to the customer.</summary>
    public string? Description { get; init; }

    /// <summary>Unit of measure.</summary>
    public string? Unit { get; init; }

    /// <summary>Discount on the line.</summary>
    public DiscountBody? Discount { get; init; }

    /// <summary>The company's tax code.</summary>
    public string? TaxCode { get; init; }

    /// <summary>Per cent.</summary>
    public decimal TaxRate { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>Lots or serial numbers that are handed over, and how much of each.</summary>
    public IReadOnlyList<LotBody>? Lots { get; init; }

    internal OrderLine ToBody() => new(Sku, Description, Quantity, Unit, UnitPrice, Discount, TaxCode, TaxRate, Notes, Lots: Lots);

    internal static NewLine Of(OrderLine line) => new(line.Sku, line.Quantity, line.UnitPrice)
    {
        Description = line.Description, Unit = line.Unit, Discount = line.Discount, TaxCode = line.TaxCode, TaxRate = line.TaxRate, Notes = line.Notes,
        Lots = line.Lots,
    };
}

namespace OrderSync.Simulator.Sales;

/// <summary>One row of the file.</summary>
internal sealed record SalesLine(
    int Row,
    string Order,
    int Line,
    DateOnly Date,
    string Customer,
    string Email,
    string Item,
    decimal Quantity,
    decimal UnitPrice,
    decimal TaxAmount);

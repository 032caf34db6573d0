namespace OrderSync.Zoho;

/// <summary>Which of Zoho's figures of stock devices see as available.</summary>
public enum StockFigure
{
    /// <summary>What is there, less what orders were promised; as packages and shipments say.</summary>
    AvailableForSale,

    /// <summary>The same as invoices and bills say.</summary>
    ActualAvailable,

    /// <summary>What is there as packages and shipments say, promised or not.</summary>
    Available,

    /// <summary>What is there, promised or not.</summary>
    OnHand,
}

namespace OrderSync.Tryton;

/// <summary>Which of Tryton's figures of stock devices see as available.</summary>
public enum StockFigure
{
    /// <summary>What is there, with all that is planned to come and to go.</summary>
    Forecast,

    /// <summary>What is there, promised or not.</summary>
    OnHand,
}

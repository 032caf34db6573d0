using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>What differs between an order and a quote: both are sales in Tryton, and a quote stays a quotation.</summary>
/// <param name="Word">In sentences, and in the mark.</param>
/// <param name="Final">How far it is brought.</param>
internal sealed record SalesKind(string Word, OrderState Final)
{
    /// <summary>A quote.</summary>
    public static SalesKind Quote { get; } = new("quote", OrderState.Quotation);

    /// <summary>An order, as far as the connection wants it.</summary>
    public static SalesKind OrderOf(Connection connection) => new("order", connection.Settings<TrytonSettings>().OrderState);
}

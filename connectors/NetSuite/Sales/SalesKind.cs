using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>What an order, a quote or a finished sale becomes in NetSuite.</summary>
/// <param name="Word">In sentences.</param>
/// <param name="Record">Name of the record, as in addresses.</param>
/// <param name="Type">Its type in SuiteQL.</param>
internal sealed record SalesKind(string Word, string Record, string Type)
{
    private const string Pending = "A";
    private const string Approved = "B";

    private static readonly SalesKind Ordered = new("order", "salesOrder", "SalesOrd");

    /// <summary>A sales order.</summary>
    public static SalesKind OrderOf(Connection connection) => Ordered with { Final = connection.Settings<NetSuiteSettings>().OrderStatus == OrderStatus.PendingFulfilment ? Approved : Pending };

    /// <summary>An estimate.</summary>
    public static SalesKind QuoteOf(Connection connection) => new("quote", connection.Settings<NetSuiteSettings>().QuoteRecord, "Estimate");

    /// <summary>A sale that was paid on the spot.</summary>
    public static SalesKind Sale { get; } = new("sale", "cashSale", "CashSale");

    /// <summary>The state it is to stand in; null where it has none.</summary>
    public string? Final { get; init; }

    /// <summary>The state it is created in.</summary>
    public Reference? First => Final is null ? null : new(Pending);

    /// <summary>The state that makes it count.</summary>
    public static OrderStatusChange Approve { get; } = new(new(Approved));

    /// <summary>Whether it is to be approved by us and is not yet.</summary>
    public bool IsDraft(SalesRecord theirs) => Final == Approved && theirs.OrderStatus?.Id == Pending;

    /// <summary>Whether it stands where it is to stand, or further on.</summary>
    public bool IsFinal(SalesRecord theirs) => Final != Approved || theirs.OrderStatus?.Id != Pending;

    /// <summary>Whether it can still be changed from here: nobody but us has approved it, and nothing of it was delivered or billed.</summary>
    public bool CanChange(SalesRecord theirs) => Record switch
    {
        "cashSale" => false,
        "salesOrder" => !theirs.IsBegun && (theirs.OrderStatus?.Id is null or Pending || theirs.OrderStatus.Id == Final),
        _ => true,
    };

    /// <summary>Whether it counts no more: each line of an order is closed.</summary>
    public bool IsVoid(SalesRecord theirs) => Final is not null && theirs.Lines is { Count: > 0 } lines && lines.All(line => line.IsClosed == true);
}

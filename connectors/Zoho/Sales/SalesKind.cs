using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>What differs between a sales order and an estimate.</summary>
/// <param name="Word">In sentences.</param>
/// <param name="Resource">In addresses.</param>
/// <param name="NumberField">Its number, in searches.</param>
/// <param name="Settle">Ends the address that makes a draft count.</param>
/// <param name="Settled">States that need nobody's approval any more, later ones too.</param>
internal sealed record SalesKind(string Word, string Resource, string NumberField, string Settle, IReadOnlyList<string> Settled)
{
    // Both products' words, since an order can be opened in one and looked at in the other.
    private static readonly string[] Confirmed = ["confirmed", "open", "onhold", "fulfilled", "partially_invoiced", "invoiced", "overdue", "closed"];

    /// <summary>An estimate; it counts once it is marked as sent.</summary>
    public static SalesKind Quote { get; } = new("quote", "estimates", "estimate_number", "sent", ["sent", "viewed", "accepted", "declined", "invoiced", "expired"]);

    /// <summary>A sales order.</summary>
    public static SalesKind OrderOf(Connection connection) =>
        new("order", "salesorders", "salesorder_number", connection.Settings<ZohoSettings>().Flavour.Confirm, Confirmed);

    /// <summary>The document of an answer.</summary>
    public SalesDocument? In(Answer answer) => this == Quote ? answer.Estimate : answer.Salesorder;

    /// <summary>The documents of an answer.</summary>
    public IReadOnlyList<SalesDocument>? AllIn(Answer answer) => this == Quote ? answer.Estimates : answer.Salesorders;
}

using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>What an order, a quote or a sale becomes in QuickBooks.</summary>
/// <param name="Word">In sentences.</param>
/// <param name="Entity">In queries; in addresses in small letters.</param>
/// <param name="State">The state it is to stand in; null where the document has none.</param>
/// <param name="Page">In the address of its page.</param>
internal sealed record SalesKind(string Word, string Entity, string? State, string Page)
{
    private const string Rejected = "Rejected";
    private const string EstimatePage = "estimate?txnId";
    private const string InvoicePage = "invoice?txnId";

    private static readonly SalesKind Estimated = new("order", "Estimate", "Accepted", EstimatePage);
    private static readonly SalesKind Invoiced = new("order", "Invoice", null, InvoicePage);

    /// <summary>An estimate that nobody has accepted yet.</summary>
    public static SalesKind Quote { get; } = new("quote", "Estimate", "Pending", EstimatePage);

    /// <summary>A sale that is paid: a sales receipt.</summary>
    public static SalesKind PaidSale { get; } = new("sale", "SalesReceipt", null, "salesreceipt?txnId");

    /// <summary>A sale of which something is owed or set aside: an invoice.</summary>
    public static SalesKind OwedSale { get; } = new("sale", "Invoice", null, InvoicePage);

    /// <summary>Any invoice, whoever made it.</summary>
    public static SalesKind AnyInvoice { get; } = new("invoice", "Invoice", null, InvoicePage);

    /// <summary>An accepted estimate, or an invoice.</summary>
    public static SalesKind OrderOf(Connection connection) => connection.Settings<QuickBooksSettings>().OrderAs == OrderDocument.Invoice ? Invoiced : Estimated;

    /// <summary>Paid to the last cent, and no more, it is a sales receipt: that has no balance.</summary>
    public static SalesKind SaleOf(SaleBody sale) => Tenders.Paid(sale).Sum(tender => tender.Amount) == sale.Totals.Total && Tenders.Paid(sale).Count == sale.Tenders.Count ? PaidSale : OwedSale;

    /// <summary>Whether it is posted: all but an estimate are.</summary>
    public bool IsPosted => Entity != "Estimate";

    /// <summary>Whether it is a finished sale.</summary>
    public bool IsSale => Word == "sale";

    /// <summary>In addresses.</summary>
    public string Path => Entity.ToLowerInvariant();

    /// <summary>The document of an answer.</summary>
    public SalesDocument? In(Answer answer) => Entity switch { "Invoice" => answer.Invoice, "SalesReceipt" => answer.SalesReceipt, _ => answer.Estimate };

    /// <summary>The documents of a query.</summary>
    public IReadOnlyList<SalesDocument>? AllIn(Rows rows) => Entity switch { "Invoice" => rows.Invoice, "SalesReceipt" => rows.SalesReceipt, _ => rows.Estimate };

    /// <summary>Whether it counts no more: what is posted and void is worth nothing and its note says so; an estimate cannot be void and is rejected instead.</summary>
    public bool IsVoid(SalesDocument document) => IsPosted
        ? document.TotalAmt == 0 && document.PrivateNote?.StartsWith("Void", StringComparison.OrdinalIgnoreCase) == true
        : State == "Accepted" && document.TxnStatus == Rejected;

    /// <summary>How far it is, for people.</summary>
    public string StateOf(SalesDocument document) => IsVoid(document) ? "void"
        : document.TxnStatus ?? (this == PaidSale || document.Balance == 0 ? "paid" : document.Balance < document.TotalAmt ? "partlyPaid" : "open");

    /// <summary>What makes an estimate count no more.</summary>
    public static StateChange Reject(SalesDocument document) => new(document.Id, document.SyncToken, Rejected, true);
}

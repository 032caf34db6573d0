namespace OrderSync.NetSuite;

/// <summary>A customer deposit or a customer payment as NetSuite shows it.</summary>
internal sealed record ReceiptRecord(string Id, string? ExternalId, string? TranId)
{
    public Reference? Customer { get; init; }
    public decimal? Payment { get; init; }
    public string? TranDate { get; init; }
    public string? Memo { get; init; }
    public Reference? Currency { get; init; }
    public Reference? Status { get; init; }
    public Reference? SalesOrder { get; init; }
    public Sublist<AppliedInvoice>? Apply { get; init; }
}

/// <summary>What an invoice takes of a payment.</summary>
internal sealed record AppliedInvoice(Reference? Doc, bool? Apply, decimal? Amount);

/// <summary>A deposit or a payment to create.</summary>
internal sealed record NewReceipt
{
    public required Reference Customer { get; init; }
    public Reference? SalesOrder { get; init; }
    public required decimal Payment { get; init; }
    public string? TranId { get; init; }
    public required string TranDate { get; init; }
    public Reference? Currency { get; init; }
    public Reference? PaymentOption { get; init; }

    /// <summary>true, or a reference: the records differ from version to version.</summary>
    public object? UndepFunds { get; init; }
    public string? Memo { get; init; }
    public bool? AutoApply { get; init; }
    public Sublist<AppliedInvoice>? Apply { get; init; }
}

namespace OrderSync.QuickBooks;

/// <summary>What becomes of a receipt whose order has no invoice yet.</summary>
public enum UninvoicedReceipt
{
    /// <summary>It stays unapplied with the customer.</summary>
    OnAccount,

    /// <summary>It waits for the invoice.</summary>
    Wait,
}

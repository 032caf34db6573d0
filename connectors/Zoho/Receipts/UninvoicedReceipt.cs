namespace OrderSync.Zoho;

/// <summary>What becomes of a receipt whose order has no invoice yet.</summary>
public enum UninvoicedReceipt
{
    /// <summary>It is written as the customer's credit.</summary>
    OnAccount,

    /// <summary>It waits for the invoice.</summary>
    Wait,
}

namespace OrderSync.NetSuite;

/// <summary>What a receipt becomes in NetSuite.</summary>
/// <param name="Record">Name of the record, as in addresses.</param>
/// <param name="Type">Its type in SuiteQL.</param>
/// <param name="Step">The step that creates it.</param>
internal sealed record ReceiptKind(string Record, string Type, string Step)
{
    /// <summary>Money before there is an invoice: of an order, or of the customer.</summary>
    public static ReceiptKind Deposit { get; } = new("customerDeposit", "CustDep", "create deposit");

    /// <summary>Money for invoices.</summary>
    public static ReceiptKind Payment { get; } = new("customerPayment", "CustPymt", "create payment");

    /// <summary>Both: a receipt is looked for as either.</summary>
    public static IReadOnlyList<ReceiptKind> All { get; } = [Deposit, Payment];
}

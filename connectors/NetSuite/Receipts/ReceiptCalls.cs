using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>NetSuite's customer deposits and payments: find, read, create.</summary>
internal sealed class ReceiptCalls(NetSuiteClient netSuite)
{
    private const string Invoice = "CustInvc";

    /// <summary>The receipts of our key or our reference.</summary>
    public Task<IReadOnlyList<FoundTransaction>> LookAsync(Steps steps, string key, string? reference, string what, CancellationToken stop) =>
        FoundTransaction.LookAsync(netSuite, steps, [.. ReceiptKind.All.Select(kind => kind.Type)], key, reference, what, stop);

    /// <summary>A receipt by its id; null when it is not there.</summary>
    public Task<ReceiptRecord?> FindAsync(Steps steps, ReceiptKind kind, string id, string what, CancellationToken stop) => netSuite.FindAsync<ReceiptRecord>(steps, kind.Record, id, what, stop);

    /// <summary>A receipt that must be there.</summary>
    public Task<ReceiptRecord> ReadAsync(Steps steps, ReceiptKind kind, string id, string what, CancellationToken stop) => netSuite.ReadAsync<ReceiptRecord>(steps, kind.Record, id, what, stop);

    /// <summary>Creates the receipt of our key.</summary>
    public async Task<string> CreateAsync(Steps steps, ReceiptKind kind, string key, NewReceipt receipt, string what, CancellationToken stop) =>
        (await netSuite.PutAsync(steps, kind.Record, key, receipt.Apply is null ? null : "apply", receipt, what, stop))!;

    /// <summary>The invoices and the orders of a number, as people write it.</summary>
    public async Task<IReadOnlyList<FoundTransaction>> FindByNumberAsync(Steps steps, string number, string orderType, CancellationToken stop)
    {
        string[] types = [Invoice, orderType];
        var answer = await netSuite.QueryAsync(steps, $"SELECT id, externalid, tranid, type FROM transaction WHERE type IN ({types}) AND tranid = {number}", $"document {number}", stop);
        return [.. answer.Items!.Select(row => new FoundTransaction(row["id"]!, row.GetValueOrDefault("externalid"), row.GetValueOrDefault("tranid"), row.GetValueOrDefault("type")))];
    }

    /// <summary>An invoice by its id; null when it is not there.</summary>
    public Task<SalesRecord?> InvoiceAsync(Steps steps, string id, string what, CancellationToken stop) => netSuite.FindAsync<SalesRecord>(steps, "invoice", id, what, stop);
}

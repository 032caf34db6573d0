using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>NetSuite's sales orders, estimates and cash sales: find, read, create, change, approve, close.</summary>
internal sealed class SalesCalls(NetSuiteClient netSuite)
{
    private const string Lines = "item";

    /// <summary>The documents of our key or of our number: ids with whose they are.</summary>
    public async Task<IReadOnlyList<FoundTransaction>> LookAsync(Steps steps, SalesKind kind, string key, string? number, string what, CancellationToken stop) =>
        await FoundTransaction.LookAsync(netSuite, steps, [kind.Type], key, number, what, stop);

    /// <summary>A document by its id; null when it is not there.</summary>
    public Task<SalesRecord?> FindAsync(Steps steps, SalesKind kind, string id, string what, CancellationToken stop) => netSuite.FindAsync<SalesRecord>(steps, kind.Record, id, what, stop);

    /// <summary>A document that must be there.</summary>
    public Task<SalesRecord> ReadAsync(Steps steps, SalesKind kind, string id, string what, CancellationToken stop) => netSuite.ReadAsync<SalesRecord>(steps, kind.Record, id, what, stop);

    /// <summary>Creates the document of our key; lines are replaced, so that a repeat adds none.</summary>
    public async Task<string> CreateAsync(Steps steps, SalesKind kind, string key, NewSalesRecord document, string what, CancellationToken stop) =>
        (await netSuite.PutAsync(steps, kind.Record, key, Lines, document, what, stop))!;

    /// <summary>Changes a document, all its lines included.</summary>
    public Task<string> ChangeAsync(Steps steps, SalesKind kind, string id, NewSalesRecord document, string what, CancellationToken stop) =>
        netSuite.PatchAsync(steps, kind.Record, id, Lines, document, what, stop);

    /// <summary>Makes an order pending fulfilment.</summary>
    public Task<string> ApproveAsync(Steps steps, SalesKind kind, string id, string what, CancellationToken stop) => netSuite.PatchAsync(steps, kind.Record, id, null, SalesKind.Approve, what, stop);

    /// <summary>Closes each line of an order as it stands.</summary>
    public Task<string> CloseAsync(Steps steps, SalesKind kind, SalesRecord theirs, string what, CancellationToken stop) => netSuite.PatchAsync(
        steps, kind.Record, theirs.Id, Lines, new LinesChange(new([.. theirs.Lines.Select(line => line with { IsClosed = true, QuantityFulfilled = null, QuantityBilled = null })])), what, stop);
}

/// <summary>A transaction as SuiteQL shows it when it is looked for.</summary>
internal sealed record FoundTransaction(string Id, string? ExternalId, string? TranId, string? Type)
{
    /// <summary>The transactions of these types with our key or our number.</summary>
    public static async Task<IReadOnlyList<FoundTransaction>> LookAsync(
        NetSuiteClient netSuite, Steps steps, IReadOnlyList<string> types, string key, string? number, string what, CancellationToken stop)
    {
        var answer = await (number is null
            ? netSuite.QueryAsync(steps, $"SELECT id, externalid, tranid, type FROM transaction WHERE type IN ({types}) AND externalid = {key}", what, stop)
            : netSuite.QueryAsync(steps, $"SELECT id, externalid, tranid, type FROM transaction WHERE type IN ({types}) AND (externalid = {key} OR tranid = {number})", what, stop));
        return [.. answer.Items!.Select(row => new FoundTransaction(row["id"]!, row.GetValueOrDefault("externalid"), row.GetValueOrDefault("tranid"), row.GetValueOrDefault("type")))];
    }
}

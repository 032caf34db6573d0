using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Catalogue;

namespace OrderSync.Framework.Pull;

/// <summary>A row as it is kept: its content as JSON, and the hash that tells whether it changed. Without content it is only seen.</summary>
internal sealed record ReadRow(string Key, string? Body, byte[]? Hash, string? Stamp = null);

/// <summary>A page as it is kept.</summary>
/// <param name="Rows">By key, each once.</param>
/// <param name="LeftOut">Rows without a usable key, or too big.</param>
/// <param name="Read">Rows the destination gave.</param>
/// <param name="Cursor">Where the next page begins.</param>
/// <param name="Total">Rows there are, as the destination says.</param>
internal sealed record ReadPage(IReadOnlyList<ReadRow> Rows, int LeftOut, int Read, string? Cursor, long? Total);

/// <summary>Reads any collection of a connector as rows of JSON.</summary>
internal static class CollectionReader
{
    public const int LongestKey = 200;
    public const int BiggestBody = 64 * 1024;

    public static IAsyncEnumerable<ReadPage> ReadAsync(IConnector connector, string collection, string? from, PullSteps steps, CancellationToken stop) => collection switch
    {
        CollectionNames.Items => RowsAsync(connector.PullItemsAsync(from, steps, stop), stop),
        CollectionNames.PriceLists => RowsAsync(connector.PullPriceListsAsync(from, steps, stop), stop),
        CollectionNames.Prices => RowsAsync(connector.PullPricesAsync(from, steps, stop), stop),
        CollectionNames.Stock => RowsAsync(connector.PullStockAsync(from, steps, stop), stop),
        CollectionNames.Customers => RowsAsync(connector.PullCustomersAsync(from, steps, stop), stop),
        CollectionNames.Orders => RowsAsync(connector.PullOrdersAsync(from, steps, stop), stop),
        CollectionNames.Invoices => RowsAsync(connector.PullInvoicesAsync(from, steps, stop), stop),
        _ => throw new NotSupportedException($"There is no collection {collection}."),
    };

    private static async IAsyncEnumerable<ReadPage> RowsAsync<T>(IAsyncEnumerable<PulledPage<T>> pages, [EnumeratorCancellation] CancellationToken stop) where T : class
    {
        await foreach (var page in pages.WithCancellation(stop))
        {
            // Keys in one order, so that two writers never block each other for good.
            var rows = page.Rows.Where(row => IsKey(row.Key)).GroupBy(row => row.Key).Select(same => Row(same.Last())).Where(row => !(row.Body?.Length > BiggestBody))
                .OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
            yield return new(rows, page.Rows.Select(row => row.Key).Distinct().Count() - rows.Count, page.Rows.Count, page.Cursor, page.Total);
        }
    }

    private static bool IsKey(string? key) => key is { Length: > 0 and <= LongestKey } && !key.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter));

    private static ReadRow Row<T>(Pulled<T> row) where T : class
    {
        if (row.Body is null)
            return new(row.Key, null, null);
        var body = JsonSerializer.SerializeToUtf8Bytes(row.Body, ContractJson.Options);
        return new(row.Key, System.Text.Encoding.UTF8.GetString(body), SHA256.HashData(body), row.Stamp);
    }
}

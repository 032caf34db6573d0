using System.Runtime.CompilerServices;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>A page of a list, where the next one begins, and how many rows there are in all, where that was asked for.</summary>
internal sealed record RowPage<T>(IReadOnlyList<T> Rows, string Cursor, long? Total);

/// <summary>A list to be read: its model, which of its rows, their fields, and what of a row tells when it changed.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="What">In sentences.</param>
/// <param name="Domain">Which rows.</param>
/// <param name="Fields">What of them.</param>
/// <param name="Parts">The row itself ("") and rows beneath or above it whose change is one of it too, such as "template.".</param>
/// <param name="IdOf">A row's id.</param>
/// <param name="LatestOf">The latest of the dates of change that a row shows.</param>
internal sealed record RowList<T>(string Model, string What, object?[] Domain, string[] Fields, string[] Parts, Func<T, int> IdOf, Func<T, DateTime?> LatestOf);

/// <summary>
/// Reads a list in the order of ids, a page beginning behind the last id of the one before it: rows that change meanwhile stay where they are, so none slips through. What changed is asked
/// for by the dates of Tryton itself, with an overlap, since a row carries the time at which its transaction began and is seen when that ends.
/// </summary>
internal sealed class ChangedRows(TrytonClient tryton)
{
    private const int PageSize = 200;
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    public async IAsyncEnumerable<RowPage<T>> ReadAsync<T>(RowList<T> list, string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var at = from is null ? new Place(null, 0, null) : JsonSerializer.Deserialize<Place>(from)!;
        while (true)
        {
            object?[] domain = [.. list.Domain, .. at.Since is { } since ? [Changed(list.Parts, since - Overlap)] : Array.Empty<object?>(), .. at.LastId > 0 ? [new object[] { "id", ">", at.LastId }] : Array.Empty<object?>()];
            var rows = await tryton.AskAsync<List<T>>(steps, Rpc.Search(list.Model, list.What, domain, [.. list.Fields, .. list.Parts.SelectMany(part => new[] { $"{part}write_date", $"{part}create_date" })], PageSize, order: Rpc.OldestFirst), stop);
            var latest = rows.Select(list.LatestOf).Append(at.Latest).Max();
            if (rows.Count == PageSize)
            {
                at = at with { LastId = list.IdOf(rows[^1]), Latest = latest };
                yield return new(rows, JsonSerializer.Serialize(at), null);
                continue;
            }

            // All of a list was read: how many there are proves that none was missed.
            long? total = at.Since is null ? await tryton.AskAsync<long>(steps, new($"model.{list.Model}.search_count", list.What, (object)list.Domain), stop) : null;
            yield return new(rows, JsonSerializer.Serialize(new Place(latest ?? at.Since, 0, null)), total);
            yield break;
        }
    }

    // A row that was never changed has no date of change.
    private static object?[] Changed(string[] parts, DateTime since) => ["OR", .. parts.SelectMany(part => new object[]
    {
        new object[] { $"{part}write_date", ">=", since },
        new object[] { new object?[] { $"{part}write_date", "=", null }, new object[] { $"{part}create_date", ">=", since } },
    })];

    private sealed record Place(DateTime? Since, int LastId, DateTime? Latest);
}

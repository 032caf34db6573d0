using System.Globalization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Where a page stands in its list.</summary>
internal sealed record ZohoPageContext(int Page, int PerPage, bool HasMorePage);

/// <summary>One page of rows.</summary>
internal sealed record ZohoPage<T>(IReadOnlyList<T> Rows, ZohoPageContext Context);

/// <summary>A row of a list that can be asked for by the time of its last change.</summary>
internal interface IZohoRow
{
    string Id { get; }
    DateTimeOffset CreatedTime { get; }
    DateTimeOffset LastModifiedTime { get; }
}

/// <summary>Reads filters, order and page from a query. Filters it does not know, or cannot read, are ignored without a word.</summary>
internal sealed class ZohoSearch(IQueryCollection query, ZohoSettings settings, DateTimeOffset now, bool knowsChanges)
{
    private const int LongestText = 100;
    private const int LargestPage = 200;
    private readonly StringComparison comparison = settings.SearchIgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>A filter's value; null if the query has none.</summary>
    public string? this[string filter] => query[filter].ToString() is { Length: > 0 } text
        ? text.Length <= LongestText ? text : throw ZohoRefusal.TooLong(filter, LongestText)
        : null;

    /// <summary>Whether a value passes the exact filter and its _startswith and _contains variants.</summary>
    public bool Passes(string filter, string? value) =>
        (this[filter] is not { } exact || Same(exact, value))
        && (this[filter + "_startswith"] is not { } start || value?.StartsWith(start, comparison) == true)
        && (this[filter + "_contains"] is not { } part || value?.Contains(part, comparison) == true);

    /// <summary>Whether a value is among those the filter's _in variant lists.</summary>
    public bool PassesIn(string filter, string? value) =>
        query[filter + "_in"].ToString() is not { Length: > 0 } list || list.Split(',').Any(one => Same(one, value));

    /// <summary>Whether two values are equal for a search.</summary>
    public bool Same(string wanted, string? value) => string.Equals(wanted.Trim(), value?.Trim(), comparison);

    /// <summary>Whether any of the texts holds what search_text asks for.</summary>
    public bool PassesSearchText(params ReadOnlySpan<string?> texts)
    {
        if (this["search_text"] is not { } wanted)
            return true;
        foreach (var text in texts)
        {
            if (text?.Contains(wanted, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }

    /// <summary>Applies the lag of the search, last_modified_time, order and page to rows that stand in order of creation.</summary>
    public ZohoPage<TOut> Page<TRow, TOut>(IEnumerable<TRow> rows, Func<TRow, TOut> show)
        where TRow : IZohoRow
    {
        if (settings.SearchLagSeconds > 0)
            rows = rows.Where(row => row.CreatedTime <= now.AddSeconds(-settings.SearchLagSeconds));
        if (knowsChanges && ZohoTime.Parse(query["last_modified_time"]) is { } since)
            rows = rows.Where(row => row.LastModifiedTime >= since);
        var descending = query["sort_order"] == "D";
        rows = query["sort_column"].ToString() switch
        {
            "last_modified_time" when !knowsChanges => rows,
            "last_modified_time" when descending => rows.OrderByDescending(row => row.LastModifiedTime),
            "last_modified_time" => rows.OrderBy(row => row.LastModifiedTime),
            "created_time" when descending => rows.OrderByDescending(row => row.CreatedTime),
            _ => rows,
        };

        var page = PageOf(rows);
        return new ZohoPage<TOut>(page.Rows.Select(show).ToList(), page.Context);
    }

    /// <summary>Cuts the page out of rows.</summary>
    public ZohoPage<T> PageOf<T>(IEnumerable<T> rows)
    {
        var page = Whole("page", 1);
        var size = Math.Min(Whole("per_page", LargestPage), LargestPage);
        var found = rows.Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size + 1).ToList();
        return new ZohoPage<T>(found.Take(size).ToList(), new ZohoPageContext(page, size, found.Count > size));
    }

    private int Whole(string name, int otherwise) =>
        int.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;
}

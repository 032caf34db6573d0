using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>A collection of the recording ERP: rows with the moment they last changed, read page by page in that order.</summary>
internal sealed class Shelf
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (object Body, long Changed)> rows = [];
    private long moment;

    /// <summary>Rows of a page.</summary>
    public int PageSize { get; set; } = 3;

    /// <summary>What it says of how many rows it has; null = it does not say.</summary>
    public Func<int, long?> Total { get; set; } = count => count;

    public IReadOnlyDictionary<string, object> Rows
    {
        get
        {
            lock (gate)
                return rows.ToDictionary(row => row.Key, row => row.Value.Body);
        }
    }

    public void Put(string key, object body)
    {
        lock (gate)
            rows[key] = (body, ++moment);
    }

    public void Delete(string key)
    {
        lock (gate)
            rows.Remove(key);
    }

    public PulledPage<T> Page<T>(string? after, out bool more) where T : class
    {
        lock (gate)
        {
            var place = after is null ? 0 : long.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
            var rest = rows.Where(row => row.Value.Changed > place).OrderBy(row => row.Value.Changed).ToList();
            var page = rest.Take(PageSize).ToList();
            more = rest.Count > page.Count;
            var cursor = page.Count == 0 ? place : page[^1].Value.Changed;
            return new([.. page.Select(row => new Pulled<T>(row.Key, (T)row.Value.Body))], cursor.ToString(System.Globalization.CultureInfo.InvariantCulture), Total(rows.Count));
        }
    }
}

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Finds the ids of rows by a text that several may share; trimmed, case ignored, as Zoho compares names and numbers.</summary>
internal sealed class ZohoIndex
{
    private readonly Dictionary<string, List<string>> ids = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Texts that more than one row has.</summary>
    public IEnumerable<IReadOnlyList<string>> Shared => ids.Values.Where(rows => rows.Count > 1);

    /// <summary>Ids of the rows with this text, in order of creation.</summary>
    public IReadOnlyList<string> this[string text] => ids.TryGetValue(text.Trim(), out var rows) ? rows : [];

    /// <summary>Moves a row from one text to another; either may be none.</summary>
    public void Move(string id, string? from, string? to)
    {
        var (before, after) = (from?.Trim() ?? "", to?.Trim() ?? "");
        if (before == after)
            return;
        if (before.Length > 0 && ids.TryGetValue(before, out var rows) && rows.Remove(id) && rows.Count == 0)
            ids.Remove(before);
        if (after.Length == 0)
            return;
        if (!ids.TryGetValue(after, out var others))
            ids[after] = others = [];
        others.Add(id);
    }
}

/// <summary>Rows by id, in order of creation.</summary>
internal sealed class ZohoTable<T>
    where T : class
{
    private readonly Dictionary<string, T> byId = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    public int Count => order.Count;

    public IEnumerable<T> Rows => order.Select(id => byId[id]);

    public IEnumerable<T> Newest => Enumerable.Range(1, order.Count).Select(back => byId[order[^back]]);

    public T? Find(string id) => byId.GetValueOrDefault(id);

    public IEnumerable<T> Find(IReadOnlyList<string> ids) => ids.Select(id => byId[id]);

    /// <summary>Takes a row out and returns it.</summary>
    public T? Remove(string id)
    {
        if (!byId.Remove(id, out var row))
            return null;
        order.Remove(id);
        return row;
    }

    /// <summary>Adds or replaces a row and returns what stood there.</summary>
    public T? Put(string id, T row)
    {
        var before = byId.GetValueOrDefault(id);
        if (before is null)
            order.Add(id);
        byId[id] = row;
        return before;
    }
}

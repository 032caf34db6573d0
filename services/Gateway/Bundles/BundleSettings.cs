namespace OrderSync.Gateway.Bundles;

/// <summary>Settings of bundles, section Bundles.</summary>
internal sealed class BundleSettings
{
    /// <summary>
    /// Seals the private keys that bundles are opened with: "id:text" with a text of at least 32 characters; several are separated by commas, the first seals, all open. None is ever
    /// taken away. Unset = one made from Tokens:Key.
    /// </summary>
    public string? Key { get; init; }

    public string? WhyNot()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, text) in Parts)
        {
            if (id.Length is 0 or > 64 || text.Length < 32)
                return "Key must be \"id:text\" with any text of at least 32 characters; several are separated by commas.";
            if (!ids.Add(id))
                return $"Key names {id} twice.";
        }

        return null;
    }

    public IEnumerable<(string Id, string Text)> Parts =>
        from part in (Key ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let colon = Math.Max(0, part.IndexOf(':', StringComparison.Ordinal))
        select (part[..colon], part[Math.Min(part.Length, colon + 1)..]);
}

using OrderSync.Gateway.Feed.Collections;

namespace OrderSync.Gateway.Feed;

/// <summary>The collections in the order of the first download, and in which shapes they are sent.</summary>
internal sealed class Shapes(IEnumerable<FeedCollection> collections)
{
    /// <summary>Settings and prices before what takes long; a device's own records last.</summary>
    public IReadOnlyList<FeedCollection> Collections { get; } = [.. collections];

    /// <summary>As a cursor keeps them.</summary>
    public string Now { get; } = string.Join(' ', collections.Select(Spelled));

    /// <summary>The collection of this name; the first for none.</summary>
    public int IndexOf(string name) => name.Length == 0 ? 0 : Collections.Select((one, i) => (one.Name, i)).First(one => one.Name == name).i;

    /// <summary>By name.</summary>
    public FeedCollection this[string name] => Collections[IndexOf(name)];

    /// <summary>Whether a device with these shapes has the collection as it is sent now.</summary>
    public static bool Has(string shapes, FeedCollection collection) => $" {shapes} ".Contains($" {Spelled(collection)} ", StringComparison.Ordinal);

    private static string Spelled(FeedCollection collection) => $"{collection.Name}:{collection.Shape}";
}

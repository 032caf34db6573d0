namespace OrderSync.Gateway.Feed;

/// <summary>How far a pull is.</summary>
internal enum Phase : byte
{
    /// <summary>The device has all up to the position.</summary>
    Whole,

    /// <summary>It reads the rows as they are, collection by collection.</summary>
    Rows,

    /// <summary>It reads what its changed scope, or the changed shape of a collection, brings and takes away.</summary>
    Difference,

    /// <summary>It reads the changes after the position.</summary>
    Changes,
}

/// <summary>What a device has: everything up to a position of its company's feed, as seen with certain scope keys, in certain shapes; and how far an unfinished pull is.</summary>
/// <param name="Company">Whose feed.</param>
/// <param name="Device">For whom it was made.</param>
/// <param name="Epoch">The feed's.</param>
/// <param name="Position">All changes up to it are known.</param>
/// <param name="Tag">The transaction of the row at that position: another one there means that the server was restored.</param>
/// <param name="Scope">Hash of the scope keys with which rows are read.</param>
/// <param name="Shapes">The shapes of the collections the device has.</param>
internal sealed record Cursor(Guid Company, Guid Device, Guid Epoch, long Position, Guid Tag, long Scope, string Shapes)
{
    public Phase Phase { get; init; }

    /// <summary>It began with nothing, or begins anew: what the device has of these collections is replaced.</summary>
    public bool IsFull { get; init; }

    /// <summary>The scope before, while a difference is being brought; 0 = the same.</summary>
    public long Former { get; init; }

    /// <summary>The shapes before, while a difference is being brought.</summary>
    public string FormerShapes { get; init; } = "";

    /// <summary>The collection that is being read, or in which a position's expansion was left.</summary>
    public string Collection { get; init; } = "";

    /// <summary>The last key read of it.</summary>
    public string Key { get; init; } = "";
}

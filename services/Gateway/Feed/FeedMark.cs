namespace OrderSync.Gateway.Feed;

/// <summary>A place in a company's feed as a cursor remembers it.</summary>
/// <param name="Epoch">The epoch it was given under.</param>
/// <param name="Position">The last position that was seen.</param>
/// <param name="Tag">The transaction that wrote the row at that position.</param>
internal readonly record struct FeedMark(Guid Epoch, long Position, Guid Tag)
{
    public static FeedMark Of(Cursor cursor) => new(cursor.Epoch, cursor.Position, cursor.Tag);
}

namespace OrderSync.Gateway.Sync;

/// <summary>What one push request may hold; advertised in capabilities.</summary>
internal static class PushLimits
{
    public const int Records = 1_000;
    public const int BytesSent = 4 * 1024 * 1024;
    public const int BytesUnpacked = 16 * 1024 * 1024;

    /// <summary>Nesting of one record; a deeper one is refused alone.</summary>
    public const int Depth = 32;

    /// <summary>Nesting at which the request itself is refused, since its records cannot be told apart any more.</summary>
    public const int DepthOfRequest = 1_000;

    /// <summary>Records in one transaction.</summary>
    public const int Chunk = 100;
}

namespace OrderSync.Gateway.Bundles;

/// <summary>A file of parts as it comes, one behind the other: those of one bundle or of several, all or some, in any order.</summary>
internal sealed class BundleFile(Stream stream, int before)
{
    /// <summary>Bytes of one file.</summary>
    public const long MostBytes = 512L * 1024 * 1024;

    private readonly byte[] head = new byte[BundleHeader.Size];
    private int ahead;

    /// <summary>How many parts have begun, with those that were brought before.</summary>
    public int Place { get; private set; } = before;

    /// <summary>Where it ends, it does so in the middle of a part, or what stands there is none.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Reads the next part's header. Null: that was all, or <see cref="IsDamaged"/>.</summary>
    public async Task<BundleHeader?> NextAsync(CancellationToken stop)
    {
        ahead = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop);
        if (ahead == 0)
            return null;
        Place++;
        var header = ahead == head.Length && Place <= BundleHeader.MostParts ? BundleHeader.Read(head) : null;
        IsDamaged = header is null;
        return header;
    }

    /// <summary>Reads the rest of that part. Null: the file ends before it does.</summary>
    public async Task<BundlePart?> RestAsync(BundleHeader header, CancellationToken stop)
    {
        var bytes = new byte[head.Length + header.Length + BundleHeader.Signature];
        head.CopyTo(bytes, 0);
        IsDamaged = await stream.ReadAtLeastAsync(bytes.AsMemory(head.Length), bytes.Length - head.Length, throwOnEndOfStream: false, stop) < bytes.Length - head.Length;
        return IsDamaged ? null : new BundlePart(header, bytes);
    }
}

namespace OrderSync.Device;

/// <summary>What one push may hold, as the gateway advertises it.</summary>
/// <param name="Records">Records in one request.</param>
/// <param name="BytesSent">Bytes on the line.</param>
/// <param name="BytesUnpacked">Bytes after unpacking.</param>
/// <param name="Encodings">How it may be packed.</param>
internal sealed record PushLimits(int Records, int BytesSent, int BytesUnpacked, IReadOnlyList<string>? Encodings)
{
    /// <summary>A request begins with these records; more would make a cut line lose more, and the server stores by as many.</summary>
    public const int Chunk = 100;

    public bool Gzip => Encodings?.Contains("gzip") == true;
}

/// <summary>The part of the capabilities that a device needs.</summary>
internal sealed record Capabilities(PushLimits? Push);

namespace OrderSync.Framework;

/// <summary>A call that a destination makes to us, as it came: <see cref="IConnector.Hints"/> says whether it is one, and what changed there.</summary>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body, byte for byte: signatures are of bytes.</param>
public sealed record IncomingCall(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>A header, however it is spelled; null where there is none.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

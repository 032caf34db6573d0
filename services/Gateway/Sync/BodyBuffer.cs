using System.Buffers;

namespace OrderSync.Gateway.Sync;

/// <summary>The bytes of one body, in memory that is lent: new arrays of this size would be cleared away only together with everything that lives long.</summary>
internal sealed class BodyBuffer(int expected) : IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(expected);

    public int Count { get; private set; }

    /// <summary>Good until the buffer is disposed of.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Count);

    /// <summary>By how much it grows when there has to be room for so many bytes.</summary>
    public int Missing(int atLeast) => bytes.Length - Count < atLeast ? Math.Max(bytes.Length, Count + atLeast - bytes.Length) : 0;

    /// <summary>Room for what comes next; <see cref="Advance"/> says how much came.</summary>
    public Memory<byte> Room(int atLeast)
    {
        if (bytes.Length - Count < atLeast)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, Count + atLeast));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsMemory(Count);
    }

    public void Advance(int by) => Count += by;

    /// <summary>What stands first is needed no longer; the rest moves up.</summary>
    public void Drop(int count)
    {
        bytes.AsSpan(count, Count - count).CopyTo(bytes);
        Count -= count;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        (bytes, Count) = ([], 0);
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Gateway.Feed;

/// <summary>Lines of a pull on their way out: JSON, one object a line. The memory is given back by whoever has written them.</summary>
internal sealed class Lines : IDisposable
{
    private const int First = 8 * 1024;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(First);
    private int length;

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Rows and tombstones among them.</summary>
    public int Rows { get; private set; }

    /// <summary>The row's text goes out as it is: devices hash it.</summary>
    public void Row(string collection, string key, ReadOnlyMemory<byte> text)
    {
        Begin(collection, key);
        Write(",\"row\":"u8);
        Write(text.Span);
        Write("}\n"u8);
    }

    /// <summary>A row the device has to forget: deleted, or outOfScope.</summary>
    public void Gone(string collection, string key, string why)
    {
        Begin(collection, key);
        Write(",\"gone\":\""u8);
        Write(why);
        Write("\"}\n"u8);
    }

    public void Add(object line)
    {
        Write(JsonSerializer.SerializeToUtf8Bytes(line, ContractJson.Options));
        Write("\n"u8);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, length) = ([], 0);
    }

    private void Begin(string collection, string key)
    {
        Rows++;
        Write("{\"c\":\""u8);
        Write(collection);
        Write("\",\"k\":"u8);
        Write(JsonSerializer.SerializeToUtf8Bytes(key, ContractJson.Options));
    }

    private void Write(string ascii) => length += Encoding.UTF8.GetBytes(ascii, Space(Encoding.UTF8.GetMaxByteCount(ascii.Length)));

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Space(bytes.Length));
        length += bytes.Length;
    }

    private Span<byte> Space(int size)
    {
        if (buffer.Length - length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + size));
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        return buffer.AsSpan(length);
    }
}

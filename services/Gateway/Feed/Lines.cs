using System.Buffers;
using System.Text;
using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Gateway.Feed;

/// <summary>Lines of a pull on their way out: JSON, one object a line.</summary>
internal sealed class Lines
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    /// <summary>Rows and tombstones among them.</summary>
    public int Rows { get; private set; }

    /// <summary>The row's text goes out as it is: devices hash it.</summary>
    public void Row(string collection, string key, ReadOnlyMemory<byte> text)
    {
        Begin(collection, key);
        bytes.Write(",\"row\":"u8);
        bytes.Write(text.Span);
        bytes.Write("}\n"u8);
    }

    /// <summary>A row the device has to forget: deleted, or outOfScope.</summary>
    public void Gone(string collection, string key, string why)
    {
        Begin(collection, key);
        bytes.Write(",\"gone\":\""u8);
        bytes.Write(Encoding.UTF8.GetBytes(why));
        bytes.Write("\"}\n"u8);
    }

    public void Add(object line)
    {
        bytes.Write(JsonSerializer.SerializeToUtf8Bytes(line, ContractJson.Options));
        bytes.Write("\n"u8);
    }

    private void Begin(string collection, string key)
    {
        Rows++;
        bytes.Write("{\"c\":\""u8);
        bytes.Write(Encoding.UTF8.GetBytes(collection));
        bytes.Write("\",\"k\":"u8);
        bytes.Write(JsonSerializer.SerializeToUtf8Bytes(key, ContractJson.Options));
    }
}

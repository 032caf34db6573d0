using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrderSync.Simulator.Fleet;

/// <summary>One HTTP/1.1 request in its bytes, with <c>Connection: close</c> added.</summary>
internal sealed record HttpBytes(LineRequest Request, byte[] Bytes)
{
    private const int MostHead = 65_536;

    /// <summary>Reads one request; null when the other end closes before it has begun.</summary>
    public static async Task<HttpBytes?> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        var bytes = new byte[8_192];
        var count = 0;
        int head;
        while ((head = bytes.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (count == MostHead)
                throw new IOException("A request's head is too long.");
            if (count == bytes.Length)
                Array.Resize(ref bytes, bytes.Length * 2);
            var read = await stream.ReadAsync(bytes.AsMemory(count), stop);
            if (read == 0)
                return null;
            count += read;
        }

        var lines = Encoding.ASCII.GetString(bytes, 0, head).Split("\r\n");
        var length = head + 4 + BodyOf(lines);
        if (bytes.Length < length)
            Array.Resize(ref bytes, length);
        if (count < length)
            await stream.ReadExactlyAsync(bytes.AsMemory(count, length - count), stop);

        byte[] whole = [.. bytes.AsSpan(0, head), .. "\r\nConnection: close"u8, .. bytes.AsSpan(head, length - head)];
        return new HttpBytes(lines[0].Split(' ') is [var method, var path, ..] ? new LineRequest(method, path, whole.Length) : new LineRequest("", "", whole.Length), whole);
    }

    private static int BodyOf(string[] lines)
    {
        const string name = "content-length:";
        var header = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return header is null ? 0 : int.Parse(header.AsSpan(name.Length).Trim(), CultureInfo.InvariantCulture);
    }
}

using System.Net.Sockets;
using System.Text;

namespace OrderSync.Benchmarks.Calls;

/// <summary>A kept line that asks /v1/ping again and again, with as little of a client as can be: it shares the machine with the server.</summary>
internal sealed class ProbeLine : IDisposable
{
    private const int MostOfBody = 200;
    private static readonly byte[] HeadersEnd = "\r\n\r\n"u8.ToArray();
    private readonly Socket socket;
    private readonly byte[] request;
    private readonly byte[] answer = new byte[4_096];

    private ProbeLine(Socket socket, byte[] request) => (this.socket, this.request) = (socket, request);

    public static async Task<ProbeLine> OpenAsync(Uri gateway, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(gateway.Host, gateway.Port, stop);
        return new ProbeLine(socket, Encoding.ASCII.GetBytes($"GET /v1/ping HTTP/1.1\r\nHost: {gateway.Authority}\r\n\r\n"));
    }

    public async Task AskAsync(CancellationToken stop)
    {
        await socket.SendAsync(request, stop);
        for (var read = 0; ;)
        {
            var more = await socket.ReceiveAsync(answer.AsMemory(read), stop);
            read += more;
            var body = answer.AsSpan(0, read).IndexOf(HeadersEnd) + HeadersEnd.Length;
            if (more == 0 || !answer.AsSpan(0, read).StartsWith("HTTP/1.1 200 "u8))
                throw new InvalidOperationException($"The gateway answered a ping with: {Encoding.UTF8.GetString(answer, 0, read)}");
            // One object in one piece or in chunks: either way it ends so.
            if (body < HeadersEnd.Length || !(answer.AsSpan(body, read - body).EndsWith("0\r\n\r\n"u8) || answer[read - 1] == (byte)'}'))
                continue;
            if (read - body > MostOfBody)
                throw new InvalidOperationException($"The answer to a ping has {read - body} bytes.");
            return;
        }
    }

    public void Dispose() => socket.Dispose();
}

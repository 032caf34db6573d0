using System.Net;
using System.Net.Sockets;

namespace OrderSync.Gateway.Tests.Faults;

/// <summary>
/// A line to PostgreSQL on which the answer to one request is lost: what is asked arrives and is done, what is answered does not come back. Or one is cut before a request arrives.
/// </summary>
internal sealed class LostAnswerLine : IAsyncDisposable
{
    private readonly string host;
    private readonly int port;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task accepting;
    private volatile byte[]? marked;
    private volatile byte[]? cutMark;
    private int cutAfter;
    private volatile bool wasCut;
    private volatile TcpClient? silent;

    public LostAnswerLine(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>From the next request that contains these bytes on, its connection answers nothing any more.</summary>
    public void LoseAnswerTo(byte[] mark) => marked = mark;

    /// <summary>So many requests that contain these bytes pass; before the next one its connection is cut.</summary>
    public void CutBefore(byte[] mark, int passing) => (wasCut, cutAfter, cutMark) = (false, passing, mark);

    /// <summary>Whether it was cut.</summary>
    public bool WasCut => wasCut;

    /// <summary>Whether that request has passed.</summary>
    public bool Passed => silent is not null;

    /// <summary>Ends the connection whose answer is withheld.</summary>
    public void Cut() => silent!.Close();

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var joined = new List<Task>();
        try
        {
            while (true)
                joined.Add(JoinAsync(await listener.AcceptTcpClientAsync(end.Token)));
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            await Task.WhenAll(joined);
        }
    }

    private async Task JoinAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                await far.ConnectAsync(host, port, end.Token);
                await Task.WhenAny(AskAsync(near, far), AnswerAsync(near, far));
            }
            catch (SocketException)
            {
                // The server does not answer: the near side sees its connection close.
            }
        }
    }

    private async Task AskAsync(TcpClient near, TcpClient far)
    {
        var buffer = new byte[65_536];
        var kept = 0;
        await WhileOpenAsync(async () =>
        {
            var read = await near.GetStream().ReadAsync(buffer.AsMemory(kept), end.Token);
            if (read == 0)
                return false;
            // The mark may be cut in two by the pieces in which the request comes.
            if (marked is { } mark && buffer.AsSpan(0, kept + read).IndexOf(mark) >= 0)
                (marked, silent) = (null, near);
            if (cutMark is { } cut && buffer.AsSpan(0, kept + read).IndexOf(cut) >= 0 && Interlocked.Decrement(ref cutAfter) < 0)
            {
                (cutMark, wasCut) = (null, true);
                return false;
            }

            await far.GetStream().WriteAsync(buffer.AsMemory(kept, read), end.Token);
            var tail = Math.Min(15, kept + read);
            buffer.AsSpan(kept + read - tail, tail).CopyTo(buffer);
            kept = tail;
            return true;
        });
    }

    private async Task AnswerAsync(TcpClient near, TcpClient far)
    {
        var buffer = new byte[65_536];
        await WhileOpenAsync(async () =>
        {
            var read = await far.GetStream().ReadAsync(buffer, end.Token);
            if (read > 0 && silent != near)
                await near.GetStream().WriteAsync(buffer.AsMemory(0, read), end.Token);
            return read > 0;
        });
    }

    private static async Task WhileOpenAsync(Func<Task<bool>> step)
    {
        try
        {
            while (await step())
            {
            }
        }
        catch (Exception closed) when (closed is SocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // One side closed, or the test is over.
        }
    }
}

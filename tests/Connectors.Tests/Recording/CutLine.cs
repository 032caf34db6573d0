using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>
/// A line to a server that a test can cut. To the server, a process whose line is cut is a process that was killed: its sessions end and
/// nothing more comes from it.
/// </summary>
internal sealed class CutLine : IAsyncDisposable
{
    private readonly string host;
    private readonly int port;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> open = [];
    private readonly List<TcpClient> knocking = [];
    private Task accepting = Task.CompletedTask;
    private volatile bool cut;
    private int left = int.MaxValue;
    private readonly TaskCompletionSource whenCut = new();
    private bool lastArrives;
    private volatile Still? frozen;

    /// <param name="host">Where the server is.</param>
    /// <param name="port">Its port.</param>
    /// <param name="deaf">Nobody who knocks is answered, not even refused, until <see cref="Hear"/>.</param>
    public CutLine(string host, int port, bool deaf = false)
    {
        (this.host, this.port) = (host, port);
        listener.Start(deaf ? 1 : (int)SocketOptionName.MaxConnections);
        if (deaf)
            KeepBusy();
        else
            accepting = AcceptAsync();
    }

    /// <summary>From now on whoever knocks is let in.</summary>
    public void Hear()
    {
        knocking.ForEach(client => client.Dispose());
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends all connections; new ones end at once.</summary>
    public void Cut()
    {
        cut = true;
        whenCut.TrySetResult();
        Thaw();
        foreach (var client in open)
            client.Close();
    }

    public bool IsCut => cut;

    /// <summary>Ends when the line is cut.</summary>
    public Task WhenCut => whenCut.Task;

    /// <summary>Cuts at what is sent to the server as the n-th from now on: before it arrives, or before it is answered.</summary>
    public void CutAt(int sent, bool arrives)
    {
        lastArrives = arrives;
        Volatile.Write(ref left, sent);
    }

    public void Mend()
    {
        Volatile.Write(ref left, int.MaxValue);
        cut = false;
    }

    /// <summary>What the server answers from now on stands still until <see cref="Thaw"/>, as for a process that is frozen; what is sent arrives.</summary>
    /// <param name="port">Only what it answers this port of the line, as the server knows it; null = everything.</param>
    public void Freeze(int? port = null) => frozen = new Still(port, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Thaw() => Interlocked.Exchange(ref frozen, null)?.Over.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Cut();
        knocking.ForEach(client => client.Dispose());
        listener.Stop();
        await accepting;
    }

    // Two may wait to be let in; of more the system takes no notice.
    private void KeepBusy()
    {
        for (var i = 0; i < 2; i++)
        {
            knocking.Add(new TcpClient());
            knocking[^1].Connect(IPAddress.Loopback, Port);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync();
                if (cut)
                    near.Close();
                else
                    _ = JoinAsync(near);
            }
        }
        catch (Exception end) when (end is SocketException or InvalidOperationException)
        {
            // The listener was stopped: while it waited, or before it waited again.
        }
    }

    private async Task JoinAsync(TcpClient near)
    {
        using var far = new TcpClient();
        open.Add(near);
        open.Add(far);
        try
        {
            await far.ConnectAsync(host, port);
            if (cut)
                return;
            await Task.WhenAny(SendAsync(near.GetStream(), far.GetStream()), AnswerAsync(far, near.GetStream()));
        }
        catch (Exception end) when (end is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or closed by one side.
        }
        finally
        {
            near.Close();
            far.Close();
        }
    }

    private async Task SendAsync(NetworkStream near, NetworkStream far)
    {
        var buffer = new byte[64 * 1024];
        while (await near.ReadAsync(buffer) is > 0 and var length)
        {
            var last = Volatile.Read(ref left) != int.MaxValue && Interlocked.Decrement(ref left) == 0;
            if (!last || lastArrives)
                await far.WriteAsync(buffer.AsMemory(0, length));
            if (last)
            {
                Cut();
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient far, NetworkStream to)
    {
        var (buffer, port) = (new byte[16 * 1024], ((IPEndPoint)far.Client.LocalEndPoint!).Port);
        while (await far.GetStream().ReadAsync(buffer) is > 0 and var length)
        {
            if (frozen is { } still && (still.Port ?? port) == port)
                await still.Over.Task;
            await to.WriteAsync(buffer.AsMemory(0, length));
        }
    }

    private sealed record Still(int? Port, TaskCompletionSource Over);
}

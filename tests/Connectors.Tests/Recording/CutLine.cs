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
    private readonly Task accepting;
    private volatile bool cut;

    public CutLine(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends all connections; new ones end at once.</summary>
    public void Cut()
    {
        cut = true;
        foreach (var client in open)
            client.Close();
    }

    public void Mend() => cut = false;

    public async ValueTask DisposeAsync()
    {
        Cut();
        listener.Stop();
        await accepting;
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
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
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
}

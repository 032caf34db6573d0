using System.Net;
using System.Net.Sockets;

namespace OrderSync.Testing.Run;

/// <summary>
/// Ports of the loopback address for what a test process starts. They lie below those that the system gives to outgoing connections, which
/// would take one between our asking and a server's use of it, and in a block that no other process of this machine uses meanwhile.
/// </summary>
public static class TestPorts
{
    private const int First = 8_000;
    private const int Size = 200;
    private const int Blocks = 60;

    private static readonly Lock Gate = new();
    private static FileStream? claim;
    private static int block;
    private static int used;

    /// <summary>Free ports, all different; none of them is given out again until all others of the block were.</summary>
    public static int[] Take(int count)
    {
        lock (Gate)
        {
            if (claim is null)
                Claim();
            var (ports, tried) = (new int[count], 0);
            for (var i = 0; i < count; i++)
            {
                do
                {
                    if (tried++ == Size)
                        throw new InvalidOperationException($"No {count} of the {Size} ports from {First + block * Size} are free: end what listens there.");
                    ports[i] = First + block * Size + used++ % Size;
                }
                while (!IsFree(ports[i]));
            }
            return ports;
        }
    }

    /// <summary>True when nobody listens there now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The lock on the block's file lasts as long as this process.</summary>
    private static void Claim()
    {
        var start = Environment.ProcessId % Blocks;
        for (var i = 0; i < Blocks && claim is null; i++)
        {
            block = (start + i) % Blocks;
            try
            {
                claim = new FileStream(Path.Combine(Path.GetTempPath(), $"ordersync-test-ports-{block}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
            {
                // Another process or another user has this block: the next one.
            }
        }
        if (claim is null)
            throw new InvalidOperationException($"All {Blocks} blocks of test ports are in use: end other test runs, or remove {Path.GetTempPath()}ordersync-test-ports-*.");
    }
}

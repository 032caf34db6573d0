using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrderSync.AppHost.Local;

/// <summary>
/// Which port each endpoint has. A port stays the same from run to run; if somebody else has taken it, the next free one is used and remembered.
/// </summary>
internal sealed class Ports(string folder) : IDisposable
{
    // Above what the system gives to outgoing connections (up to 60999), which could sit on a port at the wrong moment.
    private const int First = 61000;
    private const int Room = 50;
    private const int Rooms = (IPEndPoint.MaxPort - First) / Room;

    private readonly string file = Path.Combine(folder, "ports.json");
    private readonly Dictionary<string, int> known = Files.ReadJson<Dictionary<string, int>>(Path.Combine(folder, "ports.json")) ?? [];
    private readonly Dictionary<string, TcpListener> held = [];
    private readonly List<Socket> claims = [];

    /// <summary>
    /// Servers and connectors, which nobody types in by hand, get ports from here on: another range for each state folder, so that two
    /// that start at a time do not meet.
    /// </summary>
    public int FirstOfServers { get; } = First + (int)(Convert.ToUInt32(StateFolder.Hash(folder), 16) % Rooms * Room);

    public int Of(Endpoint endpoint) =>
        known.TryGetValue(endpoint.Key, out var port)
            ? port
            : throw new DistributedApplicationException($"'{endpoint.Key}' has no port yet: run `./ordersync up` once.");

    /// <summary>Settles the ports of all endpoints; each is kept occupied until its part starts, see <see cref="Release"/>.</summary>
    public void Settle(IEnumerable<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var wanted = endpoint.Port is { } fix && !known.ContainsKey(endpoint.Key) ? fix : known.GetValueOrDefault(endpoint.Key, FirstOfServers);
            known[endpoint.Key] = Hold(endpoint.Key, wanted, others: [.. known.Where(other => other.Key != endpoint.Key).Select(other => other.Value)]);
        }
        Files.WritePrivate(file, JsonSerializer.Serialize(known, Files.Json));
    }

    /// <summary>Frees the ports of a part that is about to listen on them itself.</summary>
    public void Release(RunningResource part)
    {
        lock (held)
            foreach (var endpoint in part.Endpoints)
                if (held.Remove(endpoint.Key, out var listener))
                    listener.Stop();
    }

    public void Dispose()
    {
        lock (held)
            foreach (var listener in held.Values)
                listener.Stop();
        claims.ForEach(claim => claim.Dispose());
    }

    private int Hold(string key, int wanted, HashSet<int> others)
    {
        for (var port = wanted; port <= IPEndPoint.MaxPort; port++)
        {
            if (others.Contains(port))
                continue;
            if (TryClaim(port) is not { } claim)
                continue;
            claims.Add(claim);
            if (TryListen(port) is not { } listener)
                continue;
            held[key] = listener;
            return port;
        }
        throw new InvalidOperationException($"No port from {wanted} on is free.");
    }

    /// <summary>
    /// Whoever has chosen a TCP port holds the UDP port of the same number as long as it runs, which disturbs nobody: so another start
    /// sees that it is spoken for even while the part that will use it does not listen yet.
    /// </summary>
    private static Socket? TryClaim(int port)
    {
        var claim = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            claim.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return claim;
        }
        catch (SocketException)
        {
            claim.Dispose();
            return null;
        }
    }

    /// <summary>Null when somebody listens there.</summary>
    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}

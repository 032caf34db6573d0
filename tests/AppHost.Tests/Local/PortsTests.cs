using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local;

namespace OrderSync.AppHost.Tests.Local;

public sealed class PortsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ports").FullName;

    [Fact]
    public void A_taken_port_is_replaced_by_the_next_free_one_which_is_remembered()
    {
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        var taken = ((IPEndPoint)somebody.LocalEndpoint).Port;
        var endpoint = new Endpoint("gateway", "http", "http", taken);

        var chosen = Settle(endpoint);
        Assert.True(chosen > taken);
        somebody.Stop();
        Assert.Equal(chosen, Settle(endpoint));
    }

    [Fact]
    public void A_free_port_is_the_one_people_expect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var free = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Equal(free, Settle(new Endpoint("gateway", "http", "http", free)));
    }

    [Fact]
    public void Two_endpoints_never_share_a_port()
    {
        using var ports = Open();
        Endpoint[] endpoints = [.. Enumerable.Range(0, 5).Select(number => new Endpoint($"part{number}", "tcp", "tcp", null))];
        ports.Settle(endpoints);
        Assert.Equal(5, endpoints.Select(ports.Of).Distinct().Count());
        Assert.All(endpoints, endpoint => Assert.True(ports.Of(endpoint) >= ports.FirstOfServers));
    }

    [Fact]
    public void Servers_of_two_state_folders_start_in_different_ranges_outside_that_of_outgoing_connections()
    {
        int[] starts = [.. Enumerable.Range(0, 200).Select(number => new Ports($"/nowhere/{number}").FirstOfServers)];
        Assert.InRange(starts.Distinct().Count(), 50, 200);
        Assert.All(starts, start => Assert.InRange(start, 61_000, 65_500));
    }

    [Fact]
    public void A_port_is_kept_from_others_until_its_part_starts()
    {
        var part = new RedisResource("redis", new ParameterResource("password", new GenerateParameterDefault()));
        using var ports = Open();
        ports.Settle(part.Endpoints);
        var port = ports.Of(part.Endpoints[0]);
        Assert.Throws<SocketException>(() => Listen(port));
        ports.Release(part);
        Listen(port);
    }

    [Fact]
    public void A_port_stays_spoken_for_between_the_start_of_its_part_and_its_listening()
    {
        var part = new RedisResource("redis", new ParameterResource("password", new GenerateParameterDefault()));
        using var ports = Open();
        ports.Settle(part.Endpoints);
        ports.Release(part);
        using var other = Open();
        other.Settle(part.Endpoints);
        Assert.NotEqual(ports.Of(part.Endpoints[0]), other.Of(part.Endpoints[0]));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Ports Open() => new(folder);

    private int Settle(Endpoint endpoint)
    {
        using var ports = Open();
        ports.Settle([endpoint]);
        return ports.Of(endpoint);
    }

    private static void Listen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }
}

using System.Net;

namespace OrderSync.Gateway.Traffic;

/// <summary>How much may come from where, section Limits; each figure holds for one replica. Advertised in capabilities.</summary>
internal sealed class LimitSettings
{
    /// <summary>Requests of one device.</summary>
    public Rate Device { get; init; } = new() { Burst = 60, PerSecond = 4 };

    /// <summary>Requests of one company: its devices and its office together.</summary>
    public Rate Company { get; init; } = new() { Burst = 1_000, PerSecond = 200 };

    /// <summary>Pushes that are worked on at once; others wait for their company's turn. Each takes a connection of the database.</summary>
    public int Pushes { get; init; } = 12;

    /// <summary>Megabytes of bodies that are read, wait or are worked on.</summary>
    public int BodyMegabytes { get; init; } = 128;

    /// <summary>Failed tries a minute of one address at codes, refresh tokens, API keys and passwords together.</summary>
    public int AddressFailures { get; init; } = 30;

    /// <summary>Wrong enrolment and invitation codes a minute, from all addresses together.</summary>
    public int CodeFailures { get; init; } = 1_000;

    /// <summary>Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    public string? WhyNot() =>
        Device.WhyNot("Device") ?? Company.WhyNot("Company")
        ?? (Pushes is < 1 or > 1_000 ? "Pushes must be from 1 to 1000." : null)
        ?? (BodyMegabytes is < 96 or > 100_000 ? "BodyMegabytes must be from 96 to 100000: one body unpacks in up to 32, and a company alone holds at most half." : null)
        ?? (AddressFailures is < 1 or > 1_000_000 ? "AddressFailures must be from 1 to 1000000." : null)
        ?? (CodeFailures is < 1 or > 1_000_000 ? "CodeFailures must be from 1 to 1000000." : null)
        ?? Proxies.Where(proxy => Network(proxy) is null).Select(proxy => $"Proxies: {proxy} is neither an address nor a network.").FirstOrDefault();

    /// <summary>The network a proxy is named by; a single address is a network of one.</summary>
    public static IPNetwork? Network(string proxy) =>
        IPNetwork.TryParse(proxy, out var network) ? network
        : IPAddress.TryParse(proxy, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}

/// <summary>A bucket of requests: so many at once, refilled with so many a second.</summary>
internal sealed class Rate
{
    public int Burst { get; init; }

    public int PerSecond { get; init; }

    public string? WhyNot(string name) =>
        Burst is < 1 or > 10_000_000 ? $"{name}:Burst must be from 1 to 10000000."
        : PerSecond is < 1 or > 10_000_000 ? $"{name}:PerSecond must be from 1 to 10000000."
        : null;
}

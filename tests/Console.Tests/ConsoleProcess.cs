using OrderSync.Testing;

namespace OrderSync.Console.Tests;

/// <summary>The console as a process of its own.</summary>
public static class ConsoleProcess
{
    public static Task<ServiceProcess> StartAsync(Uri gateway, int? port = null) => ServiceProcess.StartAsync("services/Console", new Dictionary<string, string>
    {
        ["Gateway__Address"] = gateway.OriginalString,
        ["Forms__Key"] = "only-for-tests-only-for-tests-only-for-tests",
    }, port: port);
}

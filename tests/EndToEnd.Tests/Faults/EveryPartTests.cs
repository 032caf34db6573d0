using OrderSync.Testing;
using OrderSync.Testing.Run;
using Xunit.Abstractions;

namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>What `./ordersync up` runs, as people run it, and `./ordersync faults` on it.</summary>
[InFull]
public sealed class EveryPartTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly Dictionary<string, string> environment = new() { ["ORDERSYNC_FOLDER"] = TestFolder.Create("up") };

    public async Task InitializeAsync()
    {
        var (code, said) = await ServiceProcess.RunAsync("AppHost", environment, "up", "--detach");
        Assert.True(code == 0, said);
    }

    public Task DisposeAsync() => ServiceProcess.RunAsync("AppHost", environment, "down", "--purge");

    [Fact]
    public async Task F036_F104_F106_F113_Every_part_is_killed_while_orders_come_in_on_bad_lines_and_answers_are_lost_and_every_promise_is_kept()
    {
        var (code, said) = await ServiceProcess.RunAsync("clients/Simulator", environment, Servers.Full ? ["faults", "--orders", "1000", "--rounds", "5", "--wait", "60"] : ["faults", "--orders", "200"]);

        output.WriteLine(said);
        Assert.True(code == 0, said);
        foreach (var part in new[] { "gateway", "zoho", "email", "sandbox", "rabbitmq", "postgres" })
            Assert.Contains($"{part} killed at", said, StringComparison.Ordinal);
        Assert.Equal(7, said.Split('\n').Count(line => line.StartsWith("✓ I", StringComparison.Ordinal)));
    }
}

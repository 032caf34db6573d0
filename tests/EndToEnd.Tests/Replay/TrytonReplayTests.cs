using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Replay;

/// <summary>Past sales into the real Tryton, through everything; in the full tier.</summary>
public sealed class TrytonReplayTests
{
    private const int Orders = 30;

    [Fact]
    [InFull]
    public async Task F103_F104_A_replay_into_the_real_Tryton_has_each_order_once_to_the_cent_though_the_connector_is_killed_twice()
    {
        var tryton = await Servers.TrytonAsync();
        await tryton.MakeDatabaseAsync("erp");
        await using var erp = await tryton.StartAsync();
        await using var system = await WholeSystem.StartAsync(more: "Tryton");
        // As `up --with-tryton` would have written it down.
        await File.WriteAllTextAsync(Path.Combine(system.Memory, "ordersync.json"), JsonSerializer.Serialize(new
        {
            urls = new Dictionary<string, string> { ["tryton-server"] = erp.Address.OriginalString },
            parameters = new Dictionary<string, string> { ["tryton-server-password"] = tryton.Password },
        }));
        await using var company = await system.CompanyAsync("Company with a real Tryton");

        var replay = company.ReplayAsync("--into", "tryton", "--currency", "EUR", "--limit", $"{Orders}");
        foreach (var share in new[] { 3, 2 })
        {
            await Eventually.TrueAsync(async () => replay.IsCompleted || await company.DoneAsync("tryton") >= Orders / share, $"1/{share} of the orders", TimeSpan.FromMinutes(3));
            Assert.False(replay.IsCompleted, "It was over before the connector was killed.");
            await system.More["tryton"].KillAsync();
            await system.More["tryton"].StartAsync();
        }

        var (code, output) = await replay;
        Assert.True(code == 0, output);
        Assert.StartsWith($"stored {Orders} · in ERP {Orders} · mailed {Orders} · attention 0 · captured ", SixtyOrdersTests.LastLine(output), StringComparison.Ordinal);
    }
}

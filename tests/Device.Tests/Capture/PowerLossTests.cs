using System.Globalization;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Device.Tests;

/// <summary>What an app confirmed to a person is there after the power was gone.</summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private static readonly int Kills = Servers.Full ? 100 : 3;

    [Fact]
    public async Task F036_Whatever_was_confirmed_before_a_kill_9_is_there_once_and_the_order_of_capture_has_no_gap()
    {
        using var folder = new ScratchFolder();
        var random = new Random(20261122);
        var confirmed = new Dictionary<Guid, long>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            foreach (var (seq, id) in await CaptureUntilKilledAsync(folder.File, random.Next(1, 40)))
                confirmed.Add(id, seq);

            using var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere });
            var kept = device.Records();
            Assert.Equal(Enumerable.Range(1, kept.Count).Select(seq => (long)seq), kept.Select(record => record.Seq));
            var byId = kept.ToDictionary(record => record.Id);
            Assert.All(confirmed, one => Assert.Equal(one.Value, byId[one.Key].Seq));
            // What a kill caught between writing and saying so is there as well: at most one for each kill.
            Assert.InRange(kept.Count - confirmed.Count, 0, kill);
            Assert.Equal(kept.Count, device.State.ToSend);
        }

        output.WriteLine($"{confirmed.Count} captures confirmed over {Kills} kills");
    }

    [Fact]
    public void Every_transaction_waits_for_the_disk()
    {
        using var folder = new ScratchFolder();
        using var file = DeviceFile.Open(folder.File, null);

        Assert.Equal(("wal", 2L), (file.Query("pragma journal_mode", row => row.GetString(0))[0], file.Count("pragma synchronous")));
        Assert.Equal("exclusive", file.Query("pragma locking_mode", row => row.GetString(0))[0]);
    }

    private static async Task<List<(long Seq, Guid Id)>> CaptureUntilKilledAsync(string file, int captures)
    {
        using var app = CapturingApp.Start(file);
        var confirmed = new List<(long, Guid)>();
        while (await app.StandardOutput.ReadLineAsync() is { } line)
        {
            // Only whole lines count: the last one may be cut.
            if (line.Split(' ') is [var seq, { Length: 36 } id])
                confirmed.Add((long.Parse(seq, CultureInfo.InvariantCulture), Guid.Parse(id)));
            if (confirmed.Count == captures)
                app.Kill();
        }

        await app.WaitForExitAsync();
        Assert.True(confirmed.Count >= captures, $"The app ended by itself after {confirmed.Count} captures.");
        return confirmed;
    }
}

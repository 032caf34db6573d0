using System.Text;
using OrderSync.Contracts;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Device.Tests;

/// <summary>What has gathered over weeks goes out from a device that has little memory, into a gateway that has little of it too and takes so many requests a second.</summary>
[Collection("gateway")]
[InCi]
public sealed class LargeOutboxTests(GatewayFixture gateway, ITestOutputHelper output)
{
    private const string Push = "/v1/sync/push";
    private const long DeviceBytes = 48 * 1024 * 1024, GatewayBytes = 192 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(Servers.Full ? 10 : 2);
    private static readonly int Records = Servers.Full ? 20_000 : 1_500;

    [Fact]
    public async Task F047_An_outbox_of_weeks_drains_with_back_pressure_in_flat_memory_on_both_sides()
    {
        using var folder = new ScratchFolder();
        await using var small = await ServiceProcess.StartAsync("services/Gateway", new Dictionary<string, string>(gateway.Environment)
        {
            ["Limits__Device__Burst"] = "6", ["Limits__Device__PerSecond"] = "5", ["DOTNET_GCHeapHardLimit"] = GatewayBytes.ToString("X", System.Globalization.CultureInfo.InvariantCulture),
        });
        var pushes = 0;
        await using var line = new Line(small.Url, request =>
        {
            if (request.Path == Push)
                Interlocked.Increment(ref pushes);
            return LineFate.Passes;
        });
        Guid device;
        using (var app = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = line.Address, Downloads = false }))
        {
            await app.EnrolAsync(await TestDevice.CodeAsync(gateway.Office));
            app.Import(Weeks());
            device = app.DeviceId!.Value;
        }

        var bytes = new FileInfo(folder.File).Length;
        using var draining = CapturingApp.StartWith(DeviceBytes, "drain", folder.File, line.Address.AbsoluteUri);
        var (said, trouble) = (draining.StandardOutput.ReadToEndAsync(), draining.StandardError.ReadToEndAsync());
        try
        {
            await draining.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            draining.Kill();
        }

        Assert.True(draining.ExitCode == 0, await trouble);
        Assert.Equal(Records, await gateway.Scalar<int>($"select count(*)::int from gateway.record where device_id = '{device}' and state = 'accepted'"));
        // A hundred at a time would be as many requests; the others were asked to come again later.
        Assert.True(pushes > Records / 100, $"{pushes} pushes: none was held up");
        output.WriteLine($"{Records} records, {bytes / 1024 / 1024} MB on the device, {pushes} pushes; device heap and process: {(await said).Trim()} MB; gateway process at most {Peak(small.ProcessId)} MB");
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Weeks()
    {
        var notes = new string('x', 3_000);
        for (var seq = 1; seq <= Records; seq++)
        {
            var customer = An.Customer(seq: seq);
            customer["body"]!["notes"] = notes;
            yield return Encoding.UTF8.GetBytes(customer.ToJsonString(ContractJson.Options));
        }
    }

    private static long Peak(int process) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
}

using System.Diagnostics;
using System.Text;
using OrderSync.Contracts;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Device.Tests;

/// <summary>What has gathered over weeks goes out from a device that has little memory, into a gateway that has little of it too, past one that asks every fifth request to come later.</summary>
[Collection("gateway")]
[InCi]
public sealed class LargeOutboxTests(GatewayFixture gateway, ITestOutputHelper output)
{
    private const string Push = "/v1/sync/push";
    private const string Problem = """{"type":"rate.device","detail":"Later."}""";
    private static readonly string TooMany = $"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Type: application/problem+json\r\nContent-Length: {Problem.Length}\r\nConnection: close\r\n\r\n{Problem}";
    private const long DeviceBytes = 48 * 1024 * 1024, GatewayBytes = 192 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(Servers.Full ? 10 : 2);
    private static readonly int Records = Servers.Full ? 20_000 : 1_500;

    [Fact]
    public async Task F047_An_outbox_of_weeks_drains_with_back_pressure_in_flat_memory_on_both_sides()
    {
        using var folder = new ScratchFolder();
        await using var small = await ServiceProcess.StartAsync("services/Gateway", new Dictionary<string, string>(gateway.Environment)
        {
            ["DOTNET_GCHeapHardLimit"] = GatewayBytes.ToString("X", System.Globalization.CultureInfo.InvariantCulture),
        });
        var (came, refused) = (new List<long>(), new List<int>());
        await using var line = new Line(small.Url, request =>
        {
            if (request.Path != Push)
                return LineFate.Passes;
            came.Add(Stopwatch.GetTimestamp());
            if (came.Count % 5 != 0)
                return LineFate.Passes;
            refused.Add(came.Count - 1);
            return new LineFate { AnsweredWith = TooMany };
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
        Assert.Equal(Records / 100 + refused.Count, came.Count);
        Assert.True(refused.Count > 2);
        Assert.All(refused, at => Assert.True(Stopwatch.GetElapsedTime(came[at], came[at + 1]) >= TimeSpan.FromSeconds(1), "the device came again before it was asked to"));
        output.WriteLine($"{Records} records, {bytes / 1024 / 1024} MB on the device, {came.Count} pushes, {refused.Count} of them asked to come later; device heap and process: {(await said).Trim()} MB; gateway process at most {Peak(small.ProcessId)} MB");
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

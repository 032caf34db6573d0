using System.Net;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Device.Tests;

/// <summary>Fleets of devices as the simulator has them.</summary>
[Collection("gateway")]
public sealed class DeviceFleetTests(GatewayFixture gateway, ITestOutputHelper output)
{
    private const int Seed = 20_261_122;
    private static readonly int Entries = Servers.Full ? 100 : 8;

    [Fact]
    public async Task F039_F041_Whatever_bad_lines_do_each_entry_of_each_device_is_stored_once_and_in_its_order()
    {
        using var folder = new ScratchFolder();
        var plan = Plan(folder, 3) with { LineOf = FleetPlan.BadLines(Seed) };
        await using var fleet = await OpenAsync(plan);
        // While they capture they send, as apps do; the first two are of one rep.
        var captured = new List<Captured>[3];
        await Task.WhenAll(fleet.Devices.Select(async (member, place) =>
        {
            captured[place] = CaptureSome(member.Device);
            await member.DrainAsync(Patience(), default);
            captured[place].AddRange(CaptureSome(member.Device));
            await member.DrainAsync(Patience(), default);
        }));

        Assert.Equal(["OrderSync Simulator 1.0.0, 0 waiting"], await gateway.Scalar<string[]>(
            $"select array_agg(distinct app || ', ' || waiting || ' waiting') from gateway.device where device_id in ({string.Join(',', fleet.Devices.Select(member => $"'{member.Device.DeviceId}'"))})"));
        Assert.Equal(["Ada", "Ada", "Ben"], fleet.Devices.Select(member => member.Rep));
        foreach (var (member, entries) in fleet.Devices.Zip(captured))
        {
            Assert.Equal("Nothing to send", member.Device.State.ToString());
            Assert.All(member.Device.Records(), record => Assert.Equal(RecordState.Accepted, record.State));
            var ids = string.Join(',', entries.Select(entry => $"'{entry.Id}'"));
            var seqs = await gateway.Scalar<long[]>($"select array_agg(seq order by record_id) from gateway.record where device_id = '{member.Device.DeviceId}' and record_id in ({ids}) and state = 'accepted'");
            Assert.Equal(entries.Select(entry => entry.Seq), seqs);
            Assert.Equal(entries.Count, await gateway.Scalar<long>($"select count(*) from gateway.capture where record_id in ({ids})"));
        }

        var (requests, cuts, copies) = (fleet.Devices.Sum(one => one.Line!.Requests), fleet.Devices.Sum(one => one.Line!.Cuts), fleet.Devices.Sum(one => one.Line!.Copies));
        output.WriteLine($"seed {Seed}: {requests} requests, {cuts} cut, {copies} delivered twice");
        Assert.True(cuts > 0 && copies > 0);
    }

    [Fact]
    public async Task The_same_folder_gives_the_same_devices_and_one_the_office_revoked_is_set_aside()
    {
        using var folder = new ScratchFolder();
        List<Guid?> first, second, third;
        await using (var fleet = await OpenAsync(Plan(folder, 2)))
            first = [.. fleet.Devices.Select(member => member.Device.DeviceId)];
        await using (var fleet = await OpenAsync(Plan(folder, 2)))
            second = [.. fleet.Devices.Select(member => member.Device.DeviceId)];
        await gateway.Execute($"update gateway.device set revoked_at = now() where device_id = '{first[0]}'");
        await using (var fleet = await OpenAsync(Plan(folder, 2)))
            third = [.. fleet.Devices.Select(member => member.Device.DeviceId)];

        Assert.Equal(first, second);
        Assert.Equal(first[1], third[1]);
        Assert.NotEqual(first[0], third[0]);
        Assert.Single(Directory.GetFiles(folder.Folder, "revoked-*.db"));
    }

    [Fact]
    public async Task A_fleet_whose_gateway_is_away_says_so_when_the_time_is_up()
    {
        using var folder = new ScratchFolder();
        await using var fleet = await OpenAsync(Plan(folder, 1) with { LineOf = _ => request => request.Path == "/v1/sync/push" ? new LineFate { CutRequestAt = 10 } : LineFate.Passes });
        CaptureSome(fleet.Devices[0].Device);
        var said = new List<string>();
        var patience = new Patience(TimeProvider.System, DateTimeOffset.UtcNow.AddSeconds(0.5));
        patience.Waits += said.Add;

        var silence = await Assert.ThrowsAsync<NoAnswer>(() => fleet.DrainAsync(patience, default));

        Assert.StartsWith("No answer from http://127.0.0.1:", silence.Message, StringComparison.Ordinal);
        Assert.Contains(silence.Message, said);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Office.GetAsync(new Uri("/v1/ping", UriKind.Relative))).StatusCode);
    }

    private static List<Captured> CaptureSome(SyncDevice device)
    {
        var customer = device.Capture(Entered.Customer());
        return [customer, .. Enumerable.Range(0, Entries).Select(_ => device.Capture(Entered.Order(customer.Id)))];
    }

    private FleetPlan Plan(ScratchFolder folder, int devices) => new(gateway.Gateway.Url, folder.Folder, devices, "Bad line") { RepOf = place => place < 2 ? "Ada" : "Ben" };

    private Task<DeviceFleet> OpenAsync(FleetPlan plan) => DeviceFleet.OpenAsync(plan, (rep, _) => TestDevice.CodeAsync(gateway.Office, rep), Patience(), default);

    private static Patience Patience() => new(TimeProvider.System, DateTimeOffset.UtcNow.AddMinutes(1));
}

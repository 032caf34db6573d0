using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;

namespace OrderSync.Device.Tests;

/// <summary>What the office sees of a device because the device says it.</summary>
[Collection("gateway")]
public sealed class SaysOfItselfTests(GatewayFixture gateway)
{
    private const string Push = "/v1/sync/push";
    private const string Switches = "/v1/devices/self/switches";

    [Fact]
    public async Task F129_The_office_sees_which_app_a_device_runs_and_how_much_waits_behind_its_last_push()
    {
        await using var site = await Site.OpenAsync(gateway, options => options with { App = "Field Sales 3.2" });
        for (var i = 0; i < PushLimits.Chunk + 2; i++)
            site.Device.Capture(Entered.Customer());
        site.Fate = request => request.Path == Push && site.Asked(Push) == 2 ? new LineFate { CutRequestAt = 10 } : LineFate.Passes;

        await site.Device.SyncNowAsync();
        var between = await site.SelfAtOfficeAsync();
        await site.Device.SyncNowAsync();
        var after = await site.SelfAtOfficeAsync();

        Assert.Equal(("Field Sales 3.2", 2), (between.GetProperty("app").GetString(), between.GetProperty("waiting").GetInt32()));
        Assert.Equal(("Field Sales 3.2", 0), (after.GetProperty("app").GetString(), after.GetProperty("waiting").GetInt32()));
    }

    [Theory]
    [InlineData("Außendienst 3.2")]
    [InlineData("Field Sales\r\n3.2")]
    [InlineData("Field Sales of a name that is as long as nobody could ever read it beside a device 3.2")]
    public void A_name_that_could_not_be_sent_is_refused_where_it_is_set(string app) =>
        Assert.StartsWith("DeviceOptions.App has 80 characters", Assert.Throws<ArgumentException>(() => new DeviceOptions { App = app }).Message, StringComparison.Ordinal);

    [Fact]
    public async Task F006_Switches_are_kept_without_a_line_told_until_there_is_an_answer_and_only_once()
    {
        await using var site = await Site.OpenAsync(gateway);
        site.Fate = request => request.Path == Switches && site.Asked(Switches) == 1 ? new LineFate { CutAnswerAt = 0 } : LineFate.Passes;
        site.Device.Switch(new SetupSwitches { OfflineMode = true });
        site.Reopen();
        site.Device.Capture(Entered.Customer());

        var reports = new[] { await site.Device.SyncNowAsync(), await site.Device.SyncNowAsync() };
        site.Device.Switch(new SetupSwitches { OfflineMode = true });
        await site.Device.SyncNowAsync();
        var (once, told) = (site.Asked(Switches), await SwitchesAsync(site));
        site.Device.Switch(new SetupSwitches { IncrementalSync = false });
        await site.Device.SyncNowAsync();

        // No record waits for a switch.
        Assert.Equal((1, 0), (reports[0].Accepted, reports[0].Left));
        Assert.StartsWith("No answer from", reports[0].Trouble, StringComparison.Ordinal);
        Assert.Null(reports[1].Trouble);
        Assert.Equal(2, once);
        Assert.Equal(["incrementalSync: , ", "offlineMode: True, Ada, on the device"], told);
        Assert.Equal(["incrementalSync: False, Ada, on the device", "offlineMode: True, Ada, on the device"], await SwitchesAsync(site));
        Assert.Equal(new SetupSwitches { IncrementalSync = false, OfflineMode = true }, site.Device.Switches);
    }

    [Fact]
    public void Another_device_at_the_gateway_tells_its_switches_anew()
    {
        using var folder = new ScratchFolder();
        using var file = DeviceFile.Open(folder.File, null);
        using var credentials = new Credentials(file, new DeviceOptions());
        var switches = new Switches(file);
        var (company, device) = (Guid.NewGuid(), Guid.NewGuid());
        credentials.Enrolled(CapturingApp.Nowhere, company, device, "token", "refresh");
        switches.Set(new SetupSwitches { OfflineMode = true });
        switches.Told(new SetupSwitches { OfflineMode = false });
        var meanwhile = switches.Untold;
        switches.Told(new SetupSwitches { OfflineMode = true });

        credentials.Enrolled(CapturingApp.Nowhere, company, device, "token", "refresh");
        var same = switches.Untold;
        credentials.Enrolled(CapturingApp.Nowhere, company, Guid.NewGuid(), "token", "refresh");

        Assert.Equal((new SetupSwitches { OfflineMode = true }, null, new SetupSwitches { OfflineMode = true }), (meanwhile, same, switches.Untold));
    }

    private static async Task<List<string>> SwitchesAsync(Site site) => [.. (await site.SelfAtOfficeAsync()).GetProperty("switches").EnumerateArray()
        .Select(one => $"{one.GetProperty("name")}: {(one.TryGetProperty("on", out var on) ? on.ToString() : "")}, {(one.TryGetProperty("changedBy", out var by) ? by.ToString() : "")}")];
}

using System.Globalization;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Tests.Feed;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Activities;

[Collection("office-2")]
public sealed class ActivityTests(GatewayFixture gateway)
{
    private static JsonObject Clock(string direction, string time) => An.Activity("attendance", part: ("attendance", $$"""{"direction":"{{direction}}"}"""), capturedAt: $"2026-03-03T{time}:00+01:00");

    private static JsonObject Location(Guid id, string name, string time, bool removed = false) => An.Activity(
        "location", part: ("location", $$"""{"id":"{{id}}","name":"{{name}}","position":{"latitude":52.5,"longitude":13.4},"removed":{{(removed ? "true" : "false")}}}"""), capturedAt: $"2026-03-03T{time}:00+01:00");

    [Fact]
    public async Task F090_Attendance_is_taken_as_it_was_and_flagged_where_it_does_not_fit()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");

        var verdicts = await device.PushAsync(Clock("out", "07:00"), Clock("in", "08:00"), Clock("in", "08:05"), Clock("out", "12:00"));
        var later = await device.PushAsync(Clock("out", "12:30"), Clock("in", "13:00"));

        Assert.All(verdicts.Concat(later), verdict => Assert.Equal("accepted", verdict.Outcome()));
        Assert.Equal(["attendance.outWithoutIn", null, "attendance.overlapping", null, "attendance.outWithoutIn", null], verdicts.Concat(later).Select(Said.Code));
        Assert.Equal("refused", Assert.Single(await device.PushAsync(Clock("sideways", "14:00"))).Outcome());
    }

    [Fact]
    public async Task F090_The_captured_time_and_how_far_the_devices_clock_was_off_are_kept()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var clock = Clock("in", "08:00");
        await device.PushAsync(clock);

        var kept = await gateway.Scalar<string>($"select captured_at at time zone 'UTC' || ' ' || (skew_ms is not null) from gateway.activity where record_id = '{clock["id"]!.GetValue<Guid>()}'");
        Assert.Equal("2026-03-03 07:00:00 true", kept);
    }

    [Fact]
    public async Task F091_Counts_and_audits_are_kept_line_by_line_and_change_no_stock()
    {
        using var device = await gateway.EnrolAsync();
        var before = await gateway.Scalar<string>("select coalesce(md5(string_agg(s::text, ',' order by s::text)), '') from gateway.stock s");
        var count = An.Activity("stockCount", part: ("count", """[{"sku":"SKU-1","quantity":4.5,"place":"A1"},{"sku":"SKU-12","quantity":0}]"""));

        var verdicts = await device.PushAsync(
            count, An.Activity("audit", part: ("count", """[{"sku":"NO-SUCH","quantity":1}]""")), An.Activity("audit"), An.Activity("stockCount"),
            An.Activity("stockCount", part: ("count", """[{"sku":"SKU-1","quantity":-1}]""")));

        Assert.Equal(["accepted ", "accepted count.itemUnknown", "accepted ", "refused count.lines", "refused count.line"], verdicts.Select(verdict => $"{verdict.Outcome()} {verdict.Code()}"));
        var lines = (await gateway.RecordAsync(count["id"]!.GetValue<Guid>())).GetProperty("captured").GetProperty("body").GetProperty("count");
        Assert.Equal(4.5m, lines[0].GetProperty("quantity").GetDecimal());
        Assert.Equal(before, await gateway.Scalar<string>("select coalesce(md5(string_agg(s::text, ',' order by s::text)), '') from gateway.stock s"));
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.delivery where record_id = '{count["id"]!.GetValue<Guid>()}'"));
    }

    [Fact]
    public async Task F080_A_saved_location_is_on_the_reps_other_device_and_nobody_elses_and_changes_and_goes_there_too()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Rep {Guid.NewGuid():N}");
        var (id, gone) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var phone = await gateway.EnrolAsync(name);
        using var tablet = await ModelDevice.EnrolAsync(gateway, name);
        using var stranger = await ModelDevice.EnrolAsync(gateway);
        await tablet.SyncAsync();

        Assert.All(await phone.PushAsync(Location(id, "Back door", "10:00"), Location(gone, "Old shop", "10:01")), verdict => Assert.Equal("accepted", verdict.Outcome()));
        await tablet.SyncAsync();
        Assert.Equal("Back door 52.5 13.4", string.Join(' ', new[] { "name", "latitude", "longitude" }.Select(field => tablet.Row("locations", id.ToString()).GetProperty(field).ToString())));

        // The one captured later stays, in whatever order they come.
        await phone.PushAsync(Location(id, "Side door", "11:00"));
        await phone.PushAsync(Location(id, "Cellar", "10:30"), Location(gone, "Old shop", "11:00", removed: true));
        await tablet.SyncAsync();
        Assert.Equal("Side door", tablet.Row("locations", id.ToString()).GetProperty("name").GetString());
        Assert.DoesNotContain(gone.ToString(), tablet.Rows("locations").Keys);
        tablet.AssertEqual();
        await stranger.SyncAsync();
        Assert.DoesNotContain(id.ToString(), stranger.Rows("locations").Keys);
    }

    [Fact]
    public async Task Other_types_are_kept_as_they_are()
    {
        using var device = await gateway.EnrolAsync();
        var activity = An.Activity("hedgehogSurvey", part: ("hedgehogs", """[{"name":"Ida","mood":{"value":7}}]"""));

        Assert.Equal("accepted", Assert.Single(await device.PushAsync(activity)).Outcome());

        Assert.Equal(7, (await gateway.RecordAsync(activity["id"]!.GetValue<Guid>())).GetProperty("captured").GetProperty("body").GetProperty("hedgehogs")[0].GetProperty("mood").GetProperty("value").GetInt32());
    }
}

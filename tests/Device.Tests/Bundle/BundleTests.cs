using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Device.Tests.Bundle;

/// <summary>A device's outbox as a file, imported by the office: whichever way it comes, what stands in the end is what an upload leaves.</summary>
[Collection("gateway")]
public sealed class BundleTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F125_F126_F127_F128_Twice_in_halves_in_reverse_before_and_after_an_upload_and_from_a_lost_device_a_bundle_leaves_one_end_state()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var online = await site.Device.SyncNowAsync();
        Assert.Equal((Carried.Records, 9, 1, 0), (online.Sent, online.Accepted, online.Refused, online.Left));
        var expected = await carried.EndAsync();

        // Twice; then the device comes online with the same.
        await carried.BeginAsync();
        var file = carried.Export();
        Assert.Equal(["taken", "taken", "taken"], await carried.TakenAsync(file));
        Assert.Equal(expected, await carried.EndAsync());
        Assert.Equal(["taken", "taken", "taken"], await carried.TakenAsync(file));
        Assert.Equal(expected, await carried.EndAsync());
        await UploadsAfterAsync(carried, expected);

        // In halves and in reverse: the last part alone, then the others the wrong way round.
        await carried.BeginAsync();
        file = carried.Export();
        var parts = Carried.PartsOf(file);
        await carried.TakenAsync(parts[2]);
        Assert.Equal(("incomplete", 1), Stands(await carried.BundleAsync(file)));
        await carried.TakenAsync(parts[1], parts[0]);
        Assert.Equal(("done", 3), Stands(await carried.BundleAsync(file)));
        Assert.Equal(expected, await carried.EndAsync());
        await UploadsAfterAsync(carried, expected);

        // After an upload: nothing but repeats.
        await carried.BeginAsync();
        file = carried.Export();
        await site.Device.SyncNowAsync();
        await carried.TakenAsync(file);
        Assert.Equal(expected, await carried.EndAsync());
        Assert.Equal(9, (await carried.RecordsAsync(file)).Count(record => record.GetProperty("outcome").GetString() == "duplicate"));

        // Of a lost device each record waits for the office, also when it is brought again.
        await carried.BeginAsync();
        file = carried.Export();
        await carried.LoseAsync();
        Assert.Equal(["held", "held", "held"], await carried.TakenAsync(file));
        Assert.DoesNotContain(await carried.EndAsync(), row => row.StartsWith("record ", StringComparison.Ordinal));
        Assert.Equal(1, await carried.DecideAsync(file, "approve", new[] { new { part = 1, line = 1 } }));
        Assert.Equal(["held", "held", "held"], await carried.TakenAsync(file));
        Assert.Equal(9, await carried.DecideAsync(file, "approve"));
        Assert.Equal(("done", 3), Stands(await carried.BundleAsync(file)));
        Assert.Equal(expected, await carried.EndAsync());
        Assert.Equal(["taken", "taken", "taken"], await carried.TakenAsync(file));
        Assert.Equal(expected, await carried.EndAsync());
        await carried.LoseAsync(lost: false);
        await UploadsAfterAsync(carried, expected);
    }

    [Fact]
    public async Task F127_What_was_exported_stays_listed_on_the_device_until_the_gateway_has_answered_for_it()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        Assert.All(site.Device.Outbox.Records(), record => Assert.Null(record.ExportedAt));

        var file = carried.Export();
        await carried.TakenAsync(file);
        site.Reopen();

        var listed = site.Device.Outbox.Records();
        Assert.Equal(Carried.Records, listed.Count);
        Assert.All(listed, record => Assert.NotNull(record.ExportedAt));
        await site.Device.SyncNowAsync();
        Assert.Empty(site.Device.Outbox.Records());
        // The device's records and the server's: no difference.
        var known = await gateway.Scalar<Guid[]>($"select array_agg(record_id order by record_id) from gateway.record where device_id = '{site.Device.DeviceId}'");
        Assert.Equal(site.Device.Records().Select(record => record.Id).Order(), known.Order());
    }

    [Fact]
    public async Task F125_Each_record_of_a_bundle_shows_what_became_of_it_in_the_readers_words()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var file = carried.Export();
        await carried.TakenAsync(file);
        // Somebody has brought it: the device itself was not here.
        Assert.False((await site.SelfAtOfficeAsync()).TryGetProperty("lastPushAt", out _));

        var records = await carried.RecordsAsync(file, "?limit=4");
        records.AddRange(await carried.RecordsAsync(file, "?afterPart=1&afterLine=4"));
        Assert.Equal(site.Device.Records().Select(record => record.Id), records.Select(record => record.GetProperty("recordId").GetGuid()));
        Assert.Equal("SO-MAIN-000001", records[1].GetProperty("number").GetString());
        Assert.Equal(("R-1", 10.80m), (records[1].GetProperty("about").GetProperty("reference").GetString(), records[1].GetProperty("about").GetProperty("total").GetDecimal()));
        var refused = Assert.Single(await carried.RecordsAsync(file, "?state=refused"));
        Assert.Equal("line.quantity.notAMultiple", refused.GetProperty("code").GetString()!.Replace("belowMinimum", "notAMultiple", StringComparison.Ordinal));
        using var german = new HttpRequestMessage(HttpMethod.Get, $"/v1/office/bundles/{Carried.IdOf(file)}/records?state=refused");
        german.Headers.AcceptLanguage.ParseAdd("de");
        var said = await (await gateway.Office.SendAsync(german)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.NotEqual(refused.GetProperty("message").GetString(), said.GetProperty("records")[0].GetProperty("message").GetString());
        Assert.Equal((9, 1, 0), (Count(await carried.BundleAsync(file), "stored"), Count(await carried.BundleAsync(file), "refused"), Count(await carried.BundleAsync(file), "held")));
        Assert.Contains((await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/bundles")).GetProperty("bundles").EnumerateArray(), bundle => bundle.GetProperty("id").GetGuid() == Carried.IdOf(file));
    }

    [Fact]
    public async Task F128_Of_a_lost_device_what_was_rejected_is_kept_out_each_decision_is_audited_and_what_it_had_uploaded_before_needs_none()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var file = carried.Export();
        var parts = Carried.PartsOf(file);
        await carried.TakenAsync(parts[0]);
        await carried.LoseAsync();

        Assert.Equal(["taken", "held"], await carried.TakenAsync(parts[0], parts[1]));
        Assert.Equal(2, await carried.DecideAsync(file, "reject", new[] { new { part = 2, line = 2 }, new { part = 2, line = 3 } }));
        Assert.Equal(2, await carried.DecideAsync(file, "approve"));
        Assert.Equal(["taken"], await carried.TakenAsync(parts[1]));

        var rejected = await carried.RecordsAsync(file, "?state=rejected");
        Assert.Equal([2, 3], rejected.Select(record => record.GetProperty("line").GetInt32()));
        Assert.All(rejected, record => Assert.Equal("First key", record.GetProperty("decidedBy").GetString()));
        var subject = rejected[0].GetProperty("recordId").GetGuid();
        var audit = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/audit?subject={subject}");
        Assert.Equal("bundle.reject", Assert.Single(audit.GetProperty("changes").EnumerateArray()).GetProperty("action").GetString());
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.record where record_id = '{subject}'"));

        // Kept, not thrown away: it can be approved after all.
        Assert.Equal(1, await carried.DecideAsync(file, "approve", new[] { new { part = 2, line = 2 } }));
        Assert.Equal("accepted", (await gateway.RecordAsync(subject)).GetProperty("state").GetString());
        await carried.LoseAsync(lost: false);
    }

    [Fact]
    public async Task F008_A_disabled_users_records_come_by_bundle_as_they_come_online_stored_and_waiting()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var file = carried.Export();
        await gateway.Execute($"update gateway.rep set disabled = true where rep_id = (select rep_id from gateway.device where device_id = '{site.Device.DeviceId}')");
        try
        {
            await carried.TakenAsync(file);
            Assert.Equal(["refused", .. Enumerable.Repeat("waiting", 9)], (await carried.RecordsAsync(file)).Select(record => record.GetProperty("outcome").GetString()!).Order());
        }
        finally
        {
            await gateway.Execute("update gateway.rep set disabled = false");
        }

        Assert.Equal(9, (await carried.EndAsync()).Count(row => row.StartsWith("record ", StringComparison.Ordinal) && row.Contains(",accepted,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_device_that_was_never_told_its_companys_key_says_so_and_keeps_everything()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        site.Alter("update device set bundle_key = null");
        using var file = new MemoryStream();
        Assert.Equal("bundle.noKey", Assert.Throws<DeviceTrouble>(() => site.Device.Outbox.Export(file)).Code);
        Assert.Equal((0, Carried.Records), (file.Length, site.Device.Outbox.Records().Count));

        await site.Device.SignInAsync();
        site.Device.Outbox.Export(file);
        Assert.True(file.Length > 0);
    }

    private static async Task UploadsAfterAsync(Carried carried, List<string> expected)
    {
        Assert.Equal(Carried.Records, carried.Site.Device.Outbox.Records().Count);
        var report = await carried.Site.Device.SyncNowAsync();
        // What is refused is judged again, as ever; all else was there.
        Assert.Equal((9, 1, 0), (report.Duplicates, report.Refused, report.Left));
        Assert.Equal(expected, await carried.EndAsync());
    }

    private static (string?, int) Stands(JsonElement bundle) => (bundle.GetProperty("state").GetString(), bundle.GetProperty("imported").GetInt32());

    private static int Count(JsonElement bundle, string what) => bundle.GetProperty(what).GetInt32();
}

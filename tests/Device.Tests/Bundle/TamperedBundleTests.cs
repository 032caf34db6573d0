using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Device.Tests.Bundle;

/// <summary>Files that are not what a device wrote.</summary>
[Collection("gateway")]
public sealed class TamperedBundleTests(GatewayFixture gateway)
{
    private static readonly int Step = Servers.Full ? 1 : 41;

    [Theory]
    [InCi]
    [InlineData(0, "bundle.unreadable", 1)]
    [InlineData(4, "bundle.signature", 2)]
    [InlineData(20, "bundle.otherCompany", 2)]
    [InlineData(36, "bundle.deviceUnknown", 2)]
    [InlineData(55, "bundle.signature", 2)]
    [InlineData(59, "bundle.signature", 2)]
    [InlineData(63, "bundle.signature", 2)]
    [InlineData(71, "bundle.signature", 2)]
    [InlineData(72, "bundle.signature", 2)]
    [InlineData(90, "bundle.signature", 2)]
    [InlineData(153, "bundle.signature", 2)]
    [InlineData(165, "bundle.unreadable", 1)]
    [InlineData(169, "bundle.signature", 2)]
    [InlineData(-65, "bundle.signature", 2)]
    [InlineData(-1, "bundle.signature", 2)]
    public async Task F125_One_changed_byte_refuses_its_part_with_the_reason_and_the_others_are_taken(int at, string code, int taken)
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var parts = Carried.PartsOf(carried.Export());
        var changed = parts[1];
        changed[at < 0 ? changed.Length + at : at] ^= 1;

        var (status, answer) = await carried.BringAsync(parts);

        Assert.Equal(HttpStatusCode.OK, status);
        var refused = Assert.Single(answer.GetProperty("parts").EnumerateArray(), part => part.GetProperty("state").GetString() == "refused");
        Assert.Equal((code, 2), (refused.GetProperty("code").GetString(), refused.GetProperty("place").GetInt32()));
        Assert.StartsWith("Part 2 ", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(taken, answer.GetProperty("parts").EnumerateArray().Count(part => part.GetProperty("state").GetString() == "taken"));
        Assert.Equal(taken == 2 ? 6 : 4, await gateway.Scalar<long>($"select count(*) from gateway.record where device_id = '{site.Device.DeviceId}'"));
    }

    [Fact]
    public async Task F125_No_byte_of_a_part_can_be_changed_added_or_left_out()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var part = Carried.PartsOf(carried.Export())[0];
        for (var at = 0; at < part.Length; at += Step)
        {
            var changed = part.ToArray();
            changed[at] ^= 0x80;
            await RefusedAsync(carried, changed);
            await RefusedAsync(carried, part[..at]);
        }

        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.record where device_id = '{site.Device.DeviceId}'"));
        Assert.Equal(["taken"], await carried.TakenAsync(part));
        var (status, answer) = await carried.BringAsync([.. part, 7]);
        Assert.Equal((HttpStatusCode.OK, "bundle.unreadable"), (status, answer.GetProperty("parts")[1].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Another_company_cannot_bring_a_bundle_and_another_part_under_a_number_that_came_is_refused()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var file = carried.Export();
        const string Key = "os_test-key-of-the-bundle-tests-0007";
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company of the bundle tests", Key);
        using var other = gateway.OfficeOf(Key);
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await other.PostAsync("/v1/office/bundles", content);
        Assert.Equal((HttpStatusCode.BadRequest, "bundle.otherCompany"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/v1/office/bundles/{Carried.IdOf(file)}")).StatusCode);

        // The device itself, with its key, under a number it has used: what was approved under it must not stand for something else.
        await carried.TakenAsync(Carried.PartsOf(file)[0]);
        Assert.Equal("bundle.partDiffers", (await carried.BringAsync(Forged(site, file))).Answer.GetProperty("type").GetString());
    }

    [Fact]
    public async Task F125_A_bundle_made_before_the_company_had_a_newer_key_is_opened_and_a_key_in_anothers_place_opens_nothing()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        var (file, newer) = (carried.Export(), Guid.CreateVersion7());
        await gateway.Execute($"insert into gateway.bundle_key select company_id, '{newer}', public_key, private_key, now() from gateway.bundle_key where company_id = '{gateway.CompanyId}' order by created_at desc limit 1");
        try
        {
            Assert.All(await carried.TakenAsync(file), state => Assert.Equal("taken", state));
            // Devices are told of the newest with their next tokens; what is under it was sealed for another place.
            await site.Device.SignInAsync();
            var (status, answer) = await carried.BringAsync(carried.Export());
            Assert.Equal((HttpStatusCode.BadRequest, "bundle.keyUnknown"), (status, answer.GetProperty("type").GetString()));
        }
        finally
        {
            await gateway.Execute($"delete from gateway.bundle_key where key_id = '{newer}'");
        }
    }

    private static async Task RefusedAsync(Carried carried, byte[] file)
    {
        var (status, answer) = await carried.BringAsync(file);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("bundle.", answer.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(answer.GetProperty("detail").GetString()));
    }

    private static byte[] Forged(Site site, byte[] file)
    {
        var records = site.Device.Outbox.Records().Skip(5).Take(2).ToList();
        site.Device.Dispose();
        using var part = new MemoryStream();
        using (var opened = DeviceFile.Open(site.File, null))
        using (var credentials = new Credentials(opened, site.Options))
            BundlePart.Write(part, new(Carried.IdOf(file), credentials.Identity!.CompanyId, credentials.Identity.DeviceId, 1, 3, DateTimeOffset.UnixEpoch), credentials.BundleKey!, records, credentials.Sign64);
        site.Reopen();
        return part.ToArray();
    }
}

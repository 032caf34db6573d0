using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;

namespace OrderSync.Device.Tests;

[Collection("gateway")]
public sealed class TokenTests(GatewayFixture gateway)
{
    private const string Push = "/v1/sync/push";
    private const string Token = "/v1/devices/token";

    [Fact]
    public async Task An_expired_token_is_renewed_on_the_way_and_a_lost_answer_to_that_locks_nobody_out()
    {
        await using var site = await Site.OpenAsync(gateway);
        Expire(site);
        site.Device.Capture(Entered.Customer());
        site.Fate = request => request.Path == Token && site.Asked(Token) <= 2 ? new LineFate { CutAnswerAt = 150 } : LineFate.Passes;

        var reports = new[] { await site.Device.SyncNowAsync(), await site.Device.SyncNowAsync(), await site.Device.SyncNowAsync() };

        Assert.Equal([0, 0, 1], reports.Select(report => report.Accepted));
        Assert.Equal(3, site.Asked(Token));
    }

    [Fact]
    public async Task New_tokens_are_on_disk_before_they_are_used()
    {
        await using var site = await Site.OpenAsync(gateway);
        Expire(site);
        site.Device.Capture(Entered.Customer());
        // The renewed token is used in a push whose answer never comes; then the app dies.
        site.Fate = request => request.Path == Push && site.Asked(Token) == 1 ? new LineFate { CutAnswerAt = 0 } : LineFate.Passes;
        await site.Device.SyncNowAsync();
        site.Reopen();
        site.Fate = _ => LineFate.Passes;

        var report = await site.Device.SyncNowAsync();

        Assert.Equal((1, 0), (report.Sent, report.Left));
        Assert.Equal(1, site.Asked(Token));
    }

    [Fact]
    public async Task A_revoked_device_says_so_keeps_its_data_goes_on_capturing_and_is_drained_once_it_is_restored()
    {
        await using var site = await Site.OpenAsync(gateway);
        site.Device.Capture(Entered.Customer());
        (await gateway.Office.PostAsJsonAsync($"/v1/office/devices/{site.Device.DeviceId}/revoke", new { reason = "lost" })).EnsureSuccessStatusCode();

        var report = await site.Device.SyncNowAsync();
        site.Device.Capture(Entered.Customer());

        Assert.Equal((0, 2), (report.Sent, site.Device.State.ToSend));
        Assert.Equal("Enrol this device · 2 waiting", site.Device.State.ToString());
        Assert.StartsWith("This device was revoked by the office.", site.Device.State.Trouble, StringComparison.Ordinal);
        Assert.False(await site.Device.SignInAsync());

        (await gateway.Office.PostAsync(new Uri($"/v1/office/devices/{site.Device.DeviceId}/restore", UriKind.Relative), null)).EnsureSuccessStatusCode();
        Assert.True(await site.Device.SignInAsync());
        Assert.Equal(2, (await site.Device.SyncNowAsync()).Accepted);
    }

    [Fact]
    public async Task What_was_captured_for_one_company_never_goes_to_another()
    {
        const string otherKey = "os_test-key-of-a-second-company-device";
        await using var site = await Site.OpenAsync(gateway);
        site.Device.Capture(Entered.Customer());
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Another company", otherKey);
        using var office = gateway.OfficeOf(otherKey);

        var trouble = await Assert.ThrowsAsync<DeviceTrouble>(async () => await site.Device.EnrolAsync(await TestDevice.CodeAsync(office, "Eve")));

        Assert.Equal("device.otherCompany", trouble.Code);
        Assert.Equal(1, (await site.Device.SyncNowAsync()).Accepted);
    }

    /// <summary>Puts a token in place that the gateway made a quarter of an hour ago.</summary>
    private void Expire(Site site)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(gateway.Environment["Tokens__Key"]));
        var then = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1_000;
        var device = site.Device.DeviceId;
        var claims = $$"""{"iss":"ordersync","aud":"ordersync","iat":{{then}},"nbf":{{then}},"exp":{{then + 900}},"sub":"{{device}}","company":"{{gateway.CompanyId}}","rep":"{{device}}","branch":"{{device}}"}""";
        var signed = $"{Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        site.Alter("update device set access_token = $1", $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}");
    }
}

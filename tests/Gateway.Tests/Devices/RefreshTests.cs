using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Devices;

/// <summary>The whole table of what becomes of a refresh token: who presents which one, what is answered, what the office is told.</summary>
[Collection("gateway-2")]
public sealed class RefreshTests(GatewayFixture gateway)
{
    private static readonly (HttpStatusCode, string?) NewPair = (HttpStatusCode.OK, null);
    private static readonly (HttpStatusCode, string?) Denied = (HttpStatusCode.Unauthorized, "device.denied");

    [Fact]
    public async Task A_token_nobody_made_is_denied_and_nobody_is_told()
    {
        using var device = await gateway.EnrolAsync();
        var guess = "or_" + new string('A', device.RefreshToken.Length - 3);

        Assert.Equal(Denied, await device.RefreshAsync(guess).CodeAsync());
        Assert.Equal(Denied, await device.RefreshAsync("or_short").CodeAsync());
        Assert.Equal(Denied, await device.PresentAsync(device.Id, guess, null).CodeAsync());
        Assert.Equal(Denied, await device.PresentAsync(Guid.NewGuid(), device.RefreshToken, null).CodeAsync());
        Assert.Empty(await AlertsAsync(device));
    }

    [Fact]
    public async Task The_current_token_signed_gives_a_new_pair()
    {
        using var device = await gateway.EnrolAsync();
        await device.RenewAsync();
        await device.RenewAsync();
        Assert.Equal(HttpStatusCode.OK, (await device.GetSelfAsync()).StatusCode);
        Assert.Empty(await AlertsAsync(device));
    }

    [Fact]
    public async Task The_previous_token_signed_gives_a_new_pair_while_the_current_one_is_unused()
    {
        using var device = await gateway.EnrolAsync();
        var previous = device.RefreshToken;
        await device.RenewAsync();
        Assert.Equal(NewPair, await device.RefreshAsync(previous).CodeAsync());
        Assert.Empty(await AlertsAsync(device));
    }

    [Fact]
    public async Task The_previous_token_signed_after_the_current_one_was_used_is_refused_in_words_the_office_is_told_and_the_current_one_goes_on()
    {
        using var device = await gateway.EnrolAsync();
        var first = device.RefreshToken;
        await device.RenewAsync();
        await device.RenewAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, "refresh.reused"), await device.RefreshAsync(first).CodeAsync());

        Assert.Equal("token.reused", Assert.Single(await AlertsAsync(device)).GetProperty("kind").GetString());
        await device.RenewAsync();
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("of another key")]
    [InlineData("not base64")]
    public async Task The_current_token_without_the_devices_signature_is_theft_and_the_device_itself_goes_on(string signature)
    {
        using var device = await gateway.EnrolAsync();
        using var thief = TestDevice.New(gateway.Gateway.Url);

        Assert.Equal(Denied, await thief.PresentAsync(device.Id, device.RefreshToken, Forged(signature, thief, device)).CodeAsync());

        Assert.Equal("token.theft", Assert.Single(await AlertsAsync(device)).GetProperty("kind").GetString());
        await device.RenewAsync();
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("of another key")]
    public async Task An_older_token_without_the_devices_signature_is_theft_and_only_that_token_dies(string signature)
    {
        using var device = await gateway.EnrolAsync();
        using var thief = TestDevice.New(gateway.Gateway.Url);
        var older = device.RefreshToken;
        await device.RenewAsync();

        Assert.Equal(Denied, await thief.PresentAsync(device.Id, older, Forged(signature, thief, device)).CodeAsync());

        Assert.Equal("token.theft", Assert.Single(await AlertsAsync(device)).GetProperty("kind").GetString());
        Assert.Equal((HttpStatusCode.Unauthorized, "refresh.revoked"), await device.RefreshAsync(older).CodeAsync());
        await device.RenewAsync();
    }

    [Fact]
    public async Task A_token_so_old_that_its_row_is_gone_is_still_known_for_theft_and_reuse()
    {
        using var device = await gateway.EnrolAsync();
        using var thief = TestDevice.New(gateway.Gateway.Url);
        var first = device.RefreshToken;
        for (var i = 0; i < 5; i++)
            await device.RenewAsync();

        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.refresh_token where device_id = '{device.Id}'"));
        Assert.Equal(Denied, await thief.PresentAsync(device.Id, first, null).CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "refresh.reused"), await device.RefreshAsync(first).CodeAsync());
        Assert.Equal(["token.reused", "token.theft"], (await AlertsAsync(device)).Select(alert => alert.GetProperty("kind").GetString()).Order());
        await device.RenewAsync();
    }

    [Fact]
    public async Task A_token_presented_by_another_device_is_theft_of_its_owners_and_opens_nothing()
    {
        using var device = await gateway.EnrolAsync();
        using var other = await gateway.EnrolAsync("Grace");

        Assert.Equal(Denied, await other.RefreshAsync(device.RefreshToken).CodeAsync());

        Assert.Equal("token.theft", Assert.Single(await AlertsAsync(device)).GetProperty("kind").GetString());
        Assert.Empty(await AlertsAsync(other));
        await device.RenewAsync();
    }

    [Fact]
    public async Task A_token_that_was_not_used_for_a_year_is_refused_in_words()
    {
        using var device = await gateway.EnrolAsync();
        await gateway.Execute($"update gateway.refresh_token set expires_at = now() - interval '1 second' where device_id = '{device.Id}'");
        Assert.Equal((HttpStatusCode.Unauthorized, "refresh.expired"), await device.RefreshAsync().CodeAsync());
        Assert.Empty(await AlertsAsync(device));
    }

    [Fact]
    public async Task A_revoked_device_is_told_so_only_with_its_signature()
    {
        using var device = await gateway.EnrolAsync();
        (await gateway.Office.PostAsJsonAsync($"/v1/office/devices/{device.Id}/revoke", new { reason = "lost" })).EnsureSuccessStatusCode();

        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await device.RefreshAsync().CodeAsync());
        Assert.Equal(Denied, await device.PresentAsync(device.Id, device.RefreshToken, null).CodeAsync());
    }

    [Fact]
    public async Task A_thief_who_tries_again_and_again_makes_one_alert_that_counts_until_somebody_has_seen_it()
    {
        using var device = await gateway.EnrolAsync();
        for (var i = 0; i < 3; i++)
            await device.PresentAsync(device.Id, device.RefreshToken, null);
        var alert = Assert.Single(await AlertsAsync(device));
        Assert.Equal(3, alert.GetProperty("times").GetInt32());

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Office.PostAsync($"/v1/office/alerts/{alert.GetProperty("id").GetGuid()}/seen", null)).StatusCode);
        await device.PresentAsync(device.Id, device.RefreshToken, null);

        Assert.Equal([1, 3], (await AlertsAsync(device)).Select(row => row.GetProperty("times").GetInt32()).Order());
    }

    [Fact]
    public async Task However_often_answers_are_lost_few_rows_stay_and_the_last_answer_goes_on()
    {
        using var device = await gateway.EnrolAsync();
        var first = device.RefreshToken;
        for (var i = 0; i < 15; i++)
            (await device.RefreshAsync(first)).EnsureSuccessStatusCode();
        await device.RenewAsync();
        Assert.InRange(await gateway.Scalar<long>($"select count(*) from gateway.refresh_token where device_id = '{device.Id}'"), 2, 11);
        await device.RenewAsync();
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.refresh_token where device_id = '{device.Id}'"));
    }

    [Fact]
    public async Task Refreshes_at_once_leave_the_device_a_pair_that_goes_on()
    {
        using var device = await gateway.EnrolAsync();
        var first = device.RefreshToken;
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => device.RefreshAsync(first)));
        Assert.All(all, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        var kept = (await all[3].Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refreshToken").GetString()!;
        Assert.Equal(NewPair, await device.RefreshAsync(kept).CodeAsync());
    }

    [Fact]
    public async Task Alerts_speak_the_readers_language_and_name_device_and_rep()
    {
        using var device = await gateway.EnrolAsync("Ada");
        await device.PresentAsync(device.Id, device.RefreshToken, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/office/alerts?seen=false&limit=500");
        request.Headers.AcceptLanguage.ParseAdd("de");

        var german = await (await gateway.Office.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();

        var message = german.GetProperty("alerts").EnumerateArray().First(alert => alert.GetProperty("deviceId").GetGuid() == device.Id).GetProperty("message").GetString();
        Assert.Contains("Jemand hat Zugangsdaten von Phone von Ada", message, StringComparison.Ordinal);
    }

    private static string? Forged(string signature, TestDevice thief, TestDevice device) => signature switch
    {
        "missing" => null,
        "not base64" => "?!",
        _ => thief.Sign(device.Id, device.RefreshToken),
    };

    private async Task<JsonElement[]> AlertsAsync(TestDevice device)
    {
        var list = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/alerts?limit=500");
        return [.. list.GetProperty("alerts").EnumerateArray().Where(alert => alert.TryGetProperty("deviceId", out var id) && id.GetGuid() == device.Id)];
    }
}

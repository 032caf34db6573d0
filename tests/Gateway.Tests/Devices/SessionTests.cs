using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Devices;

/// <summary>From the first log-in to the last: what a device keeps and what the server holds when sessions end, devices are lost and reps are switched off.</summary>
[Collection("gateway-2")]
[InCi]
public sealed class SessionTests(GatewayFixture gateway)
{
    private const string OtherKey = "os_test-key-of-the-session-tests-0002";

    [Fact]
    public async Task F001_The_same_hardware_with_another_key_is_a_new_device_and_the_office_is_told()
    {
        using var old = await gateway.EnrolAsync();
        using var anew = TestDevice.New(gateway.Gateway.Url, old.HardwareId);

        (await anew.EnrolAsync(await TestDevice.CodeAsync(gateway.Office))).EnsureSuccessStatusCode();

        Assert.NotEqual(old.Id, anew.Id);
        Assert.Equal("device.sameHardwareOtherKey", Assert.Single(await AlertsAsync(anew.Id)).GetProperty("kind").GetString());
        (await anew.EnrolAsync(await TestDevice.CodeAsync(gateway.Office))).EnsureSuccessStatusCode();
        Assert.Equal(1, Assert.Single(await AlertsAsync(anew.Id)).GetProperty("times").GetInt32());
        Assert.Empty(await AlertsAsync(old.Id));
        Assert.Contains("sameHardware", (await DeviceAsync(old.Id)).GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()));
    }

    [Fact]
    public async Task F001_Two_companies_with_the_same_device_never_see_each_others_id()
    {
        using var other = await OtherCompanyAsync();
        using var device = await gateway.EnrolAsync();
        var (first, firstToken, firstRefresh) = (device.Id, device.AccessToken, device.RefreshToken);
        (await device.EnrolAsync(await TestDevice.CodeAsync(other))).EnsureSuccessStatusCode();

        Assert.NotEqual(first, device.Id);
        Assert.Equal((HttpStatusCode.NotFound, "device.unknown"), await other.GetAsync($"/v1/office/devices/{first}").CodeAsync());
        Assert.Equal((HttpStatusCode.NotFound, "device.unknown"), await gateway.Office.GetAsync($"/v1/office/devices/{device.Id}").CodeAsync());
        Assert.Equal((HttpStatusCode.NotFound, "device.unknown"), await other.PostAsJsonAsync($"/v1/office/devices/{first}/revoke", new { reason = "lost" }).CodeAsync());
        Assert.DoesNotContain(first.ToString(), await other.GetStringAsync("/v1/office/devices?limit=500"), StringComparison.Ordinal);
        // One's refresh token opens nothing under the other's id, and neither office is alarmed about a token it does not have.
        Assert.Equal((HttpStatusCode.Unauthorized, "device.denied"), await device.RefreshAsync(firstRefresh).CodeAsync());
        Assert.Empty(await AlertsAsync(first));
        Assert.Equal(HttpStatusCode.OK, (await device.GetSelfAsync(firstToken)).StatusCode);
    }

    [Fact]
    public async Task A_token_of_another_company_stores_for_that_company_and_touches_nothing_of_this_one()
    {
        using var other = await OtherCompanyAsync();
        using var ours = await gateway.EnrolAsync();
        using var theirs = TestDevice.New(gateway.Gateway.Url);
        (await theirs.EnrolAsync(await TestDevice.CodeAsync(other))).EnsureSuccessStatusCode();
        var id = Guid.CreateVersion7();
        await ours.PushAsync(An.Customer(id, "Ours"));

        Assert.Equal("accepted", (await theirs.PushAsync(An.Customer(id, "Theirs")))[0].GetProperty("outcome").GetString());

        Assert.Contains("Ours", (await gateway.RecordAsync(id)).GetProperty("captured").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Theirs", (await other.GetFromJsonAsync<JsonElement>($"/v1/office/records/{id}")).GetProperty("captured").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_keys_that_present_one_code_at_once_make_one_device_and_the_office_is_told()
    {
        var code = await TestDevice.CodeAsync(gateway.Office);
        var hardware = $"hw-{Guid.NewGuid():N}";
        var devices = Enumerable.Range(0, 10).Select(_ => TestDevice.New(gateway.Gateway.Url, hardware)).ToArray();

        var answers = await Task.WhenAll(devices.Select(device => device.EnrolAsync(code)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.device where hardware_id = '{hardware}'"));
        var winner = devices.Single(device => device.Id != Guid.Empty);
        var alert = Assert.Single(await AlertsAsync(winner.Id));
        Assert.Equal(("enrol.codeOtherKey", 9), (alert.GetProperty("kind").GetString(), alert.GetProperty("times").GetInt32()));
        foreach (var device in devices)
            device.Dispose();
    }

    [Fact]
    public async Task F003_After_ninety_days_away_the_first_call_refreshes_and_the_queued_records_are_accepted()
    {
        using var device = await gateway.EnrolAsync();
        await gateway.Execute($"update gateway.refresh_token set issued_at = issued_at - interval '90 days', expires_at = expires_at - interval '90 days' where device_id = '{device.Id}'");
        var stale = StaleToken(device, TimeSpan.FromDays(90));
        var queued = Customers(3);

        Assert.Equal((HttpStatusCode.Unauthorized, "token.expired"), await device.SendAsync(An.Push(queued), token: stale).CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "token.expired"), await device.GetSelfAsync(stale).CodeAsync());
        await device.RenewAsync();

        Assert.All(await device.PushAsync(queued), verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task F003_A_disabled_user_may_refresh_and_push_and_the_records_stay_out_of_the_ERP()
    {
        var rep = $"Rep {Guid.NewGuid():N}";
        using var device = await gateway.EnrolAsync(rep);
        var self = await (await device.GetSelfAsync()).Content.ReadFromJsonAsync<JsonElement>();
        var id = self.GetProperty("rep").GetProperty("id").GetGuid();
        (await gateway.Office.PutAsJsonAsync($"/v1/office/reps/{id}", new { name = rep, disabled = true })).EnsureSuccessStatusCode();
        await device.RenewAsync();
        var customer = An.Customer();

        await device.PushAsync(customer);

        var record = await gateway.RecordAsync(customer["id"]!.GetValue<Guid>());
        Assert.Equal("waiting", record.GetProperty("state").GetString());
        Assert.Equal("user.disabled", record.GetProperty("code").GetString());
        Assert.Equal(0, record.GetProperty("deliveries").GetArrayLength());
        Assert.True((await (await device.GetSelfAsync()).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("userDisabled").GetBoolean());

        (await gateway.Office.PutAsJsonAsync($"/v1/office/reps/{id}", new { name = rep, disabled = false })).EnsureSuccessStatusCode();
        await Eventually.GetAsync(() => gateway.RecordAsync(customer["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "the record goes on");
    }

    [Fact]
    public async Task F004_Logging_out_mid_way_and_in_again_drops_and_doubles_nothing()
    {
        using var device = await gateway.EnrolAsync();
        var id = device.Id;
        var records = Customers(10);
        await device.PushAsync(records[..5]);

        // Logged out: the tokens are dropped. Logged in again: the same hardware and key with a new code.
        (await device.EnrolAsync(await TestDevice.CodeAsync(gateway.Office))).EnsureSuccessStatusCode();
        var verdicts = await device.PushAsync(records);

        Assert.Equal(id, device.Id);
        Assert.Equal([.. Enumerable.Repeat("duplicate", 5), .. Enumerable.Repeat("accepted", 5)], verdicts.Select(verdict => verdict.GetProperty("outcome").GetString()));
        Assert.Equal(10, await gateway.Scalar<long>($"select count(*) from gateway.record where device_id = '{id}'"));
        Assert.Equal(10, await gateway.Scalar<long>($"select count(*) from gateway.outbox o join gateway.record r using (company_id, record_id) where r.device_id = '{id}'"));
    }

    [Fact]
    public async Task F128_A_revoked_device_is_refused_from_its_next_request_on_and_goes_on_when_restored()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        (await gateway.Office.PostAsJsonAsync($"/v1/office/devices/{device.Id}/revoke", new { reason = "left in a taxi" })).EnsureSuccessStatusCode();

        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await device.SendAsync(An.Push(customer)).CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await device.SendAsync(An.Push()).CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await device.SendAsync("[{}]"u8.ToArray()).CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await device.GetSelfAsync().CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await device.RefreshAsync().CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await device.EnrolAsync(await TestDevice.CodeAsync(gateway.Office, "Grace")).CodeAsync());
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.record where device_id = '{device.Id}'"));
        var shown = await DeviceAsync(device.Id);
        Assert.Equal(("left in a taxi", "Ada"), (shown.GetProperty("revokedReason").GetString(), shown.GetProperty("rep").GetString()));

        (await gateway.Office.PostAsync($"/v1/office/devices/{device.Id}/restore", null)).EnsureSuccessStatusCode();
        await device.RenewAsync();
        Assert.Equal("accepted", (await device.PushAsync(customer))[0].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("company")]
    public async Task An_access_token_whose_claims_were_changed_is_no_token(string claim)
    {
        using var device = await gateway.EnrolAsync();
        var parts = device.AccessToken.Split('.');
        var claims = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!;
        claims[claim] = Guid.NewGuid().ToString();
        var changed = $"{parts[0]}.{Base64UrlEncoder.Encode(claims.ToJsonString())}.{parts[2]}";

        Assert.Equal((HttpStatusCode.Unauthorized, "token.invalid"), await device.SendAsync(An.Push(An.Customer()), token: changed).CodeAsync());
    }

    private static JsonObject[] Customers(int count) => [.. Enumerable.Range(1, count).Select(i => An.Customer(seq: i))];

    private async Task<HttpClient> OtherCompanyAsync()
    {
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company of the session tests", OtherKey);
        return gateway.OfficeOf(OtherKey);
    }

    private Task<JsonElement> DeviceAsync(Guid id) => gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices/{id}");

    private async Task<JsonElement[]> AlertsAsync(Guid device)
    {
        var list = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/alerts?limit=500");
        return [.. list.GetProperty("alerts").EnumerateArray().Where(alert => alert.TryGetProperty("deviceId", out var id) && id.GetGuid() == device)];
    }

    /// <summary>A token as the gateway made it, some time ago.</summary>
    private string StaleToken(TestDevice device, TimeSpan ago)
    {
        var at = DateTime.UtcNow - ago;
        var claims = new JsonWebTokenHandler().ReadJsonWebToken(device.AccessToken).Claims.Where(claim => claim.Type is "sub" or "company" or "rep" or "branch");
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "ordersync",
            Audience = "ordersync",
            IssuedAt = at,
            NotBefore = at,
            Expires = at.AddMinutes(15),
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(SHA256.HashData(Encoding.UTF8.GetBytes(gateway.Environment["Tokens__Key"]))), SecurityAlgorithms.HmacSha256),
        });
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Devices;

/// <summary>What the office sees of devices and does with them.</summary>
[Collection("office-2")]
public sealed class DeviceOfficeTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F006_Setup_switches_show_who_changed_them_last_and_when_on_the_device_or_in_the_office()
    {
        using var device = await gateway.EnrolAsync("Switching Ada");
        var fresh = await SwitchesAsync(device);
        using var set = await device.SwitchAsync(new { incrementalSync = true, offlineMode = true });
        var onDevice = await SwitchesAsync(device);
        await device.SwitchAsync(new { incrementalSync = true });
        using var office = await gateway.Office.PutAsJsonAsync($"/v1/office/devices/{device.Id}/switches", new { offlineMode = false });
        var after = await SwitchesAsync(device);

        Assert.All(fresh.Values, one => Assert.False(one.TryGetProperty("on", out _)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (set.StatusCode, office.StatusCode));
        Assert.Equal((true, "Switching Ada, on the device"), (onDevice["offlineMode"].GetProperty("on").GetBoolean(), onDevice["offlineMode"].GetProperty("changedBy").GetString()));
        Assert.Equal((false, "First key"), (after["offlineMode"].GetProperty("on").GetBoolean(), after["offlineMode"].GetProperty("changedBy").GetString()));
        Assert.Equal(onDevice["incrementalSync"].GetRawText(), after["incrementalSync"].GetRawText());
        Assert.True(after["offlineMode"].GetProperty("changedAt").GetDateTimeOffset() > onDevice["offlineMode"].GetProperty("changedAt").GetDateTimeOffset());
        var self = await (await device.GetSelfAsync()).Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(self.GetProperty("switches").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "offlineMode").GetProperty("on").GetBoolean());
        var change = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/audit?subject={device.Id}")).GetProperty("changes")[0];
        Assert.Equal(("device.switches", true, false), (change.GetProperty("action").GetString(), change.GetProperty("before").GetProperty("offlineMode").GetBoolean(), change.GetProperty("after").GetProperty("offlineMode").GetBoolean()));
    }

    [Fact]
    public async Task Switches_are_true_or_false_and_belong_to_a_device_that_is_known()
    {
        using var device = await gateway.EnrolAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await device.SwitchAsync(new { })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await device.SwitchAsync(new { offlineMode = "perhaps" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.PutAsJsonAsync($"/v1/office/devices/{Guid.NewGuid()}/switches", new { offlineMode = true })).StatusCode);
        (await gateway.Office.PostAsJsonAsync($"/v1/office/devices/{device.Id}/revoke", new { reason = "lost" })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.SwitchAsync(new { offlineMode = true })).StatusCode);
    }

    [Fact]
    public async Task F129_What_a_device_says_of_itself_with_a_push_is_shown_and_devices_are_found_by_it()
    {
        using var device = await gateway.EnrolAsync("Waiting Wanda");
        using var quiet = await gateway.EnrolAsync("Quiet Quentin");
        (device.Says["OrderSync-App"], device.Says["OrderSync-Waiting"]) = ("  Field Sales 3.2 ", "12");
        await device.PushAsync(An.Order());
        var told = await DeviceAsync(device.Id);
        device.Says.Remove("OrderSync-App");
        device.Says["OrderSync-Waiting"] = "-1";
        await device.PushAsync(An.Order());
        var silent = await DeviceAsync(device.Id);

        Assert.Equal(("Field Sales 3.2", 12), (told.GetProperty("app").GetString(), told.GetProperty("waiting").GetInt32()));
        Assert.Equal(("Field Sales 3.2", false), (silent.GetProperty("app").GetString(), silent.TryGetProperty("waiting", out _)));
        Assert.Equal(told.GetProperty("lastPushAt").GetDateTimeOffset(), told.GetProperty("lastSeenAt").GetDateTimeOffset());
        Assert.True((await DeviceAsync(quiet.Id)).TryGetProperty("lastSeenAt", out _));
        Assert.Equal([device.Id], await FoundAsync("search=field%20SALES"));
        Assert.Equal([quiet.Id], await FoundAsync("search=quentin"));
        Assert.DoesNotContain(device.Id, await FoundAsync("state=neverPushed"));
        Assert.Contains(quiet.Id, await FoundAsync("state=neverPushed"));
        Assert.Empty(await FoundAsync("state=revoked&search=Quiet"));
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.GetAsync("/v1/office/devices?state=lost")).StatusCode);
    }

    [Fact]
    public async Task F001_A_code_carries_the_gateways_address_and_tells_when_a_device_has_used_it()
    {
        var made = await MakeAsync(new { rep = new { name = "Coded Cora" }, branch = "MAIN", minutes = 60 });
        var (id, code) = (made.GetProperty("id").GetGuid(), made.GetProperty("code").GetString()!);
        var open = await CodeAsync(id);
        var listed = await ListedAsync();
        using var device = TestDevice.New(gateway.Gateway.Url);
        (await device.EnrolAsync(code)).EnsureSuccessStatusCode();
        var used = await CodeAsync(id);

        Assert.Equal($"ordersync://enrol?gateway={Uri.EscapeDataString(gateway.Gateway.Url.ToString())}&code={code}", made.GetProperty("link").GetString());
        Assert.InRange(made.GetProperty("expiresAt").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(60));
        Assert.Equal(("open", "Coded Cora", "MAIN"), (open.GetProperty("state").GetString(), open.GetProperty("rep").GetString(), open.GetProperty("branch").GetString()));
        Assert.DoesNotContain(code, open.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("used", device.Id, "Phone"), (used.GetProperty("state").GetString(), used.GetProperty("deviceId").GetGuid(), used.GetProperty("device").GetString()));
        Assert.Contains(id, listed);
        Assert.DoesNotContain(id, await ListedAsync());
        Assert.Equal("used", (await CancelAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_code_that_was_ended_enrols_nobody()
    {
        var made = await MakeAsync(new { rep = new { name = "Ended Emil" }, branch = "MAIN" });
        var id = made.GetProperty("id").GetGuid();

        var ended = await CancelAsync(id);

        using var device = TestDevice.New(gateway.Gateway.Url);
        Assert.Equal(("expired", HttpStatusCode.Conflict), (ended.GetProperty("state").GetString(), (await device.EnrolAsync(made.GetProperty("code").GetString()!)).StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync($"/v1/office/enrolment-codes/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = "A" }, branch = "MAIN", minutes = 1441 })).StatusCode);
    }

    private async Task<JsonElement> MakeAsync(object wanted) =>
        await (await gateway.Office.PostAsJsonAsync("/v1/office/enrolment-codes", wanted)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    [Fact]
    public async Task A_code_that_a_device_uses_while_somebody_ends_it_was_not_ended_and_nobody_is_said_to_have_done_so()
    {
        var code = (await (await gateway.Office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = "Quick" }, branch = "MAIN" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var device = await gateway.EnrolAsync();
        await using var line = await gateway.Database.Administrator.OpenConnectionAsync();
        await using var transaction = await line.BeginTransactionAsync();
        await using (var use = new Npgsql.NpgsqlCommand($"update gateway.enrolment_code set device_id = '{device.Id}' where code_id = '{code}'", line, transaction))
            await use.ExecuteNonQueryAsync();

        var ending = CancelAsync(code);
        await Eventually.TrueAsync(async () => await gateway.Scalar<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%enrolment_code%')"), "it waits for the device");
        await transaction.CommitAsync();

        Assert.Equal("used", (await ending).GetProperty("state").GetString());
        Assert.Equal(0, await gateway.Scalar<long>("select count(*) from gateway.audit where action = 'enrolmentCode.cancel' and after ->> 'rep' = 'Quick'"));
    }

    private Task<JsonElement> CodeAsync(Guid id) => gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/enrolment-codes/{id}");

    private async Task<JsonElement> CancelAsync(Guid id) =>
        await (await gateway.Office.PostAsync($"/v1/office/enrolment-codes/{id}/cancel", null)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    private async Task<List<Guid>> ListedAsync() =>
        [.. (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/enrolment-codes")).GetProperty("codes").EnumerateArray().Select(code => code.GetProperty("id").GetGuid())];

    private Task<JsonElement> DeviceAsync(Guid id) => gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices/{id}");

    private async Task<List<Guid>> FoundAsync(string query) =>
        [.. (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices?limit=500&{query}")).GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("id").GetGuid())];

    private async Task<Dictionary<string, JsonElement>> SwitchesAsync(TestDevice device) =>
        (await DeviceAsync(device.Id)).GetProperty("switches").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
}

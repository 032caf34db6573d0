using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Access;

/// <summary>Branches, reps and devices as the office manages them, and the audit of it.</summary>
[Collection("office")]
public sealed class StaffTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F110_A_change_is_audited_with_who_what_before_and_after_and_a_repeat_is_no_change()
    {
        var id = Guid.CreateVersion7();
        var name = $"Grace {id:N}";
        await PutRepAsync(id, new { name, email = "grace@office.example" });
        await PutRepAsync(id, new { name, email = "grace@office.example" });
        await PutRepAsync(id, new { name, email = "grace@office.example", disabled = true });

        var changes = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/audit?limit=500")).GetProperty("changes").EnumerateArray()
            .Where(change => change.GetProperty("subject").GetString() == id.ToString()).ToArray();

        Assert.Equal(2, changes.Length);
        Assert.Equal(("rep.put", "First key"), (changes[0].GetProperty("action").GetString(), changes[0].GetProperty("actor").GetString()));
        Assert.False(changes[0].GetProperty("before").GetProperty("disabled").GetBoolean());
        Assert.True(changes[0].GetProperty("after").GetProperty("disabled").GetBoolean());
        Assert.False(changes[1].TryGetProperty("before", out _));
    }

    [Fact]
    public async Task Two_reps_of_one_name_need_two_addresses()
    {
        var name = $"Twin {Guid.NewGuid():N}";
        await PutRepAsync(Guid.CreateVersion7(), new { name });
        Assert.Equal((HttpStatusCode.Conflict, "rep.taken"), await gateway.Office.PutAsJsonAsync($"/v1/office/reps/{Guid.CreateVersion7()}", new { name }).CodeAsync());
        await PutRepAsync(Guid.CreateVersion7(), new { name, email = "other@office.example" });
        Assert.Equal((HttpStatusCode.BadRequest, "rep.email"), await gateway.Office.PutAsJsonAsync($"/v1/office/reps/{Guid.CreateVersion7()}", new { name, email = "no address" }).CodeAsync());
    }

    [Fact]
    public async Task Reps_come_page_by_page_each_once()
    {
        for (var i = 0; i < 5; i++)
            await PutRepAsync(Guid.CreateVersion7(), new { name = $"Page {Guid.NewGuid():N}" });
        var seen = new List<Guid>();
        for (string? after = ""; after is not null;)
        {
            var page = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/reps?limit=2{after}");
            seen.AddRange(page.GetProperty("reps").EnumerateArray().Select(rep => rep.GetProperty("id").GetGuid()));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetGuid()}" : null;
        }

        Assert.Equal(await gateway.Scalar<long>($"select count(*) from gateway.rep where company_id = '{gateway.CompanyId}'"), seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_new_branch_can_number_orders_at_once()
    {
        var code = $"B{Guid.NewGuid().ToString("N")[..8]}";
        Assert.Equal(HttpStatusCode.OK, (await gateway.Office.PutAsJsonAsync($"/v1/office/branches/{code}", new { name = "Harbour" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Office.PutAsJsonAsync($"/v1/office/branches/{code}", new { name = "Old harbour" })).StatusCode);
        var made = await gateway.Office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = "Ada" }, branch = code });
        using var device = TestDevice.New(gateway.Gateway.Url);
        (await device.EnrolAsync((await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!)).EnsureSuccessStatusCode();
        var customer = Guid.CreateVersion7();

        var verdicts = await device.PushAsync(An.Customer(customer), An.Order(customer: customer));

        Assert.Equal($"SO-{code}-000001", verdicts[1].GetProperty("number").GetString());
        var branches = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/branches?after={code[..^1]}&limit=1");
        Assert.Equal("Old harbour", branches.GetProperty("branches")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_device_shows_its_last_push_and_a_clock_that_is_wrong()
    {
        using var device = await gateway.EnrolAsync();
        Assert.Contains("neverPushed", await FlagsAsync(device));
        await device.PushAsync(An.Customer());
        Assert.Empty(await FlagsAsync(device));
        await gateway.Execute($"update gateway.device set skew_ms = -259200000 where device_id = '{device.Id}'");
        Assert.Equal(["clockWrong"], await FlagsAsync(device));
    }

    private async Task PutRepAsync(Guid id, object rep) => Assert.Equal(HttpStatusCode.OK, (await gateway.Office.PutAsJsonAsync($"/v1/office/reps/{id}", rep)).StatusCode);

    private async Task<string[]> FlagsAsync(TestDevice device) =>
        [.. (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices/{device.Id}")).GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()!)];
}

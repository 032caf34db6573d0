using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Customers;

/// <summary>A change captured offline carries the values it knew; what was changed by somebody else meanwhile is for the office to choose.</summary>
[Collection("office-2")]
public sealed class CustomerChangeTests(GatewayFixture gateway)
{
    private static Guid IdOf(JsonObject record) => record["id"]!.GetValue<Guid>();

    [Fact]
    public async Task A_change_of_other_fields_than_the_offices_goes_in_beside_it_and_the_destination_gets_the_whole_customer()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.NewGuid();
        await LoadAsync(customer, new { name = "Bakery", phone = "1", email = $"{customer:N}@a.example", notes = "old" });
        var change = Change(customer, new { phone = "1", contact = (string?)null }, new { name = "Bakery", phone = "2", contact = "Ana" });
        await LoadAsync(customer, new { name = "Bakery", phone = "1", email = $"{customer:N}@b.example", notes = "new" });

        await device.PushAsync(change);

        await State(change, "accepted");
        var body = JsonSerializer.Deserialize<JsonElement>(await gateway.Scalar<string>($"select body from gateway.customer where customer_id = '{customer}'"));
        Assert.Equal(("2", "Ana", $"{customer:N}@b.example", "new"), (Text(body, "phone"), Text(body, "contact"), Text(body, "email"), Text(body, "notes")));
        Assert.False(body.TryGetProperty("base", out _));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.delivery where record_id = '{IdOf(change)}'"));
        Assert.Equal(3, await gateway.Scalar<int>($"select rev from gateway.customer where customer_id = '{customer}'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_changes_of_one_field_the_second_is_held_whole_and_the_office_chooses_between_the_versions(bool take)
    {
        using var ada = await gateway.EnrolAsync();
        using var grace = await gateway.EnrolAsync("Grace");
        var customer = Guid.NewGuid();
        await LoadAsync(customer, new { name = "Bakery", phone = "1", notes = "kept" });
        var (first, second) = (Change(customer, new { phone = "1" }, new { name = "Bakery", phone = "2" }), Change(customer, new { phone = "1", notes = "kept" }, new { name = "Bakery", phone = "3", notes = "mine" }));
        await ada.PushAsync(first);
        await State(first, "accepted");

        await grace.PushAsync(second);
        await State(second, "held");

        var held = await gateway.RecordAsync(IdOf(second));
        Assert.Equal("customer.changeConflict", held.GetProperty("code").GetString());
        Assert.Contains("phone", held.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("2", await PhoneAsync(customer));
        var listed = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/customer-changes?limit=100")).GetProperty("changes").EnumerateArray().Single(row => row.GetProperty("id").GetGuid() == IdOf(second));
        var phone = listed.GetProperty("fields").EnumerateArray().Single(field => field.GetProperty("field").GetString() == "phone");
        Assert.Equal(("1", "2", "3", true), (phone.GetProperty("base").GetString(), phone.GetProperty("current").GetString(), phone.GetProperty("captured").GetString(), phone.GetProperty("conflicts").GetBoolean()));

        var answer = await gateway.Office.PostAsync($"/v1/office/customer-changes/{IdOf(second)}/{(take ? "take" : "leave")}", null);

        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
        await State(second, take ? "accepted" : "stopped");
        Assert.Equal(take ? "3" : "2", await PhoneAsync(customer));
        Assert.Equal(take ? "mine" : "kept", await gateway.Scalar<string>($"select body::jsonb ->> 'notes' from gateway.customer where customer_id = '{customer}'"));
        Assert.Equal(take ? 1 : 0, await gateway.Scalar<long>($"select count(*) from gateway.delivery where record_id = '{IdOf(second)}'"));
        Assert.Equal(HttpStatusCode.Conflict, (await gateway.Office.PostAsync($"/v1/office/customer-changes/{IdOf(second)}/take", null)).StatusCode);
    }

    [Fact]
    public async Task Changes_of_one_customer_by_many_devices_at_once_leave_nothing_lost_and_a_repeat_changes_nothing()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        await device.PushAsync(customer);
        var fields = new[] { "phone", "contact", "company", "notes", "paymentTerms" };
        var changes = fields.Select(field => Change(IdOf(customer), new JsonObject { [field] = null }, new JsonObject { ["name"] = "Ana Müller", [field] = $"new {field}" })).ToList();

        await Task.WhenAll(changes.Select(change => device.PushAsync(change)));
        foreach (var change in changes)
            await State(change, "accepted");
        Assert.All(await device.PushAsync([.. changes]), verdict => Assert.Equal("duplicate", verdict.GetProperty("outcome").GetString()));

        var body = JsonSerializer.Deserialize<JsonElement>(await gateway.Scalar<string>($"select body from gateway.customer where customer_id = '{IdOf(customer)}'"));
        Assert.All(fields, field => Assert.Equal($"new {field}", Text(body, field)));
    }

    [Fact]
    public async Task A_change_waits_for_a_customer_that_has_not_come_and_what_is_no_change_is_refused()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        var early = Change(IdOf(customer), new { phone = (string?)null }, new { name = "Ana Müller", phone = "5" });
        await device.PushAsync(early);
        await State(early, "waiting");
        var (empty, foreign) = (Change(IdOf(customer), new { }, new { name = "X" }), Change(IdOf(customer), new { code = "A" }, new { name = "X", code = "B" }));

        var verdicts = await device.PushAsync(empty, foreign);
        await device.PushAsync(customer);

        Assert.Equal(["customer.changeEmpty", "customer.changeField"], verdicts.Select(verdict => verdict.GetProperty("code").GetString()));
        await State(early, "accepted");
        Assert.Equal("5", await PhoneAsync(IdOf(customer)));
    }

    private Task State(JsonObject record, string state) => Eventually.GetAsync(() => gateway.RecordAsync(IdOf(record)), found => found.GetProperty("state").GetString() == state, $"the record is {state}");

    private Task<string> PhoneAsync(Guid customer) => gateway.Scalar<string>($"select body::jsonb ->> 'phone' from gateway.customer where customer_id = '{customer}'");

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static JsonObject Change(Guid customer, object known, object now) => Change(customer, JsonSerializer.SerializeToNode(known)!.AsObject(), JsonSerializer.SerializeToNode(now)!.AsObject());

    private static JsonObject Change(Guid customer, JsonObject known, JsonObject now)
    {
        var change = An.Customer();
        now["changes"] = customer;
        now["base"] = known;
        change["body"] = now;
        return change;
    }

    private async Task LoadAsync(Guid id, object body) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id, body } } })).EnsureSuccessStatusCode();
}

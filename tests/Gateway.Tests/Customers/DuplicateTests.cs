using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Customers;

/// <summary>The same customer captured twice: the rule merges, else the office decides; nothing of the second one is published before.</summary>
[Collection("office-2")]
public sealed class DuplicateTests(GatewayFixture gateway)
{
    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    private static string? Code(JsonElement found) => found.TryGetProperty("code", out var code) ? code.GetString() : null;

    private static Guid IdOf(JsonObject record) => record["id"]!.GetValue<Guid>();

    [Theory]
    [InlineData("email")]
    [InlineData("taxNumber")]
    public async Task F045_Two_reps_who_make_the_same_customer_offline_give_two_captures_one_customer_and_both_orders_on_it(string key)
    {
        using var ada = await gateway.EnrolAsync();
        using var grace = await gateway.EnrolAsync("Grace");
        var (first, second) = (With(key, $"X1{Guid.NewGuid():N}@same.example"), An.Customer());
        second["body"]![key] = " " + first["body"]![key]!.GetValue<string>().ToUpperInvariant();
        var (one, two) = (An.Order(customer: IdOf(first)), An.Order(customer: IdOf(second)));

        Assert.All(await ada.PushAsync(first, one), verdict => Assert.Equal("accepted", Outcome(verdict)));
        var verdicts = await grace.PushAsync(second, two);

        Assert.Equal(("accepted", "customer.possibleDuplicate"), (Outcome(verdicts[0]), Code(verdicts[0])));
        // The rule may have merged before the order was looked at.
        Assert.True((Outcome(verdicts[1]), Code(verdicts[1])) is ("waiting", "customer.undecided") or ("accepted", null), $"{verdicts[1]}");
        await Eventually.TrueAsync(async () => await CustomerOf(two) == IdOf(first) && (await gateway.RecordAsync(IdOf(two))).GetProperty("state").GetString() == "accepted", "the second order goes on, under the first customer");
        var merged = await gateway.RecordAsync(IdOf(second));
        Assert.Equal(("accepted", "customer.merged"), (merged.GetProperty("state").GetString(), Code(merged)));
        Assert.Equal(second["body"]![key]!.GetValue<string>(), merged.GetProperty("captured").GetProperty("body").GetProperty(key).GetString());
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.delivery where record_id = '{IdOf(second)}'"));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.delivery where record_id = '{IdOf(first)}'"));
        // The captured bytes still name the second one.
        Assert.Equal(IdOf(second), (await gateway.RecordAsync(IdOf(two))).GetProperty("captured").GetProperty("body").GetProperty("customer").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task F074_The_id_of_a_merged_customer_and_its_code_lead_to_the_one_that_stays_for_ever()
    {
        using var ada = await gateway.EnrolAsync();
        using var grace = await gateway.EnrolAsync("Grace");
        var (first, second, third) = (An.Customer(), An.Customer(), An.Customer());
        second["body"]!["email"] = first["body"]!["email"]!.GetValue<string>();
        second["body"]!["code"] = $"C-{IdOf(second):N}";
        await ada.PushAsync(first);
        await grace.PushAsync(second);
        await MergedAsync(second, first);
        // The one that stayed is merged once more, by hand.
        third["body"]!["name"] = "Third";
        third["body"]!["billing"]!["postalCode"] = "99-7";
        first["body"]!["billing"]!["postalCode"] = "997";
        await MergeByNameAsync(ada, first, third);

        var (byId, byCode) = (An.Order(customer: IdOf(second)), An.Order());
        byCode["body"]!["customer"] = new JsonObject { ["code"] = $"C-{IdOf(second):N}" };
        var verdicts = await grace.PushAsync(byId, byCode);

        Assert.All(verdicts, verdict => Assert.Equal("accepted", Outcome(verdict)));
        Assert.Equal((IdOf(third), IdOf(third)), (await CustomerOf(byId), await CustomerOf(byCode)));
        var pulled = await (await grace.GetAsync("/v1/sync/pull")).Content.ReadAsStringAsync();
        var mapping = pulled.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Single(line => line.TryGetProperty("c", out var collection) && collection.GetString() == "ids" && line.GetProperty("k").GetString() == IdOf(second).ToString());
        Assert.Equal(IdOf(third), mapping.GetProperty("row").GetProperty("customer").GetGuid());
        Assert.DoesNotContain(pulled.Split('\n'), line => line.Contains("\"customers\"", StringComparison.Ordinal) && line.Contains($"\"k\":\"{IdOf(second)}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task F069_What_a_merged_customer_owes_is_owed_by_the_one_that_stays()
    {
        using var ada = await gateway.EnrolAsync();
        var (goes, stays) = (An.Customer(), An.Customer());
        (goes["body"]!["name"], goes["body"]!["billing"]!["postalCode"], stays["body"]!["billing"]!["postalCode"]) = ($"Kiosk {IdOf(goes):N}", "99-8", "998");
        await ada.PushAsync(goes, An.Sale(customer: IdOf(goes), tenders: ("onAccount", 10.80m)));
        await MergeByNameAsync(ada, goes, stays);

        await ada.PushAsync(An.Sale(customer: IdOf(goes), tenders: ("onAccount", 10.80m)));

        var balances = await Eventually.GetAsync(() => BalancesAsync(stays), found => found == "21.6 USD", "all of it stands with the one that stays");
        Assert.Equal(("21.6 USD", ""), (balances, await BalancesAsync(goes)));
    }

    [Fact]
    public async Task F074_Whoever_has_the_address_of_a_merged_customer_is_the_one_that_stays()
    {
        using var ada = await gateway.EnrolAsync();
        var (goes, stays, third) = (An.Customer(), An.Customer(), An.Customer());
        (goes["body"]!["name"], goes["body"]!["billing"]!["postalCode"], stays["body"]!["billing"]!["postalCode"]) = ($"Kiosk {IdOf(goes):N}", "99-9", "999");
        third["body"]!["email"] = goes["body"]!["email"]!.GetValue<string>();
        await ada.PushAsync(goes);
        await MergeByNameAsync(ada, goes, stays);

        await ada.PushAsync(third);

        await MergedAsync(third, stays);
    }

    [Fact]
    public async Task F045_Same_name_and_postcode_alone_are_the_offices_to_decide_and_what_it_keeps_apart_goes_on_as_two()
    {
        using var ada = await gateway.EnrolAsync();
        var (first, second) = Alike();
        var order = An.Order(customer: IdOf(second));
        await ada.PushAsync(first);
        await ada.PushAsync(second, order);
        Assert.Equal("customer.possibleDuplicate", Code(await gateway.RecordAsync(IdOf(second))));
        var pair = await PairAsync(second);
        Assert.Equal(["namePostcode"], pair.GetProperty("keys").EnumerateArray().Select(key => key.GetString()));
        Assert.Equal((IdOf(first), IdOf(second)), (pair.GetProperty("first").GetProperty("id").GetGuid(), pair.GetProperty("second").GetProperty("id").GetGuid()));
        Assert.Equal((true, false), (pair.GetProperty("first").GetProperty("published").GetBoolean(), pair.GetProperty("second").GetProperty("published").GetBoolean()));

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Office.PostAsync($"/v1/office/duplicates/{pair.GetProperty("id").GetGuid()}/keep", null)).StatusCode);

        await Accepted(order);
        Assert.Equal(IdOf(second), await CustomerOf(order));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.delivery where record_id = '{IdOf(second)}'"));
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Office.PostAsync($"/v1/office/duplicates/{pair.GetProperty("id").GetGuid()}/keep", null)).StatusCode);
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.audit where action = 'customer.keepBoth' and subject = '{pair.GetProperty("id").GetGuid()}'"));
    }

    [Fact]
    public async Task F045_The_office_may_let_the_second_one_stay_and_what_is_in_an_ERP_stays_there_and_is_listed()
    {
        using var ada = await gateway.EnrolAsync();
        var (first, second) = Alike();
        var (written, under) = (An.Order(customer: IdOf(first)), An.Order(customer: IdOf(first)));
        await ada.PushAsync(first, written, under);
        await gateway.Execute($"update gateway.delivery set state = 'done', external_number = 'SO-77' where record_id = '{IdOf(written)}'");
        await ada.PushAsync(second);
        var pair = await PairAsync(second);

        await MergeAsync(pair, second);

        await Eventually.TrueAsync(async () => await CustomerOf(written) == IdOf(second) && await CustomerOf(under) == IdOf(second), "both orders are on the one that stays");
        var listed = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/duplicates?decided=true&limit=100")).GetProperty("duplicates").EnumerateArray().Single(row => row.GetProperty("id").GetGuid() == pair.GetProperty("id").GetGuid());
        Assert.Equal("SO-77", Assert.Single(listed.GetProperty("left").EnumerateArray()).GetProperty("externalNumber").GetString());
        // What is not there yet goes there for the one that stays; the other one does not go there.
        Assert.Equal("1,2", await gateway.Scalar<string>($"select string_agg(version::text, ',' order by version) from gateway.delivery where record_id in ('{IdOf(written)}', '{IdOf(under)}')"));
        Assert.Equal("stop", await gateway.Scalar<string>($"select wish from gateway.delivery where record_id = '{IdOf(first)}'"));
        Assert.Equal("push", await gateway.Scalar<string>($"select wish from gateway.delivery where record_id = '{IdOf(second)}'"));
        Assert.Equal(HttpStatusCode.Conflict, (await gateway.Office.PostAsJsonAsync($"/v1/office/duplicates/{pair.GetProperty("id").GetGuid()}/merge", new { survivor = IdOf(first) })).StatusCode);
    }

    [Fact]
    public async Task F045_A_captured_customer_is_found_among_those_of_the_office_by_its_address_and_never_adopted_by_its_name_alone()
    {
        using var ada = await gateway.EnrolAsync();
        var (office, named) = (Guid.NewGuid(), Guid.NewGuid());
        var email = $"{office:N}@office.example";
        var captured = An.Customer(email: email.ToUpperInvariant());
        var (alike, _) = Alike();
        await LoadAsync(office, "Office", email, null);
        await LoadAsync(named, alike["body"]!["name"]!.GetValue<string>(), null, alike["body"]!["billing"]!["postalCode"]!.GetValue<string>());

        var order = An.Order(customer: IdOf(captured));
        await ada.PushAsync(captured, order, alike);

        await Accepted(order);
        Assert.Equal(office, await CustomerOf(order));
        Assert.Equal("customer.possibleDuplicate", Code(await gateway.RecordAsync(IdOf(alike))));
        Assert.Equal(named, (await PairAsync(alike)).GetProperty("first").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task F045_Two_with_one_address_and_two_tax_numbers_are_not_made_one_by_the_rule()
    {
        using var ada = await gateway.EnrolAsync();
        var (first, second) = (With("taxNumber", $"A1{Guid.NewGuid():N}"), With("taxNumber", $"B1{Guid.NewGuid():N}"));
        second["body"]!["email"] = first["body"]!["email"]!.GetValue<string>();
        var (other, twin) = (An.Customer(), An.Customer());
        twin["body"]!["email"] = other["body"]!["email"]!.GetValue<string>();

        await ada.PushAsync(first, second);
        // What the rule is certain about it merges meanwhile.
        await ada.PushAsync(other, twin);
        await MergedAsync(twin, other);

        Assert.Equal("customer.possibleDuplicate", Code(await gateway.RecordAsync(IdOf(second))));
        Assert.Equal(IdOf(first), (await PairAsync(second)).GetProperty("first").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task F045_An_address_that_several_customers_of_the_office_share_decides_nothing()
    {
        using var ada = await gateway.EnrolAsync();
        var email = $"{Guid.NewGuid():N}@head-office.example";
        await LoadAsync(Guid.NewGuid(), "Branch North", email, null);
        await LoadAsync(Guid.NewGuid(), "Branch South", email, null);
        var captured = An.Customer(email: email);

        await ada.PushAsync(captured);

        var pair = await PairAsync(captured);
        Assert.Equal("customer.possibleDuplicate", Code(await gateway.RecordAsync(IdOf(captured))));
        Assert.False(pair.TryGetProperty("decision", out _));
    }

    [Fact]
    public async Task F045_A_customer_the_office_loads_later_is_shown_beside_the_captured_one_and_loading_it_again_after_a_merge_brings_nothing_back()
    {
        using var ada = await gateway.EnrolAsync();
        var (captured, office) = (An.Customer(), Guid.NewGuid());
        var order = An.Order(customer: IdOf(captured));
        await ada.PushAsync(captured, order);

        await LoadAsync(office, "Loaded", captured["body"]!["email"]!.GetValue<string>(), null);
        await MergeAsync(await PairAsync(captured), office);
        await Eventually.TrueAsync(async () => await CustomerOf(order) == office, "the order is on the one the office loaded");
        await LoadAsync(IdOf(captured), "Again", null, null);

        Assert.Equal((true, office), (await gateway.Scalar<bool>($"select removed from gateway.customer where customer_id = '{IdOf(captured)}'"), await gateway.Scalar<Guid>($"select merged_into from gateway.customer where customer_id = '{IdOf(captured)}'")));
    }

    [Fact]
    public async Task F045_Of_many_devices_that_bring_the_same_customer_in_one_instant_one_is_published_and_all_orders_end_on_it()
    {
        var devices = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => gateway.EnrolAsync($"Racer {i}")));
        var email = $"{Guid.NewGuid():N}@race.example";
        var pairs = devices.Select(_ => An.Customer(email: email)).Select(customer => (Customer: customer, Order: An.Order(customer: IdOf(customer)))).ToList();

        var verdicts = await Task.WhenAll(devices.Select((device, i) => device.PushAsync(pairs[i].Customer, pairs[i].Order)));

        Assert.All(verdicts, both => Assert.Equal("accepted", Outcome(both[0])));
        Assert.Equal(1, verdicts.Count(both => Code(both[0]) is null));
        foreach (var (_, order) in pairs)
            await Accepted(order);
        var ids = string.Join(',', pairs.Select(pair => $"'{IdOf(pair.Order)}'"));
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>($"select count(distinct customer_id) from gateway.record where record_id in ({ids})") == 1, "all orders are on one customer");
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.customer where email = '{email}' and not removed"));
        foreach (var device in devices)
            device.Dispose();
    }

    [Fact]
    public async Task F045_Twins_inside_one_push_and_a_push_sent_again_are_one_customer_with_the_same_verdicts()
    {
        using var ada = await gateway.EnrolAsync();
        var (first, second) = (An.Customer(), An.Customer());
        second["body"]!["email"] = first["body"]!["email"]!.GetValue<string>();

        var verdicts = await ada.PushAsync(first, second);
        await MergedAsync(second, first);
        var again = await ada.PushAsync(first, second);

        Assert.Equal([null, "customer.possibleDuplicate"], verdicts.Select(Code));
        Assert.Equal(["duplicate", "duplicate"], again.Select(Outcome));
    }

    private async Task MergedAsync(JsonObject merged, JsonObject into) =>
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>($"select count(*) from gateway.customer where customer_id = '{IdOf(merged)}' and merged_into = '{IdOf(into)}'") == 1, "the rule merges them");

    private async Task MergeByNameAsync(TestDevice device, JsonObject first, JsonObject third)
    {
        third["body"]!["email"] = null;
        third["body"]!["name"] = first["body"]!["name"]!.GetValue<string>();
        await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = IdOf(first), body = JsonNode.Parse(first["body"]!.ToJsonString()) } } });
        await device.PushAsync(third);
        await MergeAsync(await PairAsync(third), third);
    }

    private Task MergeAsync(JsonElement pair, JsonObject survivor) => MergeAsync(pair, IdOf(survivor));

    private async Task MergeAsync(JsonElement pair, Guid survivor)
    {
        var answer = await gateway.Office.PostAsJsonAsync($"/v1/office/duplicates/{pair.GetProperty("id").GetGuid()}/merge", new { survivor });
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> PairAsync(JsonObject second) =>
        (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/duplicates?limit=100")).GetProperty("duplicates").EnumerateArray().Single(row => row.GetProperty("second").GetProperty("id").GetGuid() == IdOf(second));

    private async Task<string> BalancesAsync(JsonObject customer) => string.Join(' ', (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/customers/{IdOf(customer)}")).GetProperty("balances")
        .EnumerateArray().Select(one => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one.GetProperty("amount").GetDecimal()} {one.GetProperty("currency").GetString()}")));

    private Task Accepted(JsonObject record) =>
        Eventually.GetAsync(() => gateway.RecordAsync(IdOf(record)), found => found.GetProperty("state").GetString() == "accepted", "the record goes on");

    private Task<Guid> CustomerOf(JsonObject record) => gateway.Scalar<Guid>($"select customer_id from gateway.record where record_id = '{IdOf(record)}'");

    private static JsonObject With(string key, string value)
    {
        var customer = An.Customer();
        customer["body"]![key] = value;
        return customer;
    }

    private static (JsonObject First, JsonObject Second) Alike()
    {
        var (first, second) = (An.Customer(), An.Customer());
        first["body"]!["name"] = $"Zoë & Co {IdOf(first):N}";
        second["body"]!["name"] = $"zoe and-co {IdOf(first):N}".Replace("and-", "", StringComparison.Ordinal);
        first["body"]!["billing"]!["postalCode"] = "12 345";
        second["body"]!["billing"]!["postalCode"] = "12345";
        return (first, second);
    }

    private async Task LoadAsync(Guid id, string name, string? email, string? postalCode) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id, body = new { name, email, billing = new { postalCode } } } } })).EnsureSuccessStatusCode();
}

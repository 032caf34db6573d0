using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Policies;

/// <summary>How much a customer may owe, and on which terms.</summary>
[Collection("office-2")]
public sealed class CreditTests(GatewayFixture gateway)
{
    // An order of one line comes to 10.80.
    private const decimal Order = 10.80m;

    [Theory]
    [InlineData("warn", "accepted", null)]
    [InlineData("hold", "accepted", "held")]
    [InlineData("refuse", "refused", null)]
    public async Task F081_An_order_above_the_credit_limit_is_flagged_held_or_refused_as_the_company_has_set_with_limit_and_balance(string choice, string outcome, string? state)
    {
        await using var setting = await gateway.SetAsync("creditLimit", choice);
        using var device = await gateway.EnrolAsync();
        var customer = await gateway.CustomerAsync(new { creditLimit = 100m, balance = 89.20m, currency = "USD" });

        var verdicts = await device.PushAsync(An.Order(customer: customer, seq: 1), An.Order(customer: customer, seq: 2));

        Assert.Equal(("accepted", null), (verdicts[0].Outcome(), verdicts[0].Code()));
        Assert.Equal((outcome, state, "order.creditLimit"), (verdicts[1].Outcome(), verdicts[1].State(), verdicts[1].Code()));
        var message = verdicts[1].GetProperty("message").GetString()!;
        Assert.All(["100.00 USD", "100.00 USD already", "10.80 USD", "110.80 USD"], words => Assert.Contains(words, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task F081_What_was_accepted_before_counts_until_the_next_word_on_the_balance_and_a_duplicate_counts_once()
    {
        using var device = await gateway.EnrolAsync();
        var customer = await gateway.CustomerAsync(new { creditLimit = 30m, balance = 0m, currency = "USD" });
        var (first, second) = (An.Order(customer: customer, seq: 1), An.Order(customer: customer, seq: 2));
        await device.PushAsync(first, second);
        await SummedAsync();

        var again = await device.PushAsync(first, second, An.Order(customer: customer, seq: 3));
        await SummedAsync();

        Assert.Equal(["duplicate", "duplicate", "accepted"], again.Select(verdict => verdict.Outcome()));
        Assert.Equal("order.creditLimit", again[2].Code());
        Assert.Equal(3 * Order, await gateway.Scalar<decimal>($"select sum(amount) from gateway.customer_commitment where customer_id = '{customer}'"));

        await gateway.CustomerAsync(new { creditLimit = 30m, balance = 1m, currency = "USD" }, id: customer);
        var fourth = An.Order(customer: customer, seq: 4);
        Assert.Null(Assert.Single(await device.PushAsync(fourth)).Code());
        await SummedAsync();
        // 1.00 and two orders; what is in the sums already does not count once more because it comes again.
        var last = await device.PushAsync(fourth, An.Order(customer: customer, seq: 5));
        Assert.Equal(("duplicate", null, "accepted", null), (last[0].Outcome(), last[0].Code(), last[1].Outcome(), last[1].Code()));
    }

    [Fact]
    public async Task F081_An_order_the_office_stops_gives_its_amount_back_and_one_it_lets_go_on_takes_it()
    {
        await using var setting = await gateway.SetAsync("creditLimit", "hold");
        using var device = await gateway.EnrolAsync();
        var customer = await gateway.CustomerAsync(new { creditLimit = 10m, currency = "USD" });
        var order = An.Order(customer: customer);
        var id = order["id"]!.GetValue<Guid>();
        Assert.Equal("held", Assert.Single(await device.PushAsync(order)).State());

        (await gateway.Office.PostAsync($"/v1/office/records/{id}/accept", null)).EnsureSuccessStatusCode();

        var record = await Eventually.GetAsync(() => gateway.RecordAsync(id), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
        Assert.StartsWith("SO-MAIN-", record.GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Array, record.GetProperty("deliveries").ValueKind);
        await SummedAsync();
        Assert.Equal(Order, await SumAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await gateway.Office.PostAsync($"/v1/office/records/{id}/accept", null)).StatusCode);

        // Where it stands is what counts: the reader looks at the record anew.
        await gateway.Execute($"update gateway.record set state = 'stopped' where record_id = '{id}'");
        await gateway.Execute($"""
            with head as (update gateway.company_feed set pos = pos + 1 where company_id = '{gateway.CompanyId}' returning pos)
            insert into gateway.feed (company_id, pos, tx, collection, key) select '{gateway.CompanyId}', pos, gen_random_uuid(), 'verdicts', '{id}' from head
            """);
        await SummedAsync();
        Assert.Equal(0, await SumAsync());

        Task<decimal> SumAsync() => gateway.Scalar<decimal>($"select coalesce(sum(amount), 0) from gateway.customer_commitment where customer_id = '{customer}'");
    }

    [Theory]
    [InlineData("warn", "accepted")]
    [InlineData("hold", "held")]
    [InlineData("refuse", "held")]
    public async Task F081_Orders_that_waited_for_their_customer_are_judged_by_the_limit_when_they_go_on(string choice, string state)
    {
        await using var setting = await gateway.SetAsync("creditLimit", choice);
        using var device = await gateway.EnrolAsync();
        var code = $"K-{Guid.NewGuid():N}";
        JsonObject[] orders = [An.Order(seq: 1), An.Order(seq: 2)];
        foreach (var (i, order) in orders.Index())
        {
            order["capturedAt"] = $"2026-03-03T0{i + 1}:00:00+00:00";
            order["body"]!["customer"] = new JsonObject { ["code"] = code };
        }

        Assert.All(await device.PushAsync(orders), verdict => Assert.Equal("customer.codeUnknown", verdict.Code()));
        await gateway.CustomerAsync(new { creditLimit = 15m, currency = "USD" }, code);

        var second = await Eventually.GetAsync(() => RecordAsync(orders[1]), found => found.Code() != "customer.codeUnknown", "the customer is known");
        var first = await RecordAsync(orders[0]);
        Assert.Equal(("accepted", null, state, "order.creditLimit"), (first.State(), first.Code(), second.State(), second.Code()));
        Assert.Contains("10.80 USD already", second.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(state == "accepted", second.TryGetProperty("number", out _));
        Assert.Equal(state == "held", second.GetProperty("mayAccept").GetBoolean());
    }

    [Fact]
    public async Task F081_What_the_office_has_let_go_on_is_not_asked_about_again_when_it_has_waited()
    {
        await using var setting = await gateway.SetAsync("creditLimit", "hold");
        using var device = await gateway.EnrolAsync();
        var (customer, first) = (await gateway.CustomerAsync(new { creditLimit = 10m, currency = "USD" }), An.Order(customer: await gateway.CustomerAsync()));
        var order = An.Order(customer: customer);
        order["dependsOn"] = new JsonArray(first["id"]!.GetValue<Guid>());
        Assert.Equal(("held", "order.creditLimit"), (await device.PushAsync(order)) is [var verdict] ? (verdict.State(), verdict.Code()) : default);

        Assert.Equal(HttpStatusCode.Conflict, (await AcceptAsync("customer.codeUnknown")).StatusCode);
        var done = await (await AcceptAsync("order.creditLimit")).Content.ReadFromJsonAsync<JsonElement>();

        Assert.True(done.GetProperty("done").GetInt64() > 0);
        await Eventually.GetAsync(() => RecordAsync(order), found => found.Code() == "record.dependencyUnknown", "it says what it waits for");
        await device.PushAsync(first);
        await Eventually.GetAsync(() => RecordAsync(order), found => found.State() == "accepted" && found.Code() is null, "it goes on");

        Task<HttpResponseMessage> AcceptAsync(string code) => gateway.Office.PostAsJsonAsync("/v1/office/attention/accept", new { reason = "held", connection = "", code });
    }

    [Fact]
    public async Task F081_Limit_and_balance_reach_devices_and_terms_that_are_not_the_customers_are_told_of()
    {
        using var device = await gateway.EnrolAsync();
        var customer = await gateway.CustomerAsync(new { creditLimit = 500m, balance = 12.5m, currency = "USD", balanceAsOf = "2026-03-01T00:00:00Z" }, terms: "30 days");
        var (same, other) = (An.Order(customer: customer), An.Order(customer: customer, seq: 2));
        same["body"]!["paymentTerms"] = "30 DAYS ";
        other["body"]!["paymentTerms"] = "90 days";

        var verdicts = await device.PushAsync(same, other);

        Assert.Equal([null, "order.paymentTerms"], verdicts.Select(verdict => verdict.Code()));
        Assert.Equal(["accepted", "accepted"], verdicts.Select(verdict => verdict.Outcome()));
        var lines = await (await device.GetAsync("/v1/sync/pull")).Content.ReadAsStringAsync();
        var row = lines.Split('\n').Single(line => line.Contains(customer.ToString(), StringComparison.Ordinal) && line.Contains("\"creditLimit\"", StringComparison.Ordinal));
        Assert.Contains("\"creditLimit\":500", row.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("2026-03-01T00:00:00Z", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F081_A_customer_row_with_an_impossible_credit_is_refused_and_the_same_row_again_changes_nothing()
    {
        var row = new { id = Guid.CreateVersion7(), body = new { name = "A" }, creditLimit = 100, balance = 1.5, currency = "EUR" };
        (await PutAsync(row)).EnsureSuccessStatusCode();

        Assert.Equal(0, (await (await PutAsync(row)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("changed").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(new { row.id, row.body, creditLimit = -1, currency = "EUR" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(new { row.id, row.body, creditLimit = 1 })).StatusCode);

        Task<HttpResponseMessage> PutAsync(object customer) => gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { customer } });
    }

    private Task<JsonElement> RecordAsync(JsonObject record) => gateway.RecordAsync(record["id"]!.GetValue<Guid>());

    private Task SummedAsync() => Eventually.TrueAsync(
        () => gateway.Scalar<bool>($"select s.pos >= f.pos from gateway.sum_position s join gateway.company_feed f using (company_id) where company_id = '{gateway.CompanyId}'"), "the sums have followed");
}

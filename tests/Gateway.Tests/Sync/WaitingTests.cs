using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>Records that need something else first go on by themselves once it is there, and only then.</summary>
[Collection("gateway")]
public sealed class WaitingTests(GatewayFixture gateway)
{
    private static Func<JsonElement, bool> Waits(string code) => found => found.GetProperty("state").GetString() == "waiting" && found.GetProperty("code").GetString() == code;

    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task F041_Shuffled_chunks_keep_the_order_of_capture_and_end_where_unshuffled_ones_do(int seed)
    {
        using var device = await gateway.EnrolAsync();
        var random = new Random(seed);
        var customer = Guid.CreateVersion7();
        var (quote, order, orphan) = (An.Quote(customer: customer, seq: 2), An.Order(customer: customer, seq: 3), An.Order(customer: customer, seq: 5));
        order["dependsOn"] = new JsonArray(quote["id"]!.GetValue<Guid>());
        var receipt = An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>(), seq: 4);
        orphan["dependsOn"] = new JsonArray(Guid.CreateVersion7());
        JsonObject[] captured = [An.Customer(customer, seq: 1), quote, order, receipt, orphan];
        var shuffled = captured.ToArray();
        random.Shuffle(shuffled);

        foreach (var chunk in shuffled.Chunk(random.Next(1, 3)))
            await device.PushAsync(chunk);

        var ids = string.Join(',', captured.Select(record => $"'{record["id"]!.GetValue<Guid>()}'"));
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>($"select count(*) from gateway.record where state = 'accepted' and record_id in ({ids})") == 4, "all but the orphan go on");
        Assert.Equal("customer,quote,order,receipt,order", await gateway.Scalar<string>($"select string_agg(kind, ',' order by seq) from gateway.record where record_id in ({ids})"));
        await Eventually.GetAsync(() => gateway.RecordAsync(orphan["id"]!.GetValue<Guid>()), Waits("record.dependencyUnknown"), "the orphan says what is missing now");
    }

    [Fact]
    public async Task F042_In_one_push_the_feed_gives_a_new_customer_before_its_order_and_that_before_its_receipt()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        var receipt = An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>());

        await device.PushAsync(receipt, order, An.Customer(customer));

        Assert.True(await Position(customer) < await Position(order["id"]!.GetValue<Guid>()));
        Assert.True(await Position(order["id"]!.GetValue<Guid>()) < await Position(receipt["id"]!.GetValue<Guid>()));

        Task<long> Position(Guid id) => gateway.Scalar<long>($"select pos from gateway.feed where key = '{id}'");
    }

    [Fact]
    public async Task F055_The_reason_of_a_waiting_record_follows_what_it_waits_for_and_a_device_is_told()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var (order, receipt) = (An.Order(customer: customer), An.Receipt(customer: customer, order: Guid.CreateVersion7()));
        receipt["dependsOn"] = new JsonArray(receipt["body"]!["allocations"]![0]!["order"]!.GetValue<Guid>());
        await device.PushAsync(order, receipt);
        var id = order["id"]!.GetValue<Guid>();
        Assert.Equal("customer.unknown", (await gateway.RecordAsync(id)).GetProperty("code").GetString());

        await device.PushAsync(An.Customer(customer, email: "not an address"));
        await Eventually.GetAsync(() => gateway.RecordAsync(id), Waits("customer.refused"), "the order says that its customer was refused");
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.feed where key = '{id}'"));

        var mended = An.Customer(customer);
        mended["rev"] = 2;
        await device.PushAsync(mended);
        await Eventually.GetAsync(() => gateway.RecordAsync(id), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
        await Eventually.GetAsync(() => gateway.RecordAsync(receipt["id"]!.GetValue<Guid>()), Waits("receipt.orderUnknown"), "the receipt says what is missing now");
    }

    [Fact]
    public async Task F055_Three_orders_of_a_refused_customer_wait_and_go_by_themselves_once_it_is_mended_but_for_one_that_was_stopped()
    {
        using var device = await gateway.EnrolAsync();
        var refused = An.Customer(email: "not an address");
        var customer = refused["id"]!.GetValue<Guid>();
        JsonObject[] orders = [An.Order(customer: customer), An.Order(customer: customer), An.Order(customer: customer)];

        var verdicts = await device.PushAsync([refused, .. orders]);
        var stopped = orders[2]["id"]!.GetValue<Guid>();
        (await gateway.Office.PostAsync($"/v1/office/records/{stopped}/stop", null)).EnsureSuccessStatusCode();
        var mended = An.Customer(customer);
        mended["rev"] = 2;
        await device.PushAsync(mended);

        Assert.Equal(["refused", "waiting", "waiting", "waiting"], verdicts.Select(Outcome));
        Assert.All(verdicts.Skip(1), verdict => Assert.Equal("customer.refused", verdict.GetProperty("code").GetString()));
        foreach (var order in orders.Take(2))
            await Eventually.GetAsync(() => gateway.RecordAsync(order["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
        Assert.Equal("stopped", (await gateway.RecordAsync(stopped)).GetProperty("state").GetString());
        (await gateway.Office.PostAsync($"/v1/office/records/{stopped}/reopen", null)).EnsureSuccessStatusCode();
        await Eventually.GetAsync(() => gateway.RecordAsync(stopped), found => found.GetProperty("state").GetString() == "accepted", "reopened, it goes on as well");
    }

    [Fact]
    public async Task Records_that_wait_for_each_other_are_stored_and_hold_up_nobody()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var (one, other) = (An.Order(customer: customer), An.Order(customer: customer));
        one["dependsOn"] = new JsonArray(other["id"]!.GetValue<Guid>());
        other["dependsOn"] = new JsonArray(one["id"]!.GetValue<Guid>());
        var own = An.Order(customer: customer);
        own["dependsOn"] = new JsonArray(own["id"]!.GetValue<Guid>());

        var verdicts = await device.PushAsync(An.Customer(customer), one, other, own);

        Assert.Equal(["accepted", "waiting", "waiting", "accepted"], verdicts.Select(Outcome));
    }

    [Fact]
    public async Task What_is_no_customer_is_not_taken_for_one()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        await device.PushAsync(An.Customer(customer), order);
        var stray = An.Order(customer: order["id"]!.GetValue<Guid>());
        Assert.Equal("waiting", Outcome(Assert.Single(await device.PushAsync(stray))));

        // Something that is released meanwhile shows that the stray one was looked at.
        var late = Guid.CreateVersion7();
        var released = An.Order(customer: late);
        await device.PushAsync(released);
        await device.PushAsync(An.Customer(late));
        await Eventually.GetAsync(() => gateway.RecordAsync(released["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "the other order goes on");

        Assert.Equal("waiting", (await gateway.RecordAsync(stray["id"]!.GetValue<Guid>())).GetProperty("state").GetString());
    }

    [Fact]
    [InCi]
    public async Task Records_of_a_rep_who_is_switched_off_wait_and_go_on_once_the_rep_is_switched_on_each_after_what_it_needs()
    {
        var rep = $"Rep {Guid.NewGuid():N}";
        using var device = await gateway.EnrolAsync(rep);
        await gateway.Execute($"update gateway.rep set disabled = true where name = '{rep}'");
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        var orphan = An.Order(customer: Guid.CreateVersion7());

        var verdicts = await device.PushAsync(An.Customer(customer), order, orphan);

        Assert.All(verdicts, verdict => Assert.Equal("waiting", Outcome(verdict)));
        Assert.Equal("user.disabled", verdicts[0].GetProperty("code").GetString());
        Assert.Contains("switched off", verdicts[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.customer where customer_id = '{customer}'"));
        var id = order["id"]!.GetValue<Guid>();
        // Others are released meanwhile.
        using var other = await gateway.EnrolAsync();
        var (late, released) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await other.PushAsync(An.Order(released, late));
        await other.PushAsync(An.Customer(late));
        await Eventually.GetAsync(() => gateway.RecordAsync(released), found => found.GetProperty("state").GetString() == "accepted", "the other order goes on");
        Assert.Equal("waiting", (await gateway.RecordAsync(customer)).GetProperty("state").GetString());
        Assert.Equal("waiting", (await gateway.RecordAsync(id)).GetProperty("state").GetString());

        await gateway.Execute($"update gateway.rep set disabled = false where name = '{rep}'");

        var record = await Eventually.GetAsync(() => gateway.RecordAsync(id), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
        Assert.StartsWith("SO-MAIN-", record.GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Single(record.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.customer where customer_id = '{customer}' and captured"));
        await Eventually.GetAsync(() => gateway.RecordAsync(orphan["id"]!.GetValue<Guid>()), Waits("customer.unknown"), "the orphan waits for its customer");
    }
}

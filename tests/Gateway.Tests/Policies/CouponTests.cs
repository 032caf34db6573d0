using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Policies;

/// <summary>A coupon is used once, also where two devices took it in offline.</summary>
[Collection("office-2")]
public sealed class CouponTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("warn", "accepted", null, "order.couponUsed")]
    [InlineData("hold", "accepted", "held", "order.couponUsed")]
    [InlineData("refuse", "refused", null, "order.couponUsed")]
    [InlineData("allow", "accepted", null, null)]
    public async Task F068_A_coupon_used_offline_on_two_devices_is_good_for_the_first_and_the_second_is_not_lost(string choice, string outcome, string? state, string? code)
    {
        await using var setting = await gateway.SetAsync("couponUsed", choice);
        using var one = await gateway.EnrolAsync();
        using var other = await gateway.EnrolAsync("Grace");
        var (customer, coupon) = (await gateway.CustomerAsync(), $"C{Guid.NewGuid():N}");
        var (first, second) = (Order(customer, coupon), Order(customer, coupon));

        var good = Assert.Single(await one.PushAsync(first));
        var late = Assert.Single(await other.PushAsync(second));

        Assert.Equal(("accepted", null), (good.Outcome(), good.Code()));
        Assert.Equal((outcome, state, code), (late.Outcome(), late.State(), late.Code()));
        if (code is not null)
            Assert.Contains(coupon, late.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(second.ToJsonString(), await BytesAsync(second));
        Assert.Equal("duplicate", Assert.Single(await one.PushAsync(first)).Outcome());
    }

    [Fact]
    public async Task F068_Of_many_devices_that_upload_one_coupon_at_the_same_moment_exactly_one_has_it_unflagged()
    {
        var (customer, coupon) = (await gateway.CustomerAsync(), $"C{Guid.NewGuid():N}");
        var devices = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => gateway.EnrolAsync($"Rep {i}")));

        var verdicts = await Task.WhenAll(devices.Select(device => device.PushAsync(Order(customer, coupon), Order(customer, $"C{Guid.NewGuid():N}"))));

        Assert.All(verdicts.SelectMany(answer => answer), verdict => Assert.Equal("accepted", verdict.Outcome()));
        Assert.Equal(5, verdicts.Count(answer => answer[0].Code() == "order.couponUsed"));
        Assert.All(verdicts, answer => Assert.Null(answer[1].Code()));
        Assert.Equal("6 1", await gateway.Scalar<string>($"select count(*) || ' ' || count(*) filter (where first) from gateway.coupon_use where coupon = '{coupon}'"));
        foreach (var device in devices)
            device.Dispose();
    }

    [Fact]
    public async Task F068_A_correction_without_the_coupon_gives_it_back_and_one_with_it_keeps_it()
    {
        await using var setting = await gateway.SetAsync("couponUsed", "hold");
        using var device = await gateway.EnrolAsync();
        var (coupon, held) = ($"C{Guid.NewGuid():N}", new JsonObject { ["code"] = $"X-{Guid.NewGuid():N}" });
        var order = Order(Guid.CreateVersion7(), coupon);
        order["body"]!["customer"] = held.DeepClone();
        await device.PushAsync(order);
        var kept = Revised(order, 2);
        Assert.Equal("customer.codeUnknown", Assert.Single(await device.PushAsync(kept)).Code());
        var without = Revised(order, 3);
        without["body"]!["coupons"] = null;
        await device.PushAsync(without);

        var customer = await gateway.CustomerAsync();
        Assert.Null(Assert.Single(await device.PushAsync(Order(customer, coupon))).Code());
    }

    private static JsonObject Revised(JsonObject order, int rev)
    {
        var revised = (JsonObject)order.DeepClone();
        revised["rev"] = rev;
        revised["body"]!["notes"] = $"revision {rev}";
        return revised;
    }

    private static JsonObject Order(Guid customer, string coupon)
    {
        var order = An.Order(customer: customer);
        order["body"]!["coupons"] = new JsonArray(new JsonObject { ["id"] = coupon });
        return order;
    }

    private async Task<string> BytesAsync(JsonObject record) =>
        JsonNode.Parse(await gateway.Scalar<byte[]>($"select bytes from gateway.capture where record_id = '{record["id"]!.GetValue<Guid>()}'"))!.ToJsonString();
}

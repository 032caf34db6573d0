using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Policies;

/// <summary>What a company refuses of orders is held of sales: they have happened.</summary>
[Collection("office-2")]
public sealed class SaleRulesTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F067_F068_F081_A_sale_with_an_unknown_lot_a_used_coupon_or_above_the_limit_is_held_and_never_refused()
    {
        await using var credit = await gateway.SetAsync("creditLimit", "refuse");
        await using var coupons = await gateway.SetAsync("couponUsed", "refuse");
        using var device = await gateway.EnrolAsync();
        var (sku, coupon) = (await gateway.ItemAsync(), $"C{Guid.NewGuid():N}");
        var customer = await gateway.CustomerAsync(new { creditLimit = 5m, currency = "USD" });
        (await gateway.Office.PutAsJsonAsync("/v1/office/lots", new { lots = new[] { new { sku, number = "L-1" } } })).EnsureSuccessStatusCode();
        var (first, second, lot) = (An.Sale(customer: customer), An.Sale(customer: customer), An.Sale(customer: customer, sku: sku));
        first["body"]!["coupons"] = new JsonArray(new JsonObject { ["id"] = coupon });
        second["body"]!["coupons"] = new JsonArray(new JsonObject { ["id"] = coupon });
        lot["body"]!["lines"]![0]!["lots"] = new JsonArray(new JsonObject { ["lot"] = "L-2", ["quantity"] = 1 });

        var verdicts = await device.PushAsync(first, second, lot, An.Sale(customer: customer, tenders: ("onAccount", 10.80m)));

        Assert.All(verdicts, verdict => Assert.Equal("accepted", verdict.Outcome()));
        Assert.Equal([null, "order.couponUsed", "line.lot.unknown", "order.creditLimit"], verdicts.Select(verdict => verdict.Code()));
        Assert.Equal([null, "held", "held", "held"], verdicts.Select(verdict => verdict.State()));
    }

    [Fact]
    public async Task F070_F081_A_sale_takes_from_stock_without_any_setting_and_on_account_it_counts_until_money_comes()
    {
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync(new { creditLimit = 15m, currency = "USD" }));
        await gateway.StockAsync(sku, 10);
        var sale = An.Sale(customer: customer, sku: sku, tenders: ("onAccount", 10.80m));

        await device.PushAsync(sale);
        await device.PushAsync(sale);
        await SummedAsync();

        Assert.Equal(9, await gateway.Scalar<decimal>($"select available - sold from gateway.stock where sku = '{sku}'"));
        Assert.Equal("order.creditLimit", Assert.Single(await device.PushAsync(An.Order(customer: customer))).Code());
        await device.PushAsync(An.Receipt(customer: customer, amount: 21.60m));
        await SummedAsync();
        Assert.Equal(0, await gateway.Scalar<decimal>($"select sum(amount) from gateway.customer_commitment where customer_id = '{customer}'"));
        Assert.Null(Assert.Single(await device.PushAsync(An.Order(customer: customer))).Code());
    }

    private Task SummedAsync() => Eventually.TrueAsync(
        () => gateway.Scalar<bool>($"select s.pos >= f.pos from gateway.sum_position s join gateway.company_feed f using (company_id) where company_id = '{gateway.CompanyId}'"), "the sums have followed");
}

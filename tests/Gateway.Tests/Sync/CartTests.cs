using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

[Collection("gateway")]
public sealed class CartTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F059_A_cart_that_is_sent_is_refused_with_what_to_do_and_nothing_here_holds_carts()
    {
        using var device = await gateway.EnrolAsync();
        var cart = An.Order();
        cart["kind"] = "cart";

        var verdict = Assert.Single(await device.PushAsync(cart));

        Assert.Equal(("refused", "cart.notSynced"), (verdict.GetProperty("outcome").GetString(), verdict.GetProperty("code").GetString()));
        Assert.Equal("Carts stay on the device. Turn the cart into an order or a quote to send it.", verdict.GetProperty("message").GetString());
        Assert.Equal(0, await gateway.Scalar<long>("select count(*) from pg_class where relname like '%cart%'"));
    }
}

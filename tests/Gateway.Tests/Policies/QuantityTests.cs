using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Policies;

/// <summary>Least quantities and steps, through a push.</summary>
[Collection("office-2")]
public sealed class QuantityTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData(24.0, 12.0, 23.999, "line.quantity.belowMinimumOfSteps", "24 or 36")]
    [InlineData(24.0, 12.0, 12.0, "line.quantity.belowMinimumOfSteps", "24 or 36")]
    [InlineData(24.0, 12.0, 24.0, null, null)]
    [InlineData(24.0, 12.0, 24.001, "line.quantity.notAMultiple", "24 or 36")]
    [InlineData(24.0, 12.0, 36.0, null, null)]
    [InlineData(20.0, 12.0, 20.0, "line.quantity.belowMinimumOfSteps", "24 or 36")]
    [InlineData(20.0, 12.0, 24.0, null, null)]
    [InlineData(5.0, null, 4.999, "line.quantity.belowMinimum", "5")]
    [InlineData(5.0, null, 5.0, null, null)]
    [InlineData(null, 0.25, 0.1, "line.quantity.notAMultiple", "0.25 or 0.5")]
    [InlineData(null, 0.25, 0.75, null, null)]
    public async Task F064_At_the_edges_of_minimum_and_step_a_push_takes_what_is_sold_and_names_what_would_be(double? minimum, double? step, double quantity, string? code, string? choices)
    {
        using var device = await gateway.EnrolAsync();
        var sku = await gateway.ItemAsync((decimal?)minimum, (decimal?)step);
        var order = An.Order(customer: await gateway.CustomerAsync(), price: 0, sku: sku);
        order["body"]!["lines"]![0]!["quantity"] = (decimal)quantity;

        var verdict = Assert.Single(await device.PushAsync(order));

        Assert.Equal((code is null ? "accepted" : "refused", code), (verdict.Outcome(), verdict.Code()));
        if (code is null)
            return;
        var message = verdict.GetProperty("message").GetString()!;
        Assert.All([sku, choices!], words => Assert.Contains(words, message, StringComparison.Ordinal));
        if (code.EndsWith("OfSteps", StringComparison.Ordinal))
            Assert.Contains($"from {minimum} up in steps of {step}", message, StringComparison.Ordinal);
    }
}

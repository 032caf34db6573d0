using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

public sealed class CaptureTests
{
    [Fact]
    public void An_order_is_captured_with_the_totals_of_the_Money_library_and_the_device_s_local_time()
    {
        using var folder = new ScratchFolder();
        using var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere, Clock = new ManualClock(), Rounding = new("line", "halfEven") });
        var customer = device.Capture(new NewCustomer("Ana's Bikes"));

        var order = device.Capture(new NewOrder(customer.Id, "USD", [new NewLine("A", 3, 10.55m) { TaxRate = 8 }, new NewLine("B", 0.125m, 3) { Discount = new(10, null), TaxRate = 8 }])
        {
            Reference = "R-7", Discount = new(null, 1.20m), Shipping = 4.99m, ShippingTaxRate = 8,
        });

        var kept = device.Find(order.Id)!;
        var body = kept.Body.Deserialize<OrderBody>(Contracts.ContractJson.Options)!;
        Assert.Equal(new OrderTotals(31.99m, 1.20m, 2.87m, 38.65m), body.Totals);
        // Rounded on the document the tax would be 2.86.
        Assert.Equal(38.65m, order.Total);
        var envelope = JsonSerializer.Deserialize<RecordEnvelope>(kept.Bytes.Span, Contracts.ContractJson.Options)!;
        Assert.Equal(("order", 1, 2, 2L, "2026-03-03T09:00:00+00:00"), (envelope.Kind, envelope.Rev, envelope.Schema, envelope.Seq, envelope.CapturedAt.ToString("yyyy-MM-ddTHH:mm:sszzz", null)));
        Assert.Equal([customer.Id], envelope.DependsOn!);
        Assert.Equal(7, order.Id.Version);
    }

    [Fact]
    public void What_was_entered_can_be_taken_up_again_as_it_was()
    {
        using var folder = new ScratchFolder();
        using var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere });
        var customer = new NewCustomer("Ana's Bikes") { Email = "ana@bikes.example", Billing = new(null, "Main Street 1", null, "Springfield", null, null, "US"), Rep = "Ada" };
        var reference = new CustomerReference(null, "C-1", null);
        var rounding = new TaxRounding("document", "halfUp");
        var quote = new NewQuote(reference, "EUR", [new NewLine("A", 1, 2) { Unit = "pcs", TaxCode = "T8", TaxRate = 8, Notes = "red" }]) { ValidUntil = new(2026, 4, 3), Notes = "call first", Rounding = rounding };
        var receipt = new NewReceipt(reference, "EUR", 5, "cash") { Reference = "P-1", Allocations = [new(Guid.NewGuid(), null, 5)] };

        var sale = new NewSale(Guid.NewGuid(), "EUR", [new NewLine("A", 1, 2) { Lots = [new("L-1", null, 1)] }], [new("cash", 1), new("layBy", 1, null, 1, new(2026, 4, 3))])
        {
            Rounding = rounding, Coupons = [new("SUMMER")], Discount = new(0, null, "loyal"),
        };
        var counterSale = new NewSale("EUR", [new NewLine("A", 1, 2)], [new("cash", 2)]) { Rounding = rounding };
        var lead = new NewLead("Kiosk") { Position = new(52.5m, 13.4m), AttachmentsExpected = 2, Source = "fair" };
        var form = NewActivity.FilledIn("shelf", 3, new Dictionary<string, object> { ["full"] = true }) with { Notes = "N" };
        var own = new NewActivity("hedgehogs") { More = new Dictionary<string, JsonElement> { ["seen"] = JsonSerializer.SerializeToElement(new[] { 1, 2 }) } };

        foreach (var entered in new NewRecord[] { customer, quote, receipt, sale, counterSale, lead, form, own, NewActivity.CheckIn(Guid.NewGuid()) })
        {
            var again = device.Draft(device.Capture(entered).Id);
            Assert.Equal(entered.GetType(), again.GetType());
            Assert.Equal(JsonSerializer.Serialize(entered.ToBody(rounding)), JsonSerializer.Serialize(again.ToBody(rounding)));
        }
    }

    [Fact]
    public void An_entry_whose_sums_cannot_be_computed_is_not_kept_and_takes_no_place()
    {
        using var folder = new ScratchFolder();
        using var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere });

        var trouble = Assert.Throws<DeviceTrouble>(() => device.Capture(new NewOrder(Guid.NewGuid(), "USD", [new NewLine("A", 1, 5) { Discount = new(null, 6) }])));

        Assert.Equal("order.amount.invalid", trouble.Code);
        Assert.Equal(1, device.Capture(new NewCustomer("Ana's Bikes")).Seq);
    }

    [Fact]
    public async Task The_strip_is_one_value_that_says_what_waits_and_that_the_line_is_gone()
    {
        using var folder = new ScratchFolder();
        var clock = new ManualClock();
        using var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere, Clock = clock });
        var seen = new List<string>();
        device.StateChanged += state => seen.Add(state.ToString());
        Assert.Equal("Nothing to send", device.State.ToString());

        device.Capture(new NewCustomer("One"));
        device.Capture(new NewCustomer("Two"));
        var report = await device.SyncNowAsync();
        clock.Advance(TimeSpan.FromMinutes(5));
        await device.SyncNowAsync();

        Assert.Equal((0, 2), (report.Sent, report.Left));
        Assert.StartsWith("No answer from http://127.0.0.1:9/", report.Trouble, StringComparison.Ordinal);
        Assert.Equal(["1 waiting", "2 waiting", "Sending 2", "Offline since 09:00 · 2 waiting", "Sending 2", "Offline since 09:00 · 2 waiting"], seen);
    }
}

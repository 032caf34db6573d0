using OrderSync.Contracts.Records;
using OrderSync.Device;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;
using Product = OrderSync.Simulator.Office.Product;
using Tax = OrderSync.Simulator.Office.Tax;

namespace OrderSync.Simulator.Demo;

/// <summary>What happens on the three devices.</summary>
/// <param name="board">Where it is shown.</param>
/// <param name="run">Makes the names of one run its own.</param>
internal sealed class Story(Board board, string run)
{
    private const decimal Rate = 8;
    private const string Currency = "USD";

    public static readonly Tax Tax = new("T8", "Tax 8 %", Rate);

    public static readonly IReadOnlyList<Product> Products =
    [
        new("DEMO-OIL", "Olive oil, 5 l", "can", 29.99m, Tax.Code),
        new("DEMO-FLOUR", "Bread flour, 25 kg", "sack", 18.75m, Tax.Code),
        new("DEMO-YEAST", "Fresh yeast, 500 g", "pcs", 2.49m, Tax.Code),
        new("DEMO-WATER", "Spring water, case of 12", "bottle", 0.95m, Tax.Code, MinimumQuantity: 12, QuantityStep: 12),
    ];

    /// <summary>The devices in their order; the second one's line is bad, the third one makes the mistake.</summary>
    public static readonly IReadOnlyList<(string Name, string Rep)> Devices = [("Ada's phone", "Ada"), ("Ben's phone", "Ben"), ("Ada's tablet", "Ada")];

    /// <summary>What the three capture while there is no line.</summary>
    public async Task CaptureAsync(IReadOnlyList<FleetDevice> devices, TimeSpan pause, CancellationToken stop)
    {
        var (phone, ben, tablet) = (devices[0], devices[1], devices[2]);

        var bakery = Customer(phone, "Corner Bakery", "bakery");
        await Task.Delay(pause, stop);
        var order = Order(phone, bakery, Mail("bakery"), Line(0, 4), Line(1, 10) with { Discount = new DiscountBody(5, null) }, Line(2, 30));
        await Task.Delay(pause, stop);
        var paid = decimal.Round(order.Total!.Value / 2, 2);
        Track(phone, Kinds.Receipt, phone.Device.Capture(new NewReceipt(bakery, Currency, paid, "cash")
        {
            Allocations = [new ReceiptAllocation(order.Id, null, paid)],
        }), Mail("bakery"));
        await Task.Delay(pause, stop);

        var cafe = Customer(ben, "Harbour Café", "cafe");
        Order(ben, cafe, Mail("cafe"), Line(0, 2), Line(3, 24));
        await Task.Delay(pause, stop);
        Order(ben, cafe, Mail("cafe"), Line(2, 7.5m) with { UnitPrice = 2.395m });
        await Task.Delay(pause, stop);

        // Ten bottles, and they are sold by the dozen.
        var kiosk = Customer(tablet, "Station Kiosk", "kiosk");
        Order(tablet, kiosk, Mail("kiosk"), Line(3, 10), Line(0, 1));
    }

    /// <summary>Mends what was refused, as the person would: as many bottles as are sold together.</summary>
    public void Mend(FleetDevice device, Guid id)
    {
        var draft = (NewOrder)device.Device.Draft(id);
        var mended = device.Device.Mend(id, draft with { Lines = [.. draft.Lines.Select(line => line.Sku == "DEMO-WATER" ? line with { Quantity = 12 } : line)] });
        board.Tracks.Single(track => track.Id == id).Amount = mended.Total;
        board.Say(FormattableString.Invariant($"{device.Rep} mends it: 12 bottles, now {mended.Total:N2}"));
    }

    private Guid Customer(FleetDevice device, string name, string mailbox)
    {
        var captured = device.Device.Capture(new NewCustomer($"{name} {run}") { Email = Mail(mailbox) });
        Track(device, Kinds.Customer, captured, null, name);
        return captured.Id;
    }

    private Captured Order(FleetDevice device, Guid customer, string mail, params NewLine[] lines)
    {
        var captured = device.Device.Capture(new NewOrder(customer, Currency, lines));
        Track(device, Kinds.Order, captured, mail);
        return captured;
    }

    private void Track(FleetDevice device, string kind, Captured captured, string? mail, string? name = null) =>
        board.Captured(new Track(captured.Id, device.Name, kind, captured.Total, mail) { Number = name });

    private static NewLine Line(int product, decimal quantity) => new(Products[product].Sku, quantity, Products[product].Price)
    {
        Description = Products[product].Name, Unit = Products[product].Unit, TaxCode = Tax.Code, TaxRate = Rate,
    };

    private string Mail(string mailbox) => $"{mailbox}.{run.ToLowerInvariant()}@shops.example";
}

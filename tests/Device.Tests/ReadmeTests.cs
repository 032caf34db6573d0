using OrderSync.Contracts.Records;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>The README's example does what it says.</summary>
[Collection("gateway")]
public sealed class ReadmeTests(GatewayFixture gateway)
{
    [Fact]
    public async Task The_example_captures_offline_and_is_drained()
    {
        using var folder = new ScratchFolder();
        var report = await ExampleAsync(await Site.LinkAsync(gateway, "Ada of the README"), folder.File);

        Assert.Equal((6, 6, 0), (report.Sent, report.Accepted, report.Left));
    }

    [Fact]
    public void The_example_in_the_README_is_the_one_that_runs_here()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "clients/Device/README.md"));
        var shown = readme.Split("```csharp\n")[1].Split("```")[0].Trim().Split('\n');
        var source = File.ReadAllLines(Path.Combine(Repository.Root, "tests/Device.Tests/ReadmeTests.cs")).Select(line => line.Trim()).ToList();
        var start = source.IndexOf("// The README's lines.") + 1;
        Assert.Equal(shown.Select(line => line.Trim().Replace("\"ordersync.db\"", "file", StringComparison.Ordinal)), source[start..(start + shown.Length)]);
    }

    private static async Task<SyncReport> ExampleAsync(string scanned, string file)
    {
        // The README's lines.
        using var device = SyncDevice.Open(file, new DeviceOptions { Name = "Ada's phone", App = "Field Sales 3.2" });
        device.StateChanged += strip => Console.WriteLine(strip);
        if (device.DeviceId is null)
            await device.EnrolAsync(scanned);

        var customer = device.Capture(new NewCustomer("Ana's Bikes") { Email = "ana@bikes.example" });
        var order = device.Capture(new NewOrder(customer.Id, "USD", [new NewLine("SKU-1", 3, 10.00m) { TaxCode = "T8", TaxRate = 8 }]));
        device.Capture(new NewReceipt(customer.Id, "USD", order.Total!.Value, "cash") { Allocations = [new ReceiptAllocation(order.Id, null, order.Total.Value)] });
        device.Capture(new NewSale("USD", [new NewLine("SKU-1", 1, 10.00m)], [new TenderBody("cash", 10.00m)]));
        var visit = NewActivity.CheckIn(customer.Id);
        var checkIn = device.Capture(visit);
        device.Capture(NewActivity.Step(visit.Visit!.Id, checkIn.Id, "complete") with { Notes = "Shelf is full." });

        var report = await device.SyncNowAsync();
        foreach (var record in device.Attention())
            Console.WriteLine($"{record.Kind}: {record.Verdict?.Message}");

        var cage = device.Catalogue.SearchProducts("bottle ca")[0];
        Console.WriteLine($"{device.Readiness}: {cage.Name} for {device.Catalogue.PriceOf(cage.Sku, quantity: 3, customer.Id)?.UnitPrice}");
        return report;
    }
}

using System.Net.Http.Json;
using Microsoft.Playwright;
using OrderSync.Device;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;
using static Microsoft.Playwright.Assertions;

namespace OrderSync.Console.Tests.Bundles;

/// <summary>What people of the office do with a bundle, in a real browser.</summary>
[Collection("console of people and devices")]
[InCi]
public sealed class BundleJourneys(ConsoleFixture console)
{
    [Fact]
    public async Task F125_F128_A_bundle_is_brought_each_record_shows_what_became_of_it_and_a_lost_devices_are_taken_or_rejected_one_by_one()
    {
        var (device, file, folder) = await ExportAsync("Lonely Lena", orders: 4);
        using var kept = folder;
        var page = await console.OpenAsync("office");
        await page.GotoAsync("/bundles");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "bundles-before");

        // One changed byte: the reason names the part.
        var damaged = await File.ReadAllBytesAsync(file);
        damaged[^100] ^= 1;
        await File.WriteAllBytesAsync($"{file}.damaged", damaged);
        await BringAsync(page, $"{file}.damaged");
        await Expect(page.GetByText("Part 1 is not as Lena's phone wrote it: something in it was changed.")).ToBeVisibleAsync();

        await BringAsync(page, file);
        await Expect(page.GetByText("One part with 6 records was taken.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Bundle of Lena's phone" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Stored now")).ToHaveCountAsync(5);
        await Expect(page.GetByText("Refused", new() { Exact = true }).First).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "bundle");
        await BringAsync(page, file);
        await Expect(page.GetByText("Was stored before")).ToHaveCountAsync(5);

        // Lost: what it writes now waits.
        (await console.Office.PostAsJsonAsync($"/v1/office/devices/{device.DeviceId}/revoke", new { reason = "Left on a train" })).EnsureSuccessStatusCode();
        device.Capture(new NewCustomer("Written after it was lost"));
        using (var stream = File.Create(file))
            device.Outbox.Export(stream);
        await BringAsync(page, file);
        await Expect(page.GetByText("One of them waits for you: the device is revoked.")).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "bundle-held");
        await page.GetByLabel("Choose customer Written after it was lost").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject those chosen" }).ClickAsync();
        await Expect(page.GetByText("One record was rejected.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Rejected by Olga (office)")).ToBeVisibleAsync();
        await page.GetByLabel("Choose customer Written after it was lost").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take those chosen" }).ClickAsync();
        await Expect(page.GetByText("One record was taken.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Approved by Olga (office)")).ToBeVisibleAsync();
        await page.GotoAsync("/bundles");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Lena's phone" })).ToHaveCountAsync(2);
        await page.IsGoodAsync();
        await console.PictureAsync(page, "bundles");
        device.Dispose();
    }

    [Fact]
    public async Task Without_scripts_a_bundle_is_brought_too_and_a_viewer_sees_it_and_is_offered_nothing()
    {
        var (device, file, folder) = await ExportAsync("Plain Peter", orders: 1);
        using var kept = folder;
        device.Dispose();
        var page = await console.OpenAsync("owner", new Look(Scripts: false, Width: 390));
        await page.GotoAsync("/bundles");
        await page.GetByLabel("The file from the device").SetInputFilesAsync(file);
        await page.GetByRole(AriaRole.Button, new() { Name = "Import it" }).ClickAsync();
        await Expect(page.GetByText("One part with 3 records was taken.")).ToBeVisibleAsync();

        var viewer = await console.OpenAsync("viewer");
        await viewer.GotoAsync(page.Url);
        await Expect(viewer.GetByText("Stored now")).ToHaveCountAsync(2);
        Assert.Equal(0, await viewer.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync());
        await viewer.GotoAsync("/bundles");
        Assert.Equal(0, await viewer.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync());
    }

    // With scripts the form goes on without leaving the page; the answer takes its place.
    private static async Task BringAsync(IPage page, string file)
    {
        await page.GotoAsync("/bundles");
        await page.GetByLabel("The file from the device").SetInputFilesAsync(file);
        await page.GetByRole(AriaRole.Button, new() { Name = "Import it" }).ClickAsync();
    }

    /// <summary>A device with a customer, orders and one that is refused, and all of it as a bundle.</summary>
    private async Task<(SyncDevice Device, string File, Folder Folder)> ExportAsync(string rep, int orders)
    {
        var folder = new Folder();
        var device = SyncDevice.Open(folder.Path("device.db"), new DeviceOptions { Gateway = console.Gateway.Url, Name = $"{rep.Split(' ')[1]}'s phone", Downloads = false });
        await device.EnrolAsync(await TestDevice.CodeAsync(console.Office, rep));
        var customer = device.Capture(new NewCustomer("Ana's Bikes") { Email = $"{Guid.NewGuid():N}@customers.example" });
        for (var i = 1; i <= orders; i++)
            device.Capture(new NewOrder(customer.Id, "USD", [new NewLine("SKU-1", i, 10.00m) { TaxCode = "T8", TaxRate = 8 }]) { Reference = $"R-{i}" });
        device.Capture(new NewOrder(customer.Id, "USD", [new NewLine("SKU-12", 10, 10.00m) { TaxCode = "T8", TaxRate = 8 }]) { Reference = "R-REFUSED" });
        using (var stream = File.Create(folder.Path("lena.osb")))
            device.Outbox.Export(stream);
        return (device, folder.Path("lena.osb"), folder);
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo place = Directory.CreateTempSubdirectory("bundle");

        public string Path(string name) => System.IO.Path.Combine(place.FullName, name);

        public void Dispose() => place.Delete(recursive: true);
    }
}

using System.Net;
using Microsoft.Playwright;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;
using static Microsoft.Playwright.Assertions;

namespace OrderSync.Console.Tests.Devices;

/// <summary>What people of the office do with devices, in a real browser.</summary>
[Collection("console of people and devices")]
[InCi]
public sealed class DeviceJourneys(ConsoleFixture console)
{
    [Fact]
    public async Task F001_A_device_is_enrolled_by_its_code_and_the_page_notices_by_itself()
    {
        var page = await console.OpenAsync("office");
        await page.GotoAsync("/devices/branches");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Code", Exact = true }).FillAsync("EAST");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Eastern branch");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Eastern branch is saved.")).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "branches");
        await page.GotoAsync("/devices/reps/new");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "rep-new");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Enrolled Enno");
        await page.GetByLabel("E-mail").FillAsync("enno@reps.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByLabel("Rep", new() { Exact = true })).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^[0-9a-f-]{36}$"));
        await page.IsGoodAsync();
        await console.PictureAsync(page, "enrol");

        await page.GetByLabel("Branch", new() { Exact = true }).SelectOptionAsync("EAST");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a code" }).ClickAsync();

        await Expect(page.GetByText(new System.Text.RegularExpressions.Regex("(60|5\\d) minutes left\\."))).ToBeVisibleAsync();
        var code = (await page.GetByLabel("Code", new() { Exact = true }).TextContentAsync())!;
        await page.IsGoodAsync();
        await console.PictureAsync(page, "enrol-code");
        using var device = TestDevice.New(console.Gateway.Url);
        Assert.Equal(HttpStatusCode.Created, (await device.EnrolAsync(code)).StatusCode);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Phone is enrolled" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "End this code" })).ToHaveCountAsync(0);
        await page.IsGoodAsync();
        await console.PictureAsync(page, "enrolled");
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the device" }).ClickAsync();
        await Expect(page.GetByText("Nothing sent yet")).ToBeVisibleAsync();
        await Expect(page.GetByText("Enrolled Enno").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task F128_A_revoked_device_is_turned_away_with_its_next_request_and_goes_on_once_it_is_restored()
    {
        using var device = await console.EnrolAsync("Lost Lotte");
        (device.Says["OrderSync-App"], device.Says["OrderSync-Waiting"]) = ("Field Sales 3.2", "4");
        await device.PushAsync(An.Order());
        var page = await console.OpenAsync("office");
        await page.GotoAsync("/devices?search=Lotte");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Lost Lotte" })).ToContainTextAsync("Field Sales 3.2");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "devices");
        await page.GetByRole(AriaRole.Link, new() { Name = "Phone" }).ClickAsync();
        await Expect(page.GetByText("4 records still to be sent")).ToBeVisibleAsync();

        await page.GetByLabel("Revoke, because").FillAsync("Left on a train");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();

        await Expect(page.GetByText("Left on a train").First).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.SendAsync(An.Push(An.Order()))).StatusCode);
        await page.IsGoodAsync();
        await console.PictureAsync(page, "device-revoked");
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore this device" }).ClickAsync();
        await Expect(page.GetByText("Phone is restored.")).ToBeVisibleAsync();
        await device.PushAsync(An.Order());
    }

    [Fact]
    public async Task F006_Setup_switches_are_seen_with_who_changed_them_and_set_from_the_office()
    {
        using var device = await console.EnrolAsync("Switching Svea");
        await device.SwitchAsync(new { offlineMode = true });
        var page = await console.OpenAsync("office");

        await page.GotoAsync($"/devices/{device.Id}");
        await Expect(page.GetByText("by Switching Svea, on the device.")).ToBeVisibleAsync();
        await page.GetByLabel("Incremental sync").SelectOptionAsync("true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save switches" }).ClickAsync();

        await Expect(page.GetByText("The switches are saved.")).ToBeVisibleAsync();
        await Expect(page.GetByText("by Olga (office).")).ToBeVisibleAsync();
        Assert.Equal("true", await page.GetByLabel("Offline mode").InputValueAsync());
        await page.IsGoodAsync();
        await console.PictureAsync(page, "device");
    }

    [Fact]
    public async Task Without_scripts_a_code_is_made_and_ended_and_a_viewer_is_offered_neither()
    {
        using var device = await console.EnrolAsync("Plain Paula");
        var page = await console.OpenAsync("office", new Look(Scripts: false));
        await page.GotoAsync("/devices/enrol");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a code" }).ClickAsync();
        await Expect(page.GetByLabel("Code", new() { Exact = true })).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$"));
        var made = page.Url;
        await page.GetByRole(AriaRole.Button, new() { Name = "End this code" }).ClickAsync();
        await Expect(page.GetByText("The code is over; no device can use it any more.")).ToBeVisibleAsync();

        var viewer = await console.OpenAsync("viewer");
        await viewer.GotoAsync(made);
        await Expect(viewer.GetByRole(AriaRole.Heading, new() { Name = "This code is over" })).ToBeVisibleAsync();
        await viewer.GotoAsync($"/devices/{device.Id}");
        Assert.Equal(0, await viewer.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync());
        await viewer.GotoAsync("/devices/reps");
        await viewer.IsGoodAsync();
        await console.PictureAsync(viewer, "reps");
        var ops = await console.OpenAsync("ops");
        Assert.Equal(200, (await ops.GotoAsync("/devices"))!.Status);
    }
}

using Microsoft.Playwright;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.Overview;

/// <summary>The overview of a gateway of its own: it is killed, and it begins with nothing.</summary>
[InCi]
public sealed class OverviewTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [Fact]
    public async Task An_office_sees_the_first_steps_then_what_flows_without_reloading_and_a_calm_banner_while_the_gateway_is_away()
    {
        await console.Execute("update gateway.connection set kinds = '{order,customer}', name = 'Zoho Books'");
        var page = await console.OpenAsync();
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Enrol a device" })).ToHaveAttributeAsync("href", "/devices");
        await console.PictureAsync(page, "overview-first");
        await page.IsGoodAsync();

        using var device = await console.EnrolAsync();
        var customer = An.Customer();
        var id = customer["id"]!.GetValue<Guid>();
        await device.PushAsync([customer, .. Enumerable.Range(0, 7).Select(i => An.Order(customer: id, seq: i)), An.Quote(customer: id)]);
        var headline = page.Locator(".headline");
        await Assertions.Expect(headline).ToContainTextAsync("7 orders today");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("^Orders") })).ToContainTextAsync("7");

        await console.PictureAsync(page, "overview");

        var fresh = await console.OpenAsync();
        await console.Gateway.KillAsync();
        await Assertions.Expect(page.GetByText("does not answer")).ToBeVisibleAsync();
        await Assertions.Expect(headline).ToContainTextAsync("7 orders today");
        await console.PictureAsync(page, "overview-away");
        await page.IsGoodAsync();
        await fresh.GotoAsync("/");
        await Assertions.Expect(fresh.GetByText("does not answer")).ToBeVisibleAsync();
        await console.PictureAsync(fresh, "away");

        await console.Gateway.StartAsync();
        await Assertions.Expect(page.GetByText("does not answer")).ToBeHiddenAsync();
        await Assertions.Expect(fresh.Locator(".headline")).ToContainTextAsync("7 orders today");
    }
}

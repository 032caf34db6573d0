using Microsoft.Playwright;

namespace OrderSync.Console.Tests.Layout;

/// <summary>What every page has, whatever is on it.</summary>
[Collection("console")]
public sealed class FrameTests(ConsoleFixture console)
{
    [Fact]
    public async Task A_page_that_does_not_exist_says_so_and_leads_back()
    {
        var page = await console.OpenAsync();

        var answer = await page.GotoAsync("/no/such/page");

        Assert.Equal(404, answer!.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" })).ToBeVisibleAsync();
        await console.PictureAsync(page, "missing");
        await page.IsGoodAsync();
    }

    [Theory]
    [InlineData("owner", true, true)]
    [InlineData("viewer", true, false)]
    [InlineData("ops", false, false)]
    public async Task The_menu_offers_what_a_role_may_see(string role, bool orders, bool people)
    {
        var page = await console.OpenAsync(role);

        await page.GotoAsync("/");

        var menu = page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" });
        await Assertions.Expect(menu.GetByText($"{role} · First company")).ToBeVisibleAsync();
        Assert.Equal(orders ? 1 : 0, await menu.GetByRole(AriaRole.Link, new() { Name = "Orders" }).CountAsync());
        Assert.Equal(people ? 1 : 0, await menu.GetByRole(AriaRole.Link, new() { Name = "People" }).CountAsync());
        await console.PictureAsync(page, $"menu-{role}");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task Whoever_has_not_signed_in_is_led_to_sign_in()
    {
        var page = await console.OpenAsStrangerAsync();

        await page.GotoAsync("/");

        Assert.Equal("/sign-in", new Uri(page.Url).PathAndQuery);
    }

    [Fact]
    public async Task Nothing_comes_from_elsewhere_and_no_script_or_style_stands_in_a_page()
    {
        var page = await console.OpenAsync();

        var answer = await page.GotoAsync("/no/such/page");

        var headers = await answer!.AllHeadersAsync();
        Assert.Contains("default-src 'self'", headers["content-security-policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", headers["content-security-policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", headers["x-content-type-options"]);
        Assert.Equal("no-store", headers["cache-control"]);
    }
}

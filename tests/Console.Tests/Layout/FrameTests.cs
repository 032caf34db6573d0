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

        await Assertions.Expect(page).ToHaveURLAsync(new Uri(console.Console.Url, "/sign-in").AbsoluteUri);
    }

    [Fact]
    public async Task Who_clicks_on_before_a_page_is_there_gets_the_last_one_they_clicked()
    {
        var page = await console.OpenAsync();
        await page.GotoAsync("/devices");
        var (asked, late, given) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        page.RequestFailed += (_, request) => { if (new Uri(request.Url).AbsolutePath == "/orders") given.TrySetResult(); };
        page.RequestFinished += (_, request) => { if (new Uri(request.Url).AbsolutePath == "/orders") given.TrySetException(new InvalidOperationException("The page that came late was taken.")); };
        await page.RouteAsync("**/orders", async route =>
        {
            asked.TrySetResult();
            await late.Task;
            await route.ContinueAsync();
        });
        var menu = page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" });

        await menu.GetByRole(AriaRole.Link, new() { Name = "Orders" }).ClickAsync();
        await asked.Task;
        await menu.GetByRole(AriaRole.Link, new() { Name = "Connections" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connections", Exact = true })).ToBeVisibleAsync();
        late.SetResult();

        await given.Task.WaitAsync(OrderSync.Testing.Eventually.Patience);
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(console.Console.Url, "/connections").AbsoluteUri);
    }

    [Fact]
    public async Task A_form_that_its_page_no_longer_has_is_said_to_be_too_old()
    {
        using var device = await OrderSync.Gateway.Tests.TestDevice.EnrolAsync(console.Office, console.Gateway.Url, "Twice revoked");
        var (one, two) = (await console.OpenAsync("office"), await console.OpenAsync("office"));
        foreach (var page in new[] { one, two })
        {
            await page.GotoAsync($"/devices/{device.Id}");
            await page.GetByLabel("Revoke, because").FillAsync("Lost");
        }

        await one.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Assertions.Expect(one.GetByText("It is turned away from its next request on.")).ToBeVisibleAsync();
        await two.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();

        await Assertions.Expect(two.GetByRole(AriaRole.Heading, new() { Name = "The form was too old" })).ToBeVisibleAsync();
        await console.PictureAsync(two, "too-old");
        await two.IsGoodAsync();
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

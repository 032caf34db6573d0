using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OrderSync.Testing;

namespace OrderSync.Console.Tests;

/// <summary>How a page is looked at.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Scheme">Light or dark.</param>
/// <param name="Scripts">Whether scripts run.</param>
public sealed record Look(int Width = 1440, ColorScheme Scheme = ColorScheme.Light, bool Scripts = true);

/// <summary>Debian's Chromium, driven by Playwright.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
    private readonly IPlaywright driver;
    private readonly IBrowser browser;
    private readonly Uri console;

    private Browser(IPlaywright driver, IBrowser browser, Uri console) => (this.driver, this.browser, this.console) = (driver, browser, console);

    // A busy machine makes a page wait: a test that works waits only as long as it must.
    private static readonly float Patience = (float)Eventually.Patience.TotalMilliseconds;

    public static async Task<Browser> OpenAsync(Uri console)
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var driver = await Playwright.CreateAsync();
        var chromium = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Programs.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"There is no browser at {string.Join(" or ", Programs)}."),
            ChromiumSandbox = Environment.UserName != "root",
        });
        return new Browser(driver, chromium, console);
    }

    /// <summary>A page in a context of its own; with a token it is signed in.</summary>
    public async Task<IPage> PageAsync(string? token, Look? look)
    {
        look ??= new Look();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = console.OriginalString, ColorScheme = look.Scheme, JavaScriptEnabled = look.Scripts, Locale = "en-GB", TimezoneId = "UTC", ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = look.Width, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        if (token is not null)
            await SignInAsync(page, token);
        return page;
    }

    // The browser takes the cookie as from the console itself, with all that its name asks for.
    private static async Task SignInAsync(IPage page, string token)
    {
        const string Here = "/signed-in-by-the-test";
        await page.RouteAsync($"**{Here}", route => route.FulfillAsync(new()
        {
            ContentType = "text/html", Body = "", Headers = [new("Set-Cookie", $"__Host-ordersync={token}; Path=/; Secure; HttpOnly; SameSite=Lax")],
        }));
        await page.GotoAsync(Here);
        await page.UnrouteAsync($"**{Here}");
    }

    /// <summary>Pictures of one page at phone and desktop width, light and dark, into the folder that ORDERSYNC_SCREENSHOTS names.</summary>
    public async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("ORDERSYNC_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 390, 1440 })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"), FullPage = true });
            }
        }

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1440, 900);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        driver.Dispose();
    }
}

/// <summary>What is asserted of every page.</summary>
public static class GoodPage
{
    /// <summary>axe finds nothing serious or critical, in light and in dark, and nothing scrolls sideways at phone width. Only where scripts run: axe is one, and waits for itself.</summary>
    public static async Task IsGoodAsync(this IPage page)
    {
        foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var found = (await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{scheme}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}").ToList();
            Assert.True(found.Count == 0, $"{page.Url}\n{string.Join('\n', found)}");
        }

        var before = page.ViewportSize!;
        await page.SetViewportSizeAsync(390, 900);
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        await page.SetViewportSizeAsync(before.Width, before.Height);
        Assert.True(overflow <= 0, $"{page.Url} is {overflow} px wider than a phone.");
    }
}

using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OrderSync.Email.Printing;

/// <summary>One running Chromium with the driver that speaks to it.</summary>
internal sealed class OpenBrowser : IAsyncDisposable
{
    private readonly IPlaywright driver;
    private readonly IBrowser browser;

    private readonly ConcurrentBag<IPage> idle = [];
    private readonly TaskCompletionSource died = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OpenBrowser(IPlaywright driver, IBrowser browser)
    {
        (this.driver, this.browser) = (driver, browser);
        browser.Disconnected += (_, _) => died.TrySetResult();
        if (!browser.IsConnected)
            died.TrySetResult();
    }

    /// <summary>Ends when the browser does. Calls that are under way then may never come back.</summary>
    public Task Died => died.Task;

    public bool Alive => browser.IsConnected;

    /// <summary>Documents begun in this browser.</summary>
    public int Printed { get; set; }

    /// <summary>Documents being printed in it now.</summary>
    public int Borrowed { get; set; }

    /// <summary>Takes no further documents and closes when the last one is done.</summary>
    public bool Retired { get; set; }

    public static async Task<OpenBrowser> OpenAsync(ChromiumOptions options)
    {
        var program = options.Program();
        var driver = await Playwright.CreateAsync();
        try
        {
            var browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = program, ChromiumSandbox = options.Sandboxed() });
            return new OpenBrowser(driver, browser);
        }
        catch
        {
            driver.Dispose();
            throw;
        }
    }

    /// <summary>Scripts are off and the network is closed: what is printed is what is in the HTML. Pages are used again, which halves the time.</summary>
    public async Task<byte[]> PrintAsync(string html)
    {
        if (!idle.TryTake(out var page))
        {
            var context = await browser.NewContextAsync(new() { JavaScriptEnabled = false, Offline = true, Locale = "en-US", TimezoneId = "UTC" });
            page = await context.NewPageAsync();
        }
        await page.SetContentAsync(html, new() { WaitUntil = WaitUntilState.Load });
        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true, Tagged = true });
        idle.Add(page);
        return pdf;
    }

    public async ValueTask DisposeAsync()
    {
        // A browser that hangs does not close when asked; it ends with its driver.
        if (Alive)
            await Task.WhenAny(browser.CloseAsync(), Task.Delay(TimeSpan.FromSeconds(5)));
        driver.Dispose();
    }
}

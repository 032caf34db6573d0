using Microsoft.Extensions.Options;
using Microsoft.Playwright;

namespace OrderSync.Email.Printing;

/// <summary>Prints HTML as PDF. The browser stays open between documents; one that died, hangs or has printed its share is replaced.</summary>
internal sealed partial class Printer(IOptions<ChromiumOptions> options, ILogger<Printer> log) : IAsyncDisposable
{
    private const int LookEvery = 25;
    private readonly SemaphoreSlim places = new(options.Value.Concurrency);
    private readonly SemaphoreSlim door = new(1);
    private OpenBrowser? current;

    /// <summary>Browsers opened so far.</summary>
    public int Opened { get; private set; }

    /// <summary>The document as PDF, dated as given: equal HTML and date give equal bytes.</summary>
    public async Task<byte[]> PrintAsync(string html, DateTimeOffset date, CancellationToken stop)
    {
        await places.WaitAsync(stop);
        try
        {
            var pdf = await TryAsync(html, stop) ?? await TryAsync(html, stop)
                ?? throw new InvalidOperationException("Chromium died twice while printing one document.");
            ReproduciblePdf.Make(pdf, date);
            return pdf;
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Null when the browser died meanwhile.</summary>
    private async Task<byte[]?> TryAsync(string html, CancellationToken stop)
    {
        var browser = await BorrowAsync(stop);
        try
        {
            var printing = browser.PrintAsync(html);
            await Task.WhenAny(printing, browser.Died).WaitAsync(options.Value.Patience, stop);
            if (printing.IsCompleted)
                return await printing;
            LogDied(null);
            return null;
        }
        catch (PlaywrightException died) when (!browser.Alive)
        {
            LogDied(died);
            return null;
        }
        catch (TimeoutException)
        {
            browser.Retired = true;
            throw;
        }
        finally
        {
            await ReturnAsync(browser);
        }
    }

    private async Task<OpenBrowser> BorrowAsync(CancellationToken stop)
    {
        await door.WaitAsync(stop);
        try
        {
            if (current is { } worn && (worn.Retired || !worn.Alive || worn.Printed >= options.Value.DocumentsPerBrowser || HasGrown(worn)))
            {
                worn.Retired = true;
                current = null;
                if (worn.Borrowed == 0)
                    await worn.DisposeAsync();
            }
            if (current is null)
            {
                current = await OpenBrowser.OpenAsync(options.Value);
                Opened++;
            }
            current.Printed++;
            current.Borrowed++;
            return current;
        }
        finally
        {
            door.Release();
        }
    }

    private bool HasGrown(OpenBrowser browser)
    {
        if (browser.Printed % LookEvery != 0 || BrowserMemory.Megabytes() is var held && held <= options.Value.MaxMegabytes)
            return false;
        LogGrown(held);
        return true;
    }

    private async Task ReturnAsync(OpenBrowser browser)
    {
        await door.WaitAsync(CancellationToken.None);
        try
        {
            browser.Borrowed--;
            if (browser is { Retired: true, Borrowed: 0 })
            {
                if (ReferenceEquals(current, browser))
                    current = null;
                await browser.DisposeAsync();
            }
        }
        finally
        {
            door.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (current is { } open)
            await open.DisposeAsync();
        places.Dispose();
        door.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chromium died while printing; the document is printed again in a fresh browser.")]
    private partial void LogDied(Exception? died);

    [LoggerMessage(Level = LogLevel.Information, Message = "Chromium holds {Megabytes} MB; a fresh one takes over.")]
    private partial void LogGrown(int megabytes);
}

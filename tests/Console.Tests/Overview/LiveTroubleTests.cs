using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using OrderSync.Testing;
using static Microsoft.Playwright.Assertions;

namespace OrderSync.Console.Tests.Overview;

/// <summary>Live figures that cannot be drawn, as a gateway of another version might send them.</summary>
[InCi]
public sealed class LiveTroubleTests : IAsyncLifetime
{
    private const string Good = """
        {"company":"0191a000-0000-7000-8000-000000000001","at":"2026-03-03T10:00:00Z","today":"2026-03-03T00:00:00Z","firstMinute":"2026-03-03T09:01:00Z",
         "records":[{"kind":"order","lastMinute":0,"lastHour":1,"today":1,"lastAt":"2026-03-03T09:59:00Z"}],"perMinute":[1],"connections":[],"attention":{},
         "devices":{"enrolled":1,"seenToday":1,"silent":0},"alerts":0}
        """;

    private readonly WebApplication gateway;
    private volatile string flow = Good;

    public LiveTroubleTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        gateway = builder.Build();
        gateway.Run(http =>
        {
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(http.Request.Path == "/v1/office/flow" ? flow : """{"id":"0191a000-0000-7000-8000-000000000002","name":"Olga","email":null,"role":"owner","company":"One"}""");
        });
    }

    public Task InitializeAsync() => gateway.StartAsync();

    [Fact]
    public async Task The_page_keeps_the_last_figures_says_that_they_stand_still_asks_again_and_goes_on_once_they_can_be_drawn()
    {
        await using var console = await ConsoleProcess.StartAsync(new Uri(gateway.Urls.First()));
        await using var browser = await Browser.OpenAsync(console.Url);
        var page = await browser.PageAsync("oss_any", null);
        await page.GotoAsync("/");
        await Expect(page.Locator(".headline")).ToContainTextAsync("1 order today");

        flow = Good.Replace("\"perMinute\":[1]", "\"perMinute\":null", StringComparison.Ordinal);
        await Expect(page.GetByText("These figures could not be drawn again")).ToBeVisibleAsync();
        await Expect(page.Locator(".headline")).ToContainTextAsync("1 order today");
        await browser.PictureAsync(page, "overview-still");
        await page.IsGoodAsync();

        flow = Good.Replace("\"today\":1,", "\"today\":2,", StringComparison.Ordinal);
        await Expect(page.Locator(".headline")).ToContainTextAsync("2 orders today");
        await Expect(page.GetByText("These figures could not be drawn again")).ToHaveCountAsync(0);
    }

    public async Task DisposeAsync() => await gateway.DisposeAsync();
}

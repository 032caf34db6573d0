using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Console.Tests;

/// <summary>A gateway with one company, the console in front of it, and a real browser to look at it.</summary>
public class ConsoleFixture : GatewayFixture
{
    private Browser? browser;

    /// <summary>Where the console listens, if others must know it before it runs.</summary>
    protected virtual int? ConsolePort => null;

    /// <summary>The console's process.</summary>
    public ServiceProcess Console { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Console = await ConsoleProcess.StartAsync(Gateway.Url, ConsolePort);
        browser = await Browser.OpenAsync(Console.Url);
    }

    /// <summary>A page of somebody with a role, signed in by an API key of that role.</summary>
    public async Task<IPage> OpenAsync(string role = "owner", Look? look = null)
    {
        var answer = await Office.PostAsJsonAsync("/v1/office/api-keys", new { name = $"Olga ({role})", role });
        answer.EnsureSuccessStatusCode();
        return await browser!.PageAsync((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString(), look);
    }

    /// <summary>A page of whoever has this API key, such as somebody of another company.</summary>
    public Task<IPage> OpenWithKeyAsync(string key, Look? look = null) => browser!.PageAsync(key, look);

    /// <summary>A page of somebody who has not signed in.</summary>
    public Task<IPage> OpenAsStrangerAsync(Look? look = null) => browser!.PageAsync(null, look);

    /// <summary>A page of somebody who has signed in already.</summary>
    public Task<IPage> OpenWithAsync(string token) => browser!.PageAsync(token, null);

    /// <summary>Pictures of one page in all looks, for a person to look at; none unless ORDERSYNC_SCREENSHOTS names a folder.</summary>
    public Task PictureAsync(IPage page, string name) => browser!.PictureAsync(page, name);

    public override async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        if (Console is not null)
            await Console.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Test classes that share one console; those that kill something have their own.</summary>
[CollectionDefinition("console")]
public sealed class SharedConsole : ICollectionFixture<ConsoleFixture>;

/// <summary>Test classes of who signs in, of devices and of what they bring, that share another.</summary>
[CollectionDefinition("console of people and devices")]
public sealed class SharedConsoleOfPeople : ICollectionFixture<ConsoleFixture>;

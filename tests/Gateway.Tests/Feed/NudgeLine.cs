using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>A device that listens: the lines of its server-sent events, one event at a time.</summary>
internal sealed class NudgeLine : IDisposable
{
    private readonly HttpClient http;
    private readonly HttpResponseMessage answer;
    private readonly StreamReader lines;
    private Task<(string Name, JsonElement Data)?>? reading;

    private NudgeLine(HttpClient http, HttpResponseMessage answer, StreamReader lines) => (this.http, this.answer, this.lines) = (http, answer, lines);

    public static async Task<NudgeLine> OpenAsync(Uri gateway, TestDevice device)
    {
        var (http, answer) = await AskAsync(gateway, device);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new NudgeLine(http, answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>The bare answer, for what is refused.</summary>
    public static async Task<(HttpClient Http, HttpResponseMessage Answer)> AskAsync(Uri gateway, TestDevice device)
    {
        var http = new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
        return (http, await http.GetAsync("/v1/sync/nudge", HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>The next event; null when the server has ended the line.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        reading ??= ReadAsync();
        var next = await reading.WaitAsync(Eventually.Patience);
        reading = null;
        return next;
    }

    /// <summary>Whether an event comes within so long; it stays to be read.</summary>
    public async Task<bool> ComesAsync(TimeSpan patience)
    {
        reading ??= ReadAsync();
        return await Task.WhenAny(reading, Task.Delay(patience)) == reading;
    }

    /// <summary>Reads what still comes of what was committed before.</summary>
    public async Task CalmsDownAsync()
    {
        while (await ComesAsync(TimeSpan.FromSeconds(2)))
            Assert.Equal("pull", (await NextAsync())?.Name);
    }

    public async Task PullsAsync()
    {
        var next = await NextAsync();
        Assert.Equal("pull", next?.Name);
        Assert.Equal(0, next!.Value.Data.GetProperty("within").GetInt32());
    }

    public async Task EndsAsync(string reason)
    {
        var next = await NextAsync();
        Assert.Equal(("end", reason), (next?.Name, next?.Data.GetProperty("reason").GetString()));
        Assert.Null(await NextAsync());
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
        http.Dispose();
    }

    private async Task<(string Name, JsonElement Data)?> ReadAsync()
    {
        string? name = null;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (name!, JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]));
        }

        return null;
    }
}

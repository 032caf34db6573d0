using System.Net;
using OrderSync.Testing.Run;

namespace OrderSync.Device.Tests;

/// <summary>A scripted feed for apps in processes of their own.</summary>
internal sealed class FeedListener : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpMessageInvoker _feed;

    public FeedListener(ScriptedFeed feed)
    {
        _feed = new HttpMessageInvoker(feed, disposeHandler: false);
        Address = new Uri($"http://127.0.0.1:{TestPorts.Take(1)[0]}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _listener.Close();
        _feed.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), context.Request.Url) { Content = new StreamContent(context.Request.InputStream) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            using var answer = await _feed.SendAsync(request, default);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.SendChunked = true;
            await using var body = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[8_192];
            while (await body.ReadAsync(buffer) is > 0 and var read)
            {
                await context.Response.OutputStream.WriteAsync(buffer.AsMemory(0, read));
                await context.Response.OutputStream.FlushAsync();
            }

            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The app was killed.
        }
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>A server that answers as a test says, for what the recording ERP in memory cannot show: real calls.</summary>
internal sealed class HttpErp : IAsyncDisposable
{
    private readonly WebApplication app;

    private HttpErp(WebApplication app) => this.app = app;

    /// <summary>Method, path and time of each call that arrived.</summary>
    public ConcurrentQueue<(string Method, string Path, DateTimeOffset At)> Calls { get; } = new();

    /// <summary>Status and body by method and path.</summary>
    public Func<string, string, (int Status, string Body)> Answer { get; set; } = (_, _) => (200, """{"code":0}""");

    public Uri Address => new(app.Urls.First());

    public static async Task<HttpErp> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var erp = new HttpErp(builder.Build());
        erp.app.Run(async http =>
        {
            erp.Calls.Enqueue((http.Request.Method, http.Request.Path.Value!, clock.GetUtcNow()));
            var (status, body) = erp.Answer(http.Request.Method, http.Request.Path.Value!);
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            http.Response.Headers.SetCookie = "session=a-cookie-that-is-a-secret";
            await http.Response.WriteAsync(body);
        });
        await erp.app.StartAsync();
        return erp;
    }

    /// <summary>Each call of the recording ERP becomes a real one on the way: looks are GET, all else is POST.</summary>
    public void Under(RecordingErp erp, Func<RecordingHost> host) => erp.Arriving = call =>
        AskAsync(host(), call.Name is "look" or "look all" ? HttpMethod.Get : HttpMethod.Post, $"{call.Account.Split(':')[^1]}/{call.Name}");

    /// <summary>A call by the client a connector would use.</summary>
    public async Task<ErpAnswer> AskAsync(RecordingHost host, HttpMethod method, string path, string? body = null, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Http().AskAsync("The ERP", request, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal static class RecordingHostCalls
{
    public static HttpClient Http(this RecordingHost host) =>
        ((IHttpClientFactory)host.Services.GetService(typeof(IHttpClientFactory))!).CreateClient("erp");
}

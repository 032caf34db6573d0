using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrderSync.Console.SignIn;
using Polly;

namespace OrderSync.Console.Gateway;

/// <summary>
/// The gateway's office API as the person who looks at the page may use it: with their session and in their language. A page waits for the gateway for a
/// few seconds at most.
/// </summary>
/// <param name="http">Its base address is the gateway's.</param>
/// <param name="context">The request that the page answers.</param>
/// <param name="files">Makes clients that wait longer than a page does, for what a person has chosen to wait for.</param>
internal sealed class GatewayClient(HttpClient http, IHttpContextAccessor context, IHttpClientFactory files)
{
    /// <summary>Name of such a client.</summary>
    public const string Files = "gateway files";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads something.</summary>
    /// <exception cref="GatewayProblem">The gateway says no, and why.</exception>
    /// <exception cref="GatewayAway">It does not answer.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken stop) => await SendAsync<T>(HttpMethod.Get, path, null, stop);

    /// <summary>Does something and reads the answer. Exceptions as above; when the gateway is away, whether it was done is not known.</summary>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var answer = await AskAsync(method, path, body, HttpCompletionOption.ResponseContentRead, stop);
        return await answer.Content.ReadFromJsonAsync<T>(Json, stop) ?? throw new GatewayAway($"{path} was answered with nothing.", null);
    }

    /// <summary>Does something whose answer has no content, or none that matters.</summary>
    public async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var answer = await AskAsync(method, path, body, HttpCompletionOption.ResponseContentRead, stop);
    }

    /// <summary>A file to be handed on as it comes; the caller disposes it.</summary>
    public async Task<HttpResponseMessage> FileAsync(string path, CancellationToken stop, string? accept = null) =>
        await AskAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, stop, accept);

    /// <summary>Brings bytes and reads the answer.</summary>
    public async Task<T> BringAsync<T>(string path, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        using var content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var patient = files.CreateClient(Files);
        using var answer = await AskAsync(patient, HttpMethod.Post, path, content, HttpCompletionOption.ResponseContentRead, stop);
        return await answer.Content.ReadFromJsonAsync<T>(Json, stop) ?? throw new GatewayAway($"{path} was answered with nothing.", null);
    }

    private Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body, HttpCompletionOption until, CancellationToken stop, string? accept = null) =>
        AskAsync(http, method, path, body is null ? null : JsonContent.Create(body, options: Json), until, stop, accept);

    private async Task<HttpResponseMessage> AskAsync(HttpClient client, HttpMethod method, string path, HttpContent? content, HttpCompletionOption until, CancellationToken stop, string? accept = null)
    {
        using var message = new HttpRequestMessage(method, path) { Content = content };
        if (accept is not null)
            message.Headers.Accept.ParseAdd(accept);
        if (context.HttpContext is { } page)
        {
            if (SessionCookie.Read(page) is { } token)
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            message.Headers.TryAddWithoutValidation("Accept-Language", page.Request.Headers.AcceptLanguage.ToString());
            message.Headers.TryAddWithoutValidation("User-Agent", page.Request.Headers.UserAgent.ToString());
            // Believed where the gateway's Limits:Proxies names the console: then who guesses is held up, and not everybody behind the console.
            message.Headers.TryAddWithoutValidation("X-Forwarded-For", page.Connection.RemoteIpAddress?.ToString());
        }

        HttpResponseMessage answer;
        try
        {
            answer = await client.SendAsync(message, until, stop);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or ExecutionRejectedException || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new GatewayAway($"{method} {path} was not answered.", trouble);
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
        {
            throw answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                ? new GatewayAway($"{method} {path} was answered {(int)answer.StatusCode}.", null)
                : await GatewayProblem.ReadAsync(answer, stop);
        }
    }
}

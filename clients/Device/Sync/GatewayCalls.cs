using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Device;

/// <summary>One call to the gateway: an answer, a refusal, or silence.</summary>
internal sealed class GatewayCalls : IDisposable
{
    private static readonly MediaTypeHeaderValue JsonContent = new("application/json");

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;
    private readonly string? _app;
    private readonly Func<Uri?> _gateway;

    /// <param name="options">How the device works.</param>
    /// <param name="gateway">Where the gateway is, asked for each call: a device may enrol elsewhere.</param>
    public GatewayCalls(DeviceOptions options, Func<Uri?> gateway)
    {
        (_clock, _app, _gateway) = (options.Clock, options.App, gateway);
        _client = options.Handler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient();
        _client.Timeout = options.CallTimeout;
        _client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(options.Language);
    }

    /// <summary>An address to which paths can be added.</summary>
    public static Uri Root(Uri gateway) => new(gateway.AbsoluteUri.TrimEnd('/') + "/");

    public Task<Answer<T>> GetAsync<T>(string path, CancellationToken stop) => AskAsync(_gateway(), new HttpRequestMessage(HttpMethod.Get, path), Read<T>, stop);

    public Task<Answer<T>> PostAsync<T>(string path, object body, CancellationToken stop) => AskAsync(_gateway(), Request(HttpMethod.Post, path, Json(body)), Read<T>, stop);

    /// <summary>Posts to a gateway that may be another than the device's own so far.</summary>
    public Task<Answer<T>> PostAsync<T>(Uri gateway, string path, object body, CancellationToken stop) => AskAsync(gateway, Request(HttpMethod.Post, path, Json(body)), Read<T>, stop);

    public Task<Answer<T>> PutAsync<T>(string accessToken, string path, object body, CancellationToken stop)
    {
        var request = Request(HttpMethod.Put, path, Json(body));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return AskAsync(_gateway(), request, Read<T>, stop);
    }

    /// <summary>Sends a packed push, and says how many records wait behind it; the answer stays in the bytes it came in.</summary>
    public Task<Answer<byte[]>> PushAsync(string accessToken, byte[] body, string? encoding, int waiting, string? cursor, CancellationToken stop)
    {
        var request = Request(HttpMethod.Post, "v1/sync/push", body);
        if (encoding is not null)
            request.Content!.Headers.ContentEncoding.Add(encoding);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        // By this the server sees how far our clock is off.
        request.Headers.Add("OrderSync-Sent-At", _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        request.Headers.Add("OrderSync-Waiting", waiting.ToString(CultureInfo.InvariantCulture));
        // By this it sees whether it was set back to an older backup.
        if (cursor is not null)
            request.Headers.TryAddWithoutValidation("OrderSync-Cursor", cursor);
        if (!string.IsNullOrWhiteSpace(_app))
            request.Headers.Add("OrderSync-App", _app);
        return AskAsync(_gateway(), request, bytes => bytes, stop);
    }

    /// <summary>Posts as a device.</summary>
    public Task<Answer<T>> PostAsync<T>(string accessToken, string path, object body, CancellationToken stop)
    {
        var request = Request(HttpMethod.Post, path, Json(body));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return AskAsync(_gateway(), request, Read<T>, stop);
    }

    /// <summary>Asks as a device.</summary>
    public Task<Answer<T>> GetAsync<T>(string accessToken, string path, CancellationToken stop)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return AskAsync(_gateway(), request, Read<T>, stop);
    }

    /// <summary>Asks for what is read as it comes, unpacked; nothing of it need fit into memory.</summary>
    public Task<Answer<T>> StreamAsync<T>(string accessToken, string path, Func<Stream, CancellationToken, Task<Answer<T>>> read, CancellationToken stop)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        return AskAsync(_gateway(), request, HttpCompletionOption.ResponseHeadersRead, async (answer, over) =>
        {
            var stream = await answer.Content.ReadAsStreamAsync(over).ConfigureAwait(false);
            await using var unpacked = answer.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            return await read(unpacked, over).ConfigureAwait(false);
        }, stop);
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Json(object body) => JsonSerializer.SerializeToUtf8Bytes(body, ContractJson.Options);

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[] body) => new(method, path) { Content = new ByteArrayContent(body) { Headers = { ContentType = JsonContent } } };

    private static T Read<T>(byte[] bytes) => JsonSerializer.Deserialize<T>(bytes, ContractJson.Options) ?? throw new JsonException("it is empty");

    private Task<Answer<T>> AskAsync<T>(Uri? at, HttpRequestMessage request, Func<byte[], T> read, CancellationToken stop) => AskAsync<T>(
        at, request, HttpCompletionOption.ResponseContentRead, async (answer, over) => new Answer<T>.Given(read(await answer.Content.ReadAsByteArrayAsync(over).ConfigureAwait(false)), answer.Headers.Date), stop);

    private async Task<Answer<T>> AskAsync<T>(
        Uri? at, HttpRequestMessage request, HttpCompletionOption completion, Func<HttpResponseMessage, CancellationToken, Task<Answer<T>>> read, CancellationToken stop)
    {
        using var sent = request;
        if (at is null)
            return Tokens.NotEnrolled.As<T>();
        var gateway = Root(at);
        sent.RequestUri = new Uri(gateway, sent.RequestUri!);
        try
        {
            using var answer = await _client.SendAsync(sent, completion, stop).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? await read(answer, stop).ConfigureAwait(false) : Problem<T>(gateway, answer, await answer.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false));
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            var why = trouble is OperationCanceledException ? "too slow" : trouble.GetBaseException().Message;
            return new Answer<T>.None($"No answer from {gateway} ({why}).", Reached: false);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return new Answer<T>.None($"The answer of {gateway} cannot be read ({unreadable.Message}).", Reached: true);
        }
    }

    private Answer<T> Problem<T>(Uri gateway, HttpResponseMessage answer, byte[] bytes)
    {
        var (code, detail) = Details(bytes);
        var message = detail ?? $"{gateway} answered {(int)answer.StatusCode}.";
        var later = answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500
            // The line spoiled the body; or not one of the gateway's own answers: something in between spoke, such as the log-in page of a hotel.
            || code is null or "push.packing";
        return later
            ? new Answer<T>.None(message, Reached: code is not null, After(answer.Headers.RetryAfter))
            : new Answer<T>.Refused((int)answer.StatusCode, code!, message);
    }

    // A date is measured against the server's own clock where it gives one, else against ours.
    private TimeSpan? After(RetryConditionHeaderValue? wait) => wait switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };

    private static (string? Code, string? Detail) Details(byte[] bytes)
    {
        try
        {
            using var problem = JsonDocument.Parse(bytes);
            return problem.RootElement.ValueKind == JsonValueKind.Object ? (Text(problem.RootElement, "type"), Text(problem.RootElement, "detail") ?? Text(problem.RootElement, "title")) : (null, null);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

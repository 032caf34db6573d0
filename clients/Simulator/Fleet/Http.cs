using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.Simulator.Fleet;

/// <summary>One call: an answer, a <see cref="Refusal"/>, or <see cref="NoAnswer"/> when nobody knows.</summary>
internal sealed class Http(Uri address, TimeSpan timeout) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    private readonly HttpClient _client = new() { BaseAddress = new Uri(address.ToString().TrimEnd('/') + "/"), Timeout = timeout };

    public Uri Address => _client.BaseAddress!;

    /// <summary>A request with a JSON body, if any.</summary>
    public static HttpRequestMessage Request(HttpMethod method, string path, string? token = null, object? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    /// <summary>Sends and reads the whole answer.</summary>
    /// <param name="what">The call in words, for messages: "gateway, items".</param>
    /// <param name="request">Made for this call; disposed after it.</param>
    /// <param name="stop">Ends the call.</param>
    public async Task<T> AskAsync<T>(string what, HttpRequestMessage request, CancellationToken stop)
    {
        using var sent = request;
        try
        {
            using var answer = await _client.SendAsync(sent, stop);
            var bytes = await answer.Content.ReadAsByteArrayAsync(stop);
            if (!answer.IsSuccessStatusCode)
                throw Problem(what, answer, bytes);
            return JsonSerializer.Deserialize<T>(bytes, Json) ?? throw new NoAnswer($"{what}: the answer is empty.");
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException
            || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new NoAnswer($"{what}: no answer from {Address} ({Reason(trouble)}).");
        }
        catch (JsonException unreadable)
        {
            throw new NoAnswer($"{what}: the answer cannot be read ({unreadable.Message})");
        }
    }

    /// <summary>The bytes of a file.</summary>
    public async Task<byte[]> BytesAsync(string path, CancellationToken stop)
    {
        try
        {
            return await _client.GetByteArrayAsync(new Uri(path, UriKind.Relative), stop);
        }
        catch (HttpRequestException trouble)
        {
            throw new NoAnswer($"{path}: no answer from {Address} ({Reason(trouble)}).");
        }
    }

    public void Dispose() => _client.Dispose();

    private static string Reason(Exception trouble) => trouble is OperationCanceledException ? "too slow" : trouble.GetBaseException().Message;

    private static Exception Problem(string what, HttpResponseMessage answer, byte[] bytes)
    {
        var (code, detail) = Details(bytes);
        var later = answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.InternalServerError;
        var refusal = new Refusal(what, answer.StatusCode, code, detail);
        return later ? new NoAnswer(refusal.Message, answer.Headers.RetryAfter?.Delta) : refusal;
    }

    private static (string? Code, string? Detail) Details(byte[] bytes)
    {
        try
        {
            using var problem = JsonDocument.Parse(bytes);
            return problem.RootElement.ValueKind == JsonValueKind.Object
                ? (Text(problem.RootElement, "type"), Text(problem.RootElement, "detail") ?? Text(problem.RootElement, "title"))
                : (null, null);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace OrderSync.Framework.Calls;

/// <summary>What the log shows of a request or an answer: headers and the beginning of the body, without secrets.</summary>
internal static class Snippet
{
    /// <summary>Longest text kept of each.</summary>
    public const int Longest = 4096;

    /// <summary>A body above this is not looked into.</summary>
    private const long Readable = 4 * 1024 * 1024;

    public static Task<string> OfAsync(HttpRequestMessage request, Errand errand, CancellationToken stop) =>
        OfAsync(request.Headers, request.Content, errand, stop);

    public static Task<string> OfAsync(HttpResponseMessage answer, Errand errand, CancellationToken stop) =>
        OfAsync(answer.Headers, answer.Content, errand, stop);

    private static async Task<string> OfAsync(HttpHeaders headers, HttpContent? content, Errand errand, CancellationToken stop)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in headers.Concat(content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
            text.Append(CultureInfo.InvariantCulture, $"{name}: {(Redaction.IsSecret(name) ? Redaction.Mark : string.Join(", ", values))}\n");
        if (content is not null)
            text.Append('\n').Append(await BodyAsync(content, errand, stop));
        return Redaction.Text(text.ToString(), errand.Connection, Longest);
    }

    private static async Task<string> BodyAsync(HttpContent content, Errand errand, CancellationToken stop)
    {
        // Both ways a token endpoint's bodies are nothing but secrets.
        if (errand.Purpose == Purpose.Tokens)
            return "(not kept: tokens)";
        await content.LoadIntoBufferAsync(stop);
        if (content.Headers.ContentLength > Readable)
            return string.Create(CultureInfo.InvariantCulture, $"(not kept: {content.Headers.ContentLength:N0} bytes)");
        var bytes = await content.ReadAsByteArrayAsync(stop);
        return content.Headers.ContentType?.MediaType is null or "application/json" || bytes is [(byte)'{' or (byte)'[', ..]
            ? Redaction.Json(bytes, Longest)
            : Redaction.Body(Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 4 * Longest))));
    }
}

using System.Net;
using System.Text.Json;
using OrderSync.Framework;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace OrderSync.Zoho;

/// <summary>One answer of Zoho, whatever it says.</summary>
internal sealed record ZohoReply(HttpStatusCode Status, string Body, TimeSpan? RetryAfter, bool Writes)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body as JSON. What is no JSON comes from something between us and Zoho: after a write nobody knows what happened.</summary>
    public T Read<T>() where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize<T>(Body, ZohoWire.Json) is { } read)
                return read;
        }
        catch (JsonException)
        {
            // Falls through to the outcome below: the body's text is of no use to anybody.
        }

        var reason = $"Zoho's answer (HTTP {(int)Status}) could not be read.";
        throw new OutcomeException(Writes ? new Outcome.Ambiguous(reason) : new Outcome.Later(reason));
    }
}

/// <summary>Sends one request and turns trouble on the way into outcomes.</summary>
internal static class ZohoHttp
{
    public static async Task<ZohoReply> SendAsync(HttpClient http, HttpRequestMessage request, bool writes, CancellationToken stop)
    {
        try
        {
            using var answer = await http.SendAsync(request, stop);
            if (answer.StatusCode == HttpStatusCode.RequestTimeout || (int)answer.StatusCode >= 500)
                throw Trouble($"Zoho had a problem (HTTP {(int)answer.StatusCode}).", writes);
            return new ZohoReply(answer.StatusCode, await answer.Content.ReadAsStringAsync(stop), answer.Headers.RetryAfter?.Delta, writes);
        }
        catch (BrokenCircuitException)
        {
            throw Trouble("Zoho does not answer at present.", ambiguous: false);
        }
        catch (HttpRequestException trouble)
        {
            var unsent = trouble.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            throw Trouble(unsent ? "Zoho cannot be reached." : "Zoho's answer was lost.", writes && !unsent);
        }
        catch (Exception trouble) when (trouble is TimeoutRejectedException or IOException || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw Trouble("Zoho did not answer in time.", writes);
        }
    }

    private static OutcomeException Trouble(string reason, bool ambiguous) =>
        new(ambiguous ? new Outcome.Ambiguous(reason) : new Outcome.Later(reason));
}

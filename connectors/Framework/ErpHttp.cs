using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using OrderSync.Framework.Calls;
using OrderSync.ServiceDefaults.Http;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace OrderSync.Framework;

/// <summary>An answer that is the destination's word on the request, good or bad; trouble on the way is an <see cref="OutcomeException"/>.</summary>
/// <param name="Status">Any status but 408, 429 and 5xx.</param>
/// <param name="Body">Text of the body.</param>
/// <param name="RetryAfter">How long the destination asks to wait, where it does.</param>
/// <param name="Location">Where it says that what was written stands: some destinations answer a write with this alone.</param>
public sealed record ErpAnswer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter = null, Uri? Location = null)
{
    /// <summary>Whether the status is 2xx.</summary>
    public bool Good => (int)Status is >= 200 and < 300;
}

/// <summary>The one place where trouble with HTTP becomes an outcome, so that clients know paths and JSON and nothing about networks.</summary>
public static class ErpHttp
{
    /// <summary>Set by <see cref="Reading"/>.</summary>
    private static readonly HttpRequestOptionsKey<bool> OnlyReads = new("OrderSync.OnlyReads");

    /// <summary>Says of a request that it only asks, whatever its method: some destinations are read by POST. It is repeated as a GET is, and without an answer nothing was written.</summary>
    public static HttpRequestMessage Reading(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(OnlyReads, true);
        request.Options.Set(CarefulHttp.Repeatable, true);
        return request;
    }

    /// <summary>
    /// Sends a request to a destination. Nothing sent, or only asked: <see cref="Outcome.Later"/>. A write without an answer:
    /// <see cref="Outcome.Ambiguous"/>. Too many requests: the account rests.
    /// </summary>
    /// <param name="http">Client of the destination.</param>
    /// <param name="title">The destination as people call it.</param>
    /// <param name="request">What to send.</param>
    /// <param name="stop">Ends the try.</param>
    /// <param name="limit">Reads a 429, whose body may say which limit it is about; null = the account rests as long as Retry-After says.</param>
    /// <exception cref="OutcomeException">There is no answer to go on with.</exception>
    public static async Task<ErpAnswer> AskAsync(
        this HttpClient http, string title, HttpRequestMessage request, CancellationToken stop, Func<ErpAnswer, Outcome.Later>? limit = null)
    {
        if (Errand.Current is { Connection: var connection })
            request.Options.Set(CarefulHttp.Circuit, $"{connection.CompanyId:D} {connection.Account}");
        var writes = request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && !request.Options.TryGetValue(OnlyReads, out _);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                var said = new ErpAnswer(answer.StatusCode, await BodyOrNothingAsync(answer, stop), After(answer.Headers.RetryAfter));
                throw new OutcomeException(limit?.Invoke(said) ?? new Outcome.Later($"{title} asks for fewer calls.", said.RetryAfter, WholeAccount: true));
            }

            if (answer.StatusCode is HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
                throw Trouble($"{title} answered {(int)answer.StatusCode}.", writes, After(answer.Headers.RetryAfter));
            return new ErpAnswer(answer.StatusCode, await answer.Content.ReadAsStringAsync(stop), After(answer.Headers.RetryAfter), answer.Headers.Location);
        }
        catch (BrokenCircuitException)
        {
            throw Trouble($"{title} has been in trouble for a while and is left alone for some seconds.", writes: false);
        }
        catch (HttpRequestException trouble) when (NothingSent(trouble))
        {
            throw Trouble($"{title} cannot be reached: {trouble.Message}", writes: false);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or TimeoutRejectedException || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw Trouble($"{title} did not answer: {trouble.Message}", writes);
        }
    }

    // A 429 is a definite no even where its body got lost.
    private static async Task<string> BodyOrNothingAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            return await answer.Content.ReadAsStringAsync(stop);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return "";
        }
    }

    /// <summary>Whether the trouble came before anything was sent.</summary>
    internal static bool NothingSent(HttpRequestException trouble) =>
        trouble.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        || trouble.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable };

    private static OutcomeException Trouble(string reason, bool writes, TimeSpan? after = null) =>
        new(writes ? new Outcome.Ambiguous(reason) : new Outcome.Later(reason, after));

    private static TimeSpan? After(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };
}

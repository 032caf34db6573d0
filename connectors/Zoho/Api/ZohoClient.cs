using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Zoho's HTTP: addresses, authorisation, and searches that are not trusted blindly. Knows nothing about documents.</summary>
internal sealed class ZohoClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Name = "zoho";

    // Longer search words are refused.
    private const int SearchLength = 100;

    /// <summary>Asks for something.</summary>
    public Task<Answer> GetAsync(Steps steps, string path, string what, CancellationToken stop, Func<HttpStatusCode, Answer, bool>? expected = null) =>
        CallAsync(steps, HttpMethod.Get, path, null, what, stop, expected);

    /// <summary>Makes a call; what Zoho refuses is thrown as an outcome.</summary>
    /// <param name="steps">Whose.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Behind the product's own.</param>
    /// <param name="body">Sent as JSON.</param>
    /// <param name="what">What it is about, such as "order A-1042".</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="expected">A no that the caller deals with.</param>
    public async Task<Answer> CallAsync(
        Steps steps, HttpMethod method, string path, object? body, string what, CancellationToken stop, Func<HttpStatusCode, Answer, bool>? expected = null)
    {
        var tokens = await steps.TokensAsync();
        var reply = await SendAsync(steps, tokens, method, path, body, stop);
        if (reply.Status == HttpStatusCode.Unauthorized)
            reply = await SendAsync(steps, await steps.TokensAsync(rejected: tokens.AccessToken), method, path, body, stop);

        var answer = Read<Answer>(reply, writes: method != HttpMethod.Get);
        return (reply.Good && answer.Code == 0) || expected?.Invoke(reply.Status, answer) == true
            ? answer
            : throw new OutcomeException(ZohoErrors.Outcome(reply.Status, answer, what));
    }

    /// <summary>Sends a request as it is.</summary>
    public Task<ErpAnswer> AskAsync(HttpRequestMessage request, CancellationToken stop) => clients.CreateClient(Name).AskAsync("Zoho", request, stop, ZohoErrors.Limit);

    /// <summary>Reads an answer. What is no JSON comes from something between us and Zoho: after a write nobody knows what happened.</summary>
    public static T Read<T>(ErpAnswer reply, bool writes) where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize<T>(reply.Body, ZohoWire.Json) is { } read)
                return read;
        }
        catch (JsonException)
        {
            // Its text is of no use to anybody; the outcome below says what matters.
        }

        var reason = $"Zoho's answer (HTTP {(int)reply.Status}) could not be read.";
        throw new OutcomeException(writes ? new Outcome.Ambiguous(reason) : new Outcome.Later(reason));
    }

    /// <summary>Zoho drops custom fields that it does not know without a word; without ours nobody could tell our documents from others.</summary>
    public static void RequireField(CustomField sent, IReadOnlyList<CustomField>? theirs, string what)
    {
        if (theirs?.Any(one => one.ApiName == sent.ApiName && one.Value == sent.Value) != true)
            throw new OutcomeException(new Outcome.Refused(
                "connection.customField", $"Zoho keeps {what} without the field {sent.ApiName}, so it cannot be told from others.",
                $"In Zoho make a text field with the API name {sent.ApiName} for customers, sales orders, estimates and payments received, delete {what} there, then Retry."));
    }

    /// <summary>The filter for a value; a long one is cut, and what comes back is compared whole.</summary>
    public static string Search(string filter, string value)
    {
        if (value.Length <= SearchLength)
            return $"{filter}={Uri.EscapeDataString(value)}";
        var start = char.IsHighSurrogate(value[SearchLength - 1]) ? value[..(SearchLength - 1)] : value[..SearchLength];
        return $"{filter}_startswith={Uri.EscapeDataString(start)}";
    }

    /// <summary>
    /// The rows that a search was for. A filter that Zoho does not understand is ignored without a word and the first page of everything comes
    /// back: an empty answer proves that nothing is there, a page of strangers proves nothing.
    /// </summary>
    public static List<T> Matches<T>(IReadOnlyList<T>? rows, Func<T, string?> field, string wanted)
    {
        var matching = (rows ?? []).Where(row => Same(field(row), wanted)).ToList();
        return matching.Count > 0 || rows is null or [] || (wanted.Length > SearchLength && rows.All(row => Begins(field(row), wanted)))
            ? matching
            : throw new OutcomeException(Strangers(wanted));
    }

    /// <summary>Rows by words anywhere in them: strangers are to be expected, but not a page that ends before all of them were seen.</summary>
    public static List<T> MatchesOfWords<T>(IReadOnlyList<T>? rows, PageContext? page, Func<T, string?> field, string wanted)
    {
        var matching = (rows ?? []).Where(row => Same(field(row), wanted)).ToList();
        return matching.Count > 0 || page?.HasMorePage != true ? matching : throw new OutcomeException(Strangers(wanted));
    }

    private static Outcome.Refused Strangers(string wanted) => new(
        "erp.searchIgnored", $"Zoho answered a search for {wanted} with other things, so nobody can tell whether it is there.",
        "Report this to OrderSync with the name of the organisation; Retry later.");

    private static bool Begins(string? theirs, string wanted) =>
        theirs is not null && Plain(theirs).StartsWith(Plain(wanted[..(SearchLength - 1)]), StringComparison.OrdinalIgnoreCase);

    // Zoho's own comparisons trim and ignore case.
    private static bool Same(string? theirs, string wanted) => theirs is not null && Plain(theirs).Equals(Plain(wanted), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string text) => text.Trim().Normalize();

    private async Task<ErpAnswer> SendAsync(Steps steps, Tokens tokens, HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, steps.Connection.Settings<ZohoSettings>().Api(tokens.ApiBase, path));
        // Bearer is refused by some of Zoho's data centres.
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", tokens.AccessToken);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: ZohoWire.Json);
        return await AskAsync(request, stop);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>QuickBooks' HTTP: addresses, authorisation, queries, and its faults in whatever shape they come. Knows nothing about documents.</summary>
internal sealed class QuickBooksClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Name = "quickbooks";

    /// <summary>Most rows of one answer.</summary>
    public const int MostRows = 1000;

    /// <summary>Asks for something.</summary>
    public Task<Answer> GetAsync(Steps steps, string path, string what, CancellationToken stop, Func<Fault, bool>? expected = null) =>
        CallAsync(steps, HttpMethod.Get, path, null, what, expected, stop);

    /// <summary>Writes something under a key: the same key sent again is answered with the first answer, and nothing is written twice.</summary>
    public Task<Answer> PostAsync(Steps steps, string path, string key, object body, string what, CancellationToken stop, Func<Fault, bool>? expected = null) =>
        CallAsync(steps, HttpMethod.Post, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}requestid={key}", body, what, expected, stop);

    /// <summary>The rows of a query.</summary>
    public async Task<Rows> QueryAsync(Steps steps, string query, string what, CancellationToken stop) =>
        (await GetAsync(steps, $"query?query={Uri.EscapeDataString(query)}", what, stop)).QueryResponse!;

    /// <summary>The rows whose text is this one; where a query may not hold all its characters, those that begin alike are compared here.</summary>
    public async Task<IReadOnlyList<T>> FindAsync<T>(Steps steps, string entity, string field, string value, string also, Func<Rows, IReadOnlyList<T>?> rowsOf, Func<T, string?> fieldOf, string what, CancellationToken stop)
    {
        var answer = await GetAsync(steps, Path($"{field} = '{Quoted(value)}'"), what, stop, fault => fault.Code == QuickBooksErrors.CannotBeQueried);
        if (answer.Fault is not null)
        {
            var start = new string([.. value.TakeWhile(char.IsAscii)]);
            answer = await GetAsync(steps, Path($"{field} like '{Quoted(start)}%'"), what, stop);
            if (rowsOf(answer.QueryResponse!) is { Count: >= MostRows })
                throw new OutcomeException(new Outcome.Refused(
                    "erp.searchIgnored", $"QuickBooks cannot be asked for {what} by its name, and too many others begin alike.", "Enter it in QuickBooks by hand, then Stop it here."));
        }

        return [.. (rowsOf(answer.QueryResponse!) ?? []).Where(row => Same(fieldOf(row), value))];

        string Path(string condition) => $"query?query={Uri.EscapeDataString($"select * from {entity} where {condition}{also} maxresults {MostRows}")}";
    }

    /// <summary>The key of a change: one to another state of the row is another request, since a stale one was refused under its key for good.</summary>
    public static string KeyAt(string key, string? syncToken) => $"{key}-{(syncToken is { Length: > 9 } ? syncToken[^9..] : syncToken)}";

    /// <summary>A text inside the quotes of a query.</summary>
    public static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);

    /// <summary>Sends a request as it is.</summary>
    public Task<ErpAnswer> AskAsync(HttpRequestMessage request, CancellationToken stop) => clients.CreateClient(Name).AskAsync("QuickBooks", request, stop, QuickBooksErrors.Limit);

    /// <summary>Reads an answer. What is neither QuickBooks' JSON nor its XML comes from something between us: after a write nobody knows what happened.</summary>
    public static Answer Read(ErpAnswer reply, bool writes)
    {
        try
        {
            var read = reply.Body.TrimStart().StartsWith('<') ? FromXml(reply.Body) : JsonSerializer.Deserialize<Answer>(reply.Body, QuickBooksWire.Json);
            if (read is { SaysSomething: true } && (reply.Good || read.Fault is not null))
                return read;
        }
        catch (Exception unreadable) when (unreadable is JsonException or XmlException)
        {
            // Its text is of no use to anybody; the outcome below says what matters.
        }

        var reason = $"QuickBooks' answer (HTTP {(int)reply.Status}) could not be read.";
        throw new OutcomeException(writes ? new Outcome.Ambiguous(reason) : new Outcome.Later(reason));
    }

    private async Task<Answer> CallAsync(Steps steps, HttpMethod method, string path, object? body, string what, Func<Fault, bool>? expected, CancellationToken stop)
    {
        var (tokens, writes) = (await steps.TokensAsync(), method != HttpMethod.Get);
        var reply = await SendAsync(steps, tokens, method, path, body, stop);
        if (reply.Status == HttpStatusCode.Unauthorized)
            reply = await SendAsync(steps, await steps.TokensAsync(rejected: tokens.AccessToken), method, path, body, stop);

        var answer = Read(reply, writes);
        return answer.Fault is not { } fault || expected?.Invoke(fault) == true ? answer : throw new OutcomeException(QuickBooksErrors.Outcome(reply.Status, fault, what, writes));
    }

    private async Task<ErpAnswer> SendAsync(Steps steps, Tokens tokens, HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, steps.Connection.Settings<QuickBooksSettings>().Api(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: QuickBooksWire.Json);
        return await AskAsync(request, stop);
    }

    // Some faults come as XML whatever was asked for.
    private static Answer? FromXml(string body)
    {
        var fault = XDocument.Parse(body).Root is { Name.LocalName: "IntuitResponse" } root ? root.Elements().FirstOrDefault(one => one.Name.LocalName == "Fault") : null;
        return fault is null
            ? null
            : new Answer
            {
                Fault = new Fault(
                    [.. fault.Elements().Where(one => one.Name.LocalName == "Error").Select(error => new FaultError(Text(error, "Message"), Text(error, "Detail"), (string?)error.Attribute("code")))],
                    (string?)fault.Attribute("type")),
            };

        static string? Text(XElement error, string name) => error.Elements().FirstOrDefault(one => one.Name.LocalName == name)?.Value;
    }

    // QuickBooks' own comparisons ignore case.
    private static bool Same(string? theirs, string wanted) => theirs is not null && theirs.Trim().Normalize().Equals(wanted.Trim().Normalize(), StringComparison.OrdinalIgnoreCase);
}

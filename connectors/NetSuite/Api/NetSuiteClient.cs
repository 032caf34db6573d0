using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>NetSuite's HTTP: addresses, authorisation, queries, and where a write says that its record stands. Knows nothing about documents.</summary>
internal sealed class NetSuiteClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Name = "netsuite";

    /// <summary>Most rows of one answer.</summary>
    public const int MostRows = 1000;

    /// <summary>A record with its lines; null where there is none.</summary>
    public async Task<T?> FindAsync<T>(Steps steps, string record, string id, string what, CancellationToken stop) where T : class
    {
        var (reply, problem) = await CallAsync(
            steps, HttpMethod.Get, $"record/v1/{record}/{Uri.EscapeDataString(id)}?expandSubResources=true", null, what, NetSuiteErrors.IsMissing, stop);
        return problem is null ? Read<T>(reply, writes: false) : null;
    }

    /// <summary>A record that must be there.</summary>
    public async Task<T> ReadAsync<T>(Steps steps, string record, string id, string what, CancellationToken stop) where T : class =>
        await FindAsync<T>(steps, record, id, what, stop)
        ?? throw new OutcomeException(new Outcome.Refused("erp.gone", $"NetSuite has no {record} {id} any more, which is {what}.", "It was deleted there."));

    /// <summary>
    /// Creates the record of our key, or makes it as it is said here where it is there already: the same request can be sent any number of times. Answers its id; null where
    /// <paramref name="expected"/> knows the refusal.
    /// </summary>
    public Task<string?> PutAsync(
        Steps steps, string record, string key, string? replace, object body, string what, CancellationToken stop, Func<HttpStatusCode, Problem, bool>? expected = null) =>
        WriteAsync(steps, HttpMethod.Put, $"record/v1/{record}/eid:{Uri.EscapeDataString(key)}{(replace is null ? "" : $"?replace={replace}")}", body, what, expected, stop);

    /// <summary>Changes a record: absent fields stay, the rows of a sublist that is named in <paramref name="replace"/> are replaced.</summary>
    public async Task<string> PatchAsync(Steps steps, string record, string id, string? replace, object body, string what, CancellationToken stop) =>
        (await WriteAsync(steps, HttpMethod.Patch, $"record/v1/{record}/{Uri.EscapeDataString(id)}{(replace is null ? "" : $"?replace={replace}")}", body, what, null, stop))!;

    /// <summary>The rows of a query of <see cref="SuiteQl"/>.</summary>
    public async Task<QueryAnswer> QueryAsync(Steps steps, FormattableString query, string what, CancellationToken stop, int limit = MostRows)
    {
        var (reply, _) = await CallAsync(steps, HttpMethod.Post, $"query/v1/suiteql?limit={limit}&offset=0", new Query(SuiteQl.Of(query)), what, null, stop);
        var answer = Read<QueryAnswer>(reply, writes: false);
        return answer.Items is null ? throw Unreadable(reply, writes: false) : answer;
    }

    /// <summary>Sends a request as it is.</summary>
    public Task<ErpAnswer> AskAsync(HttpRequestMessage request, CancellationToken stop) => clients.CreateClient(Name).AskAsync("NetSuite", request, stop, NetSuiteErrors.Limit);

    // A write is answered by 204 and the address of its record, with nothing else: whatever else comes is from something between us.
    private async Task<string?> WriteAsync(
        Steps steps, HttpMethod method, string path, object body, string what, Func<HttpStatusCode, Problem, bool>? expected, CancellationToken stop)
    {
        var (reply, problem) = await CallAsync(steps, method, path, body, what, expected, stop);
        if (problem is not null)
            return null;
        return reply is { Status: HttpStatusCode.NoContent, Location: { } location } && location.OriginalString.Split('?')[0].TrimEnd('/').Split('/')[^1] is { Length: > 0 } id
            ? Uri.UnescapeDataString(id)
            : throw Unreadable(reply, writes: true);
    }

    private async Task<(ErpAnswer Reply, Problem? Expected)> CallAsync(
        Steps steps, HttpMethod method, string path, object? body, string what, Func<HttpStatusCode, Problem, bool>? expected, CancellationToken stop)
    {
        var (tokens, writes) = (await steps.TokensAsync(), method != HttpMethod.Get && body is not Query);
        var reply = await SendAsync(steps, tokens, method, path, body, stop);
        if (reply.Status == HttpStatusCode.Unauthorized)
            reply = await SendAsync(steps, await steps.TokensAsync(rejected: tokens.AccessToken), method, path, body, stop);
        if (reply.Good)
            return (reply, null);

        var problem = Read<Problem>(reply, writes);
        if (problem.Details is not { Count: > 0 } && problem.Title is null)
            throw Unreadable(reply, writes);
        return expected?.Invoke(reply.Status, problem) == true ? (reply, problem) : throw new OutcomeException(NetSuiteErrors.Outcome(reply.Status, problem, what));
    }

    private async Task<ErpAnswer> SendAsync(Steps steps, Tokens tokens, HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, steps.Connection.Settings<NetSuiteSettings>().Rest(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        if (body is Query)
        {
            request.Reading();
            request.Headers.Add("Prefer", "transient");
        }
        else if (body is not null)
        {
            // By default NetSuite drops a property that it does not know without a word.
            request.Headers.Add("X-NetSuite-PropertyNameValidation", "Error");
        }

        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: NetSuiteWire.Json);
        return await AskAsync(request, stop);
    }

    private static T Read<T>(ErpAnswer reply, bool writes) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(reply.Body, NetSuiteWire.Json) ?? throw Unreadable(reply, writes);
        }
        catch (JsonException)
        {
            throw Unreadable(reply, writes);
        }
    }

    private static OutcomeException Unreadable(ErpAnswer reply, bool writes)
    {
        var reason = $"NetSuite's answer (HTTP {(int)reply.Status}) could not be read.";
        return new(writes ? new Outcome.Ambiguous(reason) : new Outcome.Later(reason));
    }

    private sealed record Query(string Q);
}

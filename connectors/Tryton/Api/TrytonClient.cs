using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Tryton's JSON-RPC: the session, the context, and what its answers mean. Knows nothing about documents.</summary>
internal sealed class TrytonClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Name = "tryton";

    // Company and language of the user, asked for once in a session.
    private readonly ConcurrentDictionary<Guid, (string Token, Dictionary<string, object?> Values)> contexts = new();

    /// <summary>Asks for something.</summary>
    public Task<T> AskAsync<T>(Steps steps, Rpc rpc, CancellationToken stop) => CallAsync<T>(steps, rpc, writes: false, stop);

    /// <summary>Writes something; what Tryton refuses is thrown as an outcome. One call is one transaction there: it takes effect wholly or not at all.</summary>
    public Task<T> WriteAsync<T>(Steps steps, Rpc rpc, CancellationToken stop) => CallAsync<T>(steps, rpc, writes: true, stop);

    /// <summary>Id of the company that the connection works for.</summary>
    public async Task<int> CompanyAsync(Steps steps, CancellationToken stop)
    {
        if (steps.Connection.Settings<TrytonSettings>().CompanyId is { } chosen)
            return chosen;
        var tokens = await steps.TokensAsync();
        var (context, no) = await ContextAsync(steps, tokens, stop);
        if (no?.Status == HttpStatusCode.Unauthorized)
            (context, no) = await ContextAsync(steps, await steps.TokensAsync(rejected: tokens.AccessToken), stop);
        if (no is not null)
            throw new OutcomeException(TrytonErrors.OfStatus(no, "the user's company", writes: false));
        return context.TryGetValue("company", out var company) && company is JsonElement { ValueKind: JsonValueKind.Number } id
            ? id.GetInt32()
            : throw new OutcomeException(new Outcome.Reconnect("The user has no company in Tryton. Give it one there (Administration > Users), or enter the company's id as CompanyId; then connect again."));
    }

    /// <summary>Sends a call as it is.</summary>
    public async Task<ErpAnswer> SendAsync(TrytonSettings settings, string? session, string method, object?[] parameters, bool writes, CancellationToken stop)
    {
        // A body whose length is known beforehand: Tryton answers 411 to any other.
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Request(1, method, parameters), TrytonWire.Json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Api) { Content = content };
        if (session is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Session", session);
        if (!writes)
            request.Reading();
        // Tryton itself limits signing in only, without a word how long; any other limit is that of a server before it.
        return await clients.CreateClient(Name).AskAsync("Tryton", request, stop, limit => session is null
            ? new Outcome.Later(
                "Tryton says that one signed in wrongly too often and lets nobody in for some minutes.", limit.RetryAfter ?? TimeSpan.FromSeconds(settings.SignInPauseSeconds), WholeAccount: true)
            : new Outcome.Later("The server before Tryton asks for fewer calls.", limit.RetryAfter, WholeAccount: true));
    }

    /// <summary>Reads an answer. What is no JSON comes from something between us and Tryton: after a write nobody knows what happened.</summary>
    public static Reply<T> Read<T>(ErpAnswer reply, string what, bool writes)
    {
        try
        {
            if (reply.Good && JsonSerializer.Deserialize<Reply<T>>(reply.Body, TrytonWire.Json) is { } read)
                return read;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            // Its text is of no use to anybody; the outcome below says what matters.
        }

        throw new OutcomeException(TrytonErrors.OfStatus(reply, what, writes));
    }

    private async Task<T> CallAsync<T>(Steps steps, Rpc rpc, bool writes, CancellationToken stop)
    {
        var tokens = await steps.TokensAsync();
        var reply = await SendAsync(steps, tokens, rpc, writes, stop);
        if (reply.Status == HttpStatusCode.Unauthorized)
            reply = await SendAsync(steps, await steps.TokensAsync(rejected: tokens.AccessToken), rpc, writes, stop);
        var answer = Read<T>(reply, rpc.What, writes);
        return answer.Error is { ValueKind: not JsonValueKind.Null } error
            ? throw new OutcomeException(TrytonErrors.OfError(error, rpc.What, writes))
            : answer.Result!;
    }

    private async Task<ErpAnswer> SendAsync(Steps steps, Tokens tokens, Rpc rpc, bool writes, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<TrytonSettings>();
        var (context, no) = await ContextAsync(steps, tokens, stop);
        if (no is not null)
            return no;
        foreach (var (name, value) in rpc.Context ?? new Dictionary<string, object?>())
            context[name] = value;
        return await SendAsync(settings, tokens.AccessToken, rpc.Method, [.. rpc.Parameters, context], writes, stop);
    }

    // A copy of the context; or the answer that there is none to have.
    private async Task<(Dictionary<string, object?> Context, ErpAnswer? No)> ContextAsync(Steps steps, Tokens tokens, CancellationToken stop)
    {
        if (!contexts.TryGetValue(steps.Connection.Id, out var known) || known.Token != tokens.AccessToken)
        {
            const string what = "the user's preferences";
            var settings = steps.Connection.Settings<TrytonSettings>();
            var reply = await SendAsync(settings, tokens.AccessToken, "model.res.user.get_preferences", [true, new Dictionary<string, object?>()], writes: false, stop);
            if (reply.Status == HttpStatusCode.Unauthorized)
                return ([], reply);
            var answer = Read<Dictionary<string, JsonElement>>(reply, what, writes: false);
            if (answer.Error is { ValueKind: not JsonValueKind.Null } error)
                throw new OutcomeException(TrytonErrors.OfError(error, what, writes: false));
            var values = answer.Result!.ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
            if (settings.CompanyId is { } company)
                values["company"] = company;
            known = contexts[steps.Connection.Id] = (tokens.AccessToken, values);
        }

        return (new Dictionary<string, object?>(known.Values), null);
    }

    private sealed record Request(int Id, string Method, object?[] Params);
}

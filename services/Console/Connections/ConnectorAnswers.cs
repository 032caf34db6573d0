using Microsoft.AspNetCore.WebUtilities;
using OrderSync.Console.Gateway;

namespace OrderSync.Console.Connections;

/// <summary>What a connector said: an answer, or why there is none.</summary>
internal sealed record Heard<T>(T? Answer, string? WhyNot, GatewayProblem? Problem = null) where T : class;

/// <summary>Asks the connector behind a connection: that it is away, or says no, is told on the page and does not take the page away.</summary>
internal static class ConnectorAnswers
{
    public const string Away = "The connector of this connection does not answer just now. Nothing is lost: what is stored goes on when it is back. Try again in a moment.";

    private sealed record Nothing;

    public static string Path(string name, string page) => $"/v1/office/connections/{Uri.EscapeDataString(name)}/manage/{page}";

    public static Task<Heard<T>> HearAsync<T>(this GatewayClient gateway, string path, CancellationToken stop = default) where T : class => HearAsync(() => gateway.GetAsync<T>(path, stop));

    public static Task<Heard<T>> HearAsync<T>(this GatewayClient gateway, HttpMethod method, string path, object? body, CancellationToken stop = default) where T : class =>
        HearAsync(() => gateway.SendAsync<T>(method, path, body, stop));

    /// <summary>Does something; null = done, else why not.</summary>
    public static async Task<string?> TellAsync(this GatewayClient gateway, HttpMethod method, string path, object? body, CancellationToken stop = default) => (await HearAsync(async () =>
    {
        await gateway.SendAsync(method, path, body, stop);
        return new Nothing();
    })).WhyNot;

    /// <summary>What happened and what to do, in one text.</summary>
    public static string SentenceOf(GatewayProblem problem)
    {
        var title = problem.Details is { } details && details.TryGetProperty("title", out var said) ? said.GetString() : null;
        return title is null || title == ReasonPhrases.GetReasonPhrase((int)problem.Status) || problem.Message.StartsWith(title, StringComparison.Ordinal) ? problem.Message : $"{title} {problem.Message}";
    }

    private static async Task<Heard<T>> HearAsync<T>(Func<Task<T>> ask) where T : class
    {
        try
        {
            return new(await ask(), null);
        }
        catch (GatewayAway)
        {
            return new(null, Away);
        }
        catch (GatewayProblem no) when (no.Status is not System.Net.HttpStatusCode.Unauthorized)
        {
            return new(null, SentenceOf(no), no);
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Office;

/// <summary>
/// Where an ERP's approval page leads a person back to: <c>/oauth/callback/{connector}</c>. Nobody is signed in here; the connector knows by the state whose
/// approval it is. The answer is a plain page for that person.
/// </summary>
internal static partial class Approved
{
    private const string Path = "/oauth/callback";
    private const int LongestQuery = 4096;

    public static void MapApproved(this IEndpointRouteBuilder app) => app.MapGet($"{Path}/{{connector}}", EndAsync).ExcludeFromDescription();

    /// <summary>The address as the outside sees it; the ERP's application must know it.</summary>
    public static Uri AddressOf(HttpRequest request, IConfiguration configuration, string connector) =>
        new($"{PublicAddress.Of(request, configuration).ToString().TrimEnd('/')}{Path}/{connector}");

    private static async Task<IResult> EndAsync(
        string connector, HttpContext http, ConnectorCalls connectors, Connections connections, IConfiguration configuration, Guesses guesses, CancellationToken stop)
    {
        // The code and the state in this address are nobody else's business.
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store";
        if (guesses.Refuse(http, SHA256.HashData(Encoding.UTF8.GetBytes(http.Request.QueryString.Value ?? ""))) is { } tooMany)
            return tooMany;
        if (!Name().IsMatch(connector) || !connectors.Runs(connector) || http.Request.QueryString.Value is not { Length: > 1 and <= LongestQuery })
            return Page(http, StatusCodes.Status404NotFound, "Nothing is here", "This address is for coming back from an ERP's approval page. Begin in Connections.");
        if (await connectors.ApprovedAsync(connector, http.Request.QueryString, stop) is not { Succeeded: true } answer)
            return Page(http, StatusCodes.Status503ServiceUnavailable, "Not connected yet", "The connector does not answer. Load this page again in a moment; if it then says that the approval is not known, begin again in Connections.");

        using var said = JsonDocument.Parse(answer.Text);
        var works = said.RootElement.GetProperty("works").GetBoolean();
        if (!works)
            guesses.Failed(http);
        if (await ConsoleAsync(said.RootElement, connections, configuration, stop) is { } page)
            return new SeeOther(page);
        return Page(http, works ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, said.RootElement.GetProperty("title").GetString()!, said.RootElement.GetProperty("message").GetString()! + (works ? " You can close this page." : ""));
    }

    // Where the console is, the configuration says, never the address a person came with; what happened, the console asks its connection.
    private static async Task<Uri?> ConsoleAsync(JsonElement said, Connections connections, IConfiguration configuration, CancellationToken stop)
    {
        if (!said.TryGetProperty("company", out var company) || !said.TryGetProperty("connection", out var id))
            return PublicAddress.InConsole(configuration, "connections?approval=unknown");
        return await connections.NameAsync(company.GetGuid(), id.GetGuid(), stop) is { } name ? PublicAddress.InConsole(configuration, $"connections/{Uri.EscapeDataString(name)}?approval=ended") : null;
    }

    // No script, no picture, nothing from elsewhere.
    private static IResult Page(HttpContext http, int status, string title, string message)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return Results.Content($$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{WebUtility.HtmlEncode(title)}}</title>
            <style>body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.2rem; color: #1c2430; background: #fff } h1 { font-size: 1.5rem; line-height: 1.3 }</style>
            </head>
            <body><main><h1>{{WebUtility.HtmlEncode(title)}}</h1><p>{{WebUtility.HtmlEncode(message)}}</p></main></body>
            </html>
            """, "text/html; charset=utf-8", statusCode: status);
    }

    // The browser comes back with GET, whatever it went with.
    private sealed class SeeOther(Uri place) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = place.AbsoluteUri;
            return Task.CompletedTask;
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex Name();
}

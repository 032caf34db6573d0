using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Office;

/// <summary>
/// Where an ERP calls when something has changed there: <c>/hooks/{connector}/{company}/{connection}</c>. Nobody is signed in here; the connector knows by the call's
/// signature whether the ERP made it. Such a call is a hint and nothing more: a look comes sooner.
/// </summary>
internal static partial class Hooks
{
    private const int LongestBody = 256 * 1024;

    public static void MapHooks(this IEndpointRouteBuilder app) => app.MapPost("/hooks/{connector}/{company:guid}/{connection:guid}", TakeAsync).ExcludeFromDescription();

    /// <summary>The path that is called for a connection.</summary>
    public static string PathOf(Guid company, ConnectionRow connection) => $"/hooks/{connection.Connector}/{company}/{connection.Id}";

    private static async Task<IResult> TakeAsync(string connector, Guid company, Guid connection, HttpContext http, ConnectorCalls connectors, Guesses guesses, CancellationToken stop)
    {
        if (guesses.Refuse(http, SHA256.HashData(Encoding.UTF8.GetBytes(http.Request.Path))) is { } tooMany)
            return tooMany;
        if (!Name().IsMatch(connector) || !connectors.Runs(connector))
            return Problems.NotFound("hook.unknown", "No connection is called here.");
        if (await BodyAsync(http.Request, stop) is not { } body)
            return Problems.TooLarge("hook.tooLarge", "The call is longer than a hint can be.");
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        switch (await connectors.HintAsync(connector, company, connection, headers, body, stop))
        {
            case { Succeeded: true }:
                return Results.Ok();
            case { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status404NotFound }:
                // Which of the two it was is nobody's business.
                guesses.Failed(http);
                return Problems.NotFound("hook.unknown", "No connection is called here.");
            default:
                return Problems.Busy("connection.connectorAway", $"The connector {connector} does not answer. Nothing is lost; send the same request again.", 60);
        }
    }

    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken stop)
    {
        // Grows as it is read: hints have hundreds of bytes, and whoever says nothing takes no memory.
        using var body = new MemoryStream();
        var piece = new byte[4 * 1024];
        while (await request.Body.ReadAsync(piece, stop) is > 0 and var read)
        {
            if (body.Length + read > LongestBody)
                return null;
            body.Write(piece, 0, read);
        }

        return body.ToArray();
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex Name();
}

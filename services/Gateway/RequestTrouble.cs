using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace OrderSync.Gateway;

/// <summary>Turns what no endpoint answers itself into problem details with a code: input that cannot be read is the caller's, a database that is away is ours.</summary>
internal sealed partial class RequestTrouble(ILogger<RequestTrouble> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Answer(exception) is not { } answer)
            return false;

        if (exception is not BadHttpRequestException)
            LogTrouble(logger, exception, httpContext.Request.Path);
        await answer.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Gives answers that have only a status the code and the sentence of that status.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Type is { } type && !type.StartsWith("http", StringComparison.Ordinal))
            return;

        (problem.Type, var detail) = problem.Status switch
        {
            StatusCodes.Status404NotFound => ("request.pathUnknown", "Nothing is at this address. The OpenAPI document at /openapi/v1.json lists what there is."),
            StatusCodes.Status405MethodNotAllowed => ("request.method", "This address takes other methods; the header Allow lists them."),
            StatusCodes.Status415UnsupportedMediaType => ("request.contentType", "Send Content-Type: application/json."),
            >= 500 => ("server.trouble", "The server met trouble of its own. Send the request again later; if it stays, tell the operator the trace id."),
            _ => ("request.refused", "The request could not be taken as it is."),
        };
        problem.Detail ??= detail;
    }

    private static IResult? Answer(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Problems.Of(StatusCodes.Status415UnsupportedMediaType, "request.contentType", "Send Content-Type: application/json."),
        BadHttpRequestException { InnerException: JsonException json } => Problems.Bad("request.notJson", $"The body is not the JSON asked for; look at {json.Path ?? "its beginning"}. Nothing was stored."),
        BadHttpRequestException bad => Problems.Of(bad.StatusCode, "request.unreadable", $"{bad.Message} Nothing was stored."),
        PostgresException data when data.SqlState.StartsWith("22", StringComparison.Ordinal) =>
            Problems.Bad("request.data", "A text or figure of this request cannot be stored, such as one with a NUL character. Nothing was stored."),
        NpgsqlException or TimeoutException => Problems.Busy("server.busy", "The server's database does not answer. Send the same request again.", 5),
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "A request to {Path} could not be answered.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble, string path);
}

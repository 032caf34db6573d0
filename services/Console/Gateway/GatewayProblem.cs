using System.Net;
using System.Text.Json;

namespace OrderSync.Console.Gateway;

/// <summary>The gateway said no. <see cref="Exception.Message"/> is its sentence, meant for people.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Stable code, such as "record.unknown".</param>
/// <param name="sentence">What happened and what to do.</param>
/// <param name="details">The whole answer, for what else it says, such as errors by field.</param>
internal sealed class GatewayProblem(HttpStatusCode status, string code, string sentence, JsonElement? details) : Exception(sentence)
{
    public HttpStatusCode Status { get; } = status;

    public string Code { get; } = code;

    public JsonElement? Details { get; } = details;

    public static async Task<GatewayProblem> ReadAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var text = await answer.Content.ReadAsStringAsync(stop);
        try
        {
            var problem = JsonSerializer.Deserialize<JsonElement>(text);
            if (problem.ValueKind == JsonValueKind.Object)
                return new(answer.StatusCode, Text(problem, "type") ?? "gateway.refused", Text(problem, "detail") ?? Text(problem, "title") ?? Plain(answer), problem);
        }
        catch (JsonException)
        {
            // What is no problem document is told by its status.
        }

        return new(answer.StatusCode, "gateway.refused", Plain(answer), null);
    }

    private static string Plain(HttpResponseMessage answer) => $"The gateway answered {(int)answer.StatusCode} {answer.ReasonPhrase}.";

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>The gateway does not answer, or says that it is busy. People see a banner until it does.</summary>
internal sealed class GatewayAway(string message, Exception? cause) : Exception(message, cause);

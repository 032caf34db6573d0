using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Polly;

namespace OrderSync.Gateway.Office;

/// <summary>What a connector answered, to be handed on as it is.</summary>
internal sealed record ConnectorAnswer(int Status, string ContentType, string Text)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public IResult AsResult() => Text.Length == 0 ? Results.StatusCode(Status) : Results.Content(Text, ContentType, statusCode: Status);

    public JsonElement? Json() => Text.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(Text);
}

/// <summary>Calls connectors for the office, at the addresses they run at, with the secret the services share and the key of the person who asks.</summary>
internal sealed partial class ConnectorCalls(IHttpClientFactory http, IConfiguration configuration)
{
    public const string Client = "connectors";

    public bool Runs(string connector) => AddressOf(connector) is not null;

    /// <summary>A path whose parts cannot leave the place they are put behind, however they are decoded.</summary>
    public static bool IsPlain(string path) => Plain().IsMatch(path);

    /// <summary>Null = the connector does not run here or does not answer.</summary>
    public async Task<ConnectorAnswer?> SendAsync(OfficeIdentity office, string connector, HttpMethod method, string pathAndQuery, string? json, CancellationToken stop)
    {
        if (AddressOf(connector) is not { } address)
            return null;

        using var message = new HttpRequestMessage(method, new Uri(address, pathAndQuery));
        message.Headers.Add("X-OrderSync-Key", configuration["Internal:Key"]);
        message.Headers.Add("X-OrderSync-Person", office.KeyId.ToString());
        if (json is { Length: > 0 })
            message.Content = new StringContent(json, new MediaTypeHeaderValue("application/json"));
        try
        {
            using var answer = await http.CreateClient(Client).SendAsync(message, stop);
            return new((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "application/problem+json", await answer.Content.ReadAsStringAsync(stop));
        }
        catch (Exception trouble) when (trouble is HttpRequestException or ExecutionRejectedException || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }

    private Uri? AddressOf(string connector) => configuration[$"services:{connector}:http:0"] is { Length: > 0 } address ? new Uri(address) : null;

    [GeneratedRegex("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")]
    private static partial Regex Plain();
}

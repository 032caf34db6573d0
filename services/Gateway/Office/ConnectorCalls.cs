using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Polly;

namespace OrderSync.Gateway.Office;

/// <summary>What a connector answered, to be handed on as it is.</summary>
internal sealed record ConnectorAnswer(int Status, string ContentType, byte[] Bytes)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public string Text { get; } = Encoding.UTF8.GetString(Bytes);

    public IResult AsResult() => Bytes.Length == 0 ? Results.StatusCode(Status) : IsFile ? Results.Bytes(Bytes, ContentType) : Results.Content(Text, ContentType, statusCode: Status);

    // What is no text goes on byte for byte.
    private bool IsFile => Succeeded && ContentType == "application/pdf";

    public JsonElement? Json() => Text.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(Text);
}

/// <summary>Calls connectors for the office, at the addresses they run at, with the secret the services share and the person who asks.</summary>
internal sealed partial class ConnectorCalls(IHttpClientFactory http, IConfiguration configuration)
{
    public const string Client = "connectors";

    /// <summary>Names of the connectors that run here.</summary>
    public IEnumerable<string> All => configuration.GetSection("services").GetChildren().Select(service => service.Key).Where(Runs).Order(StringComparer.Ordinal);

    public bool Runs(string connector) => AddressOf(connector) is not null;

    /// <summary>A path whose parts cannot leave the place they are put behind, however they are decoded.</summary>
    public static bool IsPlain(string path) => Plain().IsMatch(path);

    /// <summary>Null = the connector does not run here or does not answer.</summary>
    /// <param name="office">Who asks.</param>
    /// <param name="connector">Its name.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="pathAndQuery">Where.</param>
    /// <param name="json">Body; null for none.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="callback">Where an approval at the destination is to lead back to, as the outside sees this gateway.</param>
    public async Task<ConnectorAnswer?> SendAsync(
        OfficeIdentity office, string connector, HttpMethod method, string pathAndQuery, string? json, CancellationToken stop, Uri? callback = null)
    {
        if (AddressOf(connector) is not { } address)
            return null;

        using var message = new HttpRequestMessage(method, new Uri(address, pathAndQuery));
        // The name for people who read it later, the id for what the name cannot tell apart.
        message.Headers.Add("X-OrderSync-Person", Uri.EscapeDataString($"{office.Name} ({office.ActorId})"));
        if (callback is not null)
            message.Headers.Add("X-OrderSync-Callback", callback.ToString());
        if (json is { Length: > 0 })
            message.Content = new StringContent(json, new MediaTypeHeaderValue("application/json"));
        return await SendAsync(message, stop);
    }

    /// <summary>Hands on what a destination's approval page led back with, for a person who is not known here. Null as above.</summary>
    public async Task<ConnectorAnswer?> ApprovedAsync(string connector, QueryString query, CancellationToken stop)
    {
        if (AddressOf(connector) is not { } address)
            return null;
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"/manage/approved{query}"));
        return await SendAsync(message, stop);
    }

    /// <summary>Hands on what a destination says of its own accord, byte for byte. Null as above.</summary>
    public async Task<ConnectorAnswer?> HintAsync(string connector, Guid company, Guid connection, IReadOnlyDictionary<string, string> headers, byte[] body, CancellationToken stop)
    {
        if (AddressOf(connector) is not { } address)
            return null;
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/manage/connections/{company}/{connection}/hint"));
        message.Content = JsonContent.Create(new { Headers = headers, Body = body });
        return await SendAsync(message, stop);
    }

    private async Task<ConnectorAnswer?> SendAsync(HttpRequestMessage message, CancellationToken stop)
    {
        message.Headers.Add("X-OrderSync-Key", configuration["Internal:Key"]);
        try
        {
            using var answer = await http.CreateClient(Client).SendAsync(message, stop);
            return new((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "application/problem+json", await answer.Content.ReadAsByteArrayAsync(stop));
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

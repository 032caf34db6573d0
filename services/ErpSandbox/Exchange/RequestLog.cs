using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace OrderSync.ErpSandbox;

/// <summary>Writes each call of every stand-in to a file, one JSON line each and without secrets, so that other tools can check it against the ERP's description.</summary>
internal sealed class RequestLog : IDisposable
{
    private const string Hidden = "***";
    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "client_secret", "refresh_token", "access_token", "code", "token", "password", "client_assertion",
    };

    private static readonly JsonSerializerOptions Spelling = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly StreamWriter? file;

    /// <summary>Opens the file that the setting names; without one nothing is written.</summary>
    public RequestLog(IOptions<SandboxOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        if (string.IsNullOrWhiteSpace(options.Value.RequestLog))
            return;
        if (Path.GetDirectoryName(Path.GetFullPath(options.Value.RequestLog)) is { } folder)
            Directory.CreateDirectory(folder);
        file = new StreamWriter(new FileStream(options.Value.RequestLog, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    /// <summary>Notes a call with what came of it: a status, or none if it got no answer, and the fault if there was one.</summary>
    public void Write(ErpRequest request, int? status, string? fault = null)
    {
        if (file is null)
            return;
        var at = request.Path.IndexOf('/', 1);
        var line = new JsonObject
        {
            ["time"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["erp"] = at < 0 ? "" : request.Path[1..at],
            ["method"] = request.Method,
            ["path"] = at < 0 ? request.Path : request.Path[at..],
            ["query"] = Fields(request.Query.Select(pair => (pair.Key, pair.Value.ToString()))),
            ["headers"] = Headers(request),
            ["body"] = Body(request),
            ["status"] = status,
            ["fault"] = fault,
        };
        var text = line.ToJsonString(Spelling);
        lock (gate)
            file.WriteLine(text);
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private static JsonObject Headers(ErpRequest request)
    {
        var headers = new JsonObject();
        foreach (var (name, value) in request.Headers.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
                headers[name] = value.Contains(' ', StringComparison.Ordinal) ? $"{value[..value.IndexOf(' ', StringComparison.Ordinal)]} {Hidden}" : Hidden;
            else if (!name.Contains("Cookie", StringComparison.OrdinalIgnoreCase))
                headers[name] = value;
        }

        return headers;
    }

    private static JsonNode? Body(ErpRequest request)
    {
        if (request.Body.IsEmpty)
            return null;
        var text = Encoding.UTF8.GetString(request.Body.Span);
        if (request.ContentType?.Contains("form", StringComparison.OrdinalIgnoreCase) == true)
        {
            using var reader = new FormReader(text);
            return Fields(reader.ReadForm().Select(pair => (pair.Key, pair.Value.ToString())));
        }

        try
        {
            var body = JsonNode.Parse(text);
            Hide(body);
            return body;
        }
        catch (JsonException)
        {
            // What is no JSON is shown as it came: that is what someone who checks the log must see.
            return text;
        }
    }

    private static JsonObject Fields(IEnumerable<(string Name, string Value)> fields) =>
        new(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, Secrets.Contains(field.Name) ? Hidden : field.Value)));

    private static void Hide(JsonNode? node)
    {
        if (node is JsonArray rows)
        {
            foreach (var row in rows)
                Hide(row);
        }

        if (node is not JsonObject fields)
            return;
        foreach (var name in fields.Select(pair => pair.Key).ToList())
        {
            if (Secrets.Contains(name))
                fields[name] = Hidden;
            else
                Hide(fields[name]);
        }
    }
}

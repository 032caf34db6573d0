using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>How NetSuite spells its JSON, and how its records are read.</summary>
internal static class NetSuiteJson
{
    /// <summary>Names as they are written, names of people left readable.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For what people write to the control API: camelCase, and a misspelled setting is refused.</summary>
    public static readonly JsonSerializerOptions Control = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>A field as text; null where it is absent or no plain value.</summary>
    public static string? Text(this JsonNode? row, string name) => row is JsonObject fields && fields[name] is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : null;

    /// <summary>A field as a figure; null where it is absent or no figure.</summary>
    public static decimal? Figure(this JsonNode? row, string name) =>
        decimal.TryParse(row.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var figure) ? figure : null;

    /// <summary>A field as yes or no; absent is no.</summary>
    public static bool Is(this JsonNode? row, string name) => row.Text(name) == "true";

    /// <summary>The id that a reference names.</summary>
    public static string? RefId(this JsonNode? row, string name) => row is JsonObject fields ? fields[name].Text("id") : null;

    /// <summary>The rows of a list; none where it is absent.</summary>
    public static IEnumerable<JsonObject> Items(this JsonNode? row, string name) =>
        row is JsonObject fields && fields[name] is JsonObject list && list["items"] is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>A reference.</summary>
    public static JsonObject Ref(string id, string? name) => name is null ? new() { ["id"] = id } : new() { ["id"] = id, ["refName"] = name };

    /// <summary>A list of rows.</summary>
    public static JsonObject List(IEnumerable<JsonObject> rows) => new() { ["items"] = new JsonArray([.. rows]) };

    /// <summary>An instant as records have it.</summary>
    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A day as records have it.</summary>
    public static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>How QuickBooks spells its JSON, and how its rows are read.</summary>
internal static class QuickBooksJson
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

    /// <summary>A field as a figure; null where it is absent.</summary>
    public static decimal? Figure(this JsonNode? row, string name) =>
        decimal.TryParse(row.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var figure) ? figure : null;

    /// <summary>A field as yes or no; absent is no.</summary>
    public static bool Is(this JsonNode? row, string name) => row.Text(name) is { } text && text.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The id that a reference names.</summary>
    public static string? Ref(this JsonNode? row, string name) => row is JsonObject fields ? fields[name].Text("value") : null;

    /// <summary>The rows of a list; none where it is absent.</summary>
    public static IEnumerable<JsonObject> Rows(this JsonNode? row, string name) =>
        row is JsonObject fields && fields[name] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>A reference.</summary>
    public static JsonObject RefTo(string id, string? name = null) => name is null ? new() { ["value"] = id } : new() { ["value"] = id, ["name"] = name };

    /// <summary>An instant as QuickBooks writes it.</summary>
    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'-00:00'", CultureInfo.InvariantCulture);
}

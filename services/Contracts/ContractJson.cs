using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.Contracts;

/// <summary>How contracts are written as JSON, everywhere: camelCase names, enums by name, absent instead of null.</summary>
public static class ContractJson
{
    /// <summary>The options; do not change them after first use.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

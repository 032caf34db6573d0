using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.NetSuite;

/// <summary>NetSuite's JSON, spelled as NetSuite spells it: camelCase in records, small letters in SuiteQL, o: before the names of errors.</summary>
internal static class NetSuiteWire
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new TextConverter() },
    };

    // Ids, and most of what SuiteQL answers, come as texts or as numbers; links beside them are of no use to us.
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    return reader.GetString();
                case JsonTokenType.Number:
                    return reader.GetDecimal().ToString(CultureInfo.InvariantCulture);
                case JsonTokenType.True:
                    return "T";
                case JsonTokenType.False:
                    return "F";
                default:
                    reader.Skip();
                    return null;
            }
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>A refusal.</summary>
internal sealed record Problem(string? Title, int? Status, [property: JsonPropertyName("o:errorDetails")] IReadOnlyList<ProblemDetail>? Details)
{
    /// <summary>Its first code.</summary>
    [JsonIgnore]
    public string Code => Details is [{ Code: { } code }, ..] ? code : "";

    /// <summary>Its first sentence.</summary>
    [JsonIgnore]
    public string Said => Details is [{ Detail: { Length: > 0 } detail }, ..] ? detail : Title ?? "no reason given";

    /// <summary>The field it is about, where it says so.</summary>
    [JsonIgnore]
    public string? Path => Details is [{ Path: { Length: > 0 } path }, ..] ? path : null;
}

/// <summary>One error of a refusal.</summary>
internal sealed record ProblemDetail(
    string? Detail, [property: JsonPropertyName("o:errorCode")] string? Code, [property: JsonPropertyName("o:errorPath")] string? Path);

/// <summary>Another record, or one of a list, by id; its name comes along when it is shown. What is shown as a text alone is both.</summary>
[JsonConverter(typeof(ReferenceConverter))]
internal sealed record Reference(string? Id, string? RefName = null);

/// <summary>Reads a reference whether NetSuite shows it with its id or as a text; writes the id.</summary>
internal sealed class ReferenceConverter : JsonConverter<Reference>
{
    public override Reference? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return JsonSerializer.Deserialize<string>(ref reader, options) is { } text ? new(text, text) : null;
        var shown = JsonSerializer.Deserialize<Form>(ref reader, options);
        return new(shown?.Id, shown?.RefName);
    }

    public override void Write(Utf8JsonWriter writer, Reference value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, new Form(value.Id, null), options);

    private sealed record Form(string? Id, string? RefName);
}

/// <summary>What SuiteQL answers.</summary>
internal sealed record QueryAnswer(IReadOnlyList<Dictionary<string, string?>>? Items, long? TotalResults, bool? HasMore);

/// <summary>An address on a document, and inside a customer's address book.</summary>
internal sealed record Address(
    string? Addressee, string? Attention, string? Addr1, string? Addr2, string? Addr3, string? City, string? State, string? Zip, Reference? Country);

/// <summary>Rows of a sublist.</summary>
internal sealed record Sublist<T>(IReadOnlyList<T>? Items);

/// <summary>What the token endpoint answers.</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string? AccessToken, [property: JsonPropertyName("expires_in")] int? ExpiresIn, [property: JsonPropertyName("error")] string? Error);

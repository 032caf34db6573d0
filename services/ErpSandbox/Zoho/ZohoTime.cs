using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Times as Zoho writes and reads them: seconds, offset without a colon.</summary>
internal sealed class ZohoTime : JsonConverter<DateTimeOffset>
{
    /// <summary>Reads <c>2026-11-21T10:00:00+0000</c> and <c>…Z</c>; null for anything else, also for a plus sign that became a space.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        text is { Length: > 0 } && (text.EndsWith('Z') || (text.Length == 24 && text[19] is '+' or '-'))
        && DateTimeOffset.TryParseExact(
            text.EndsWith('Z') ? text[..^1] + "+00:00" : text.Insert(22, ":"),
            "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>The present second.</summary>
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString()) ?? throw new JsonException("Not a time as Zoho writes it.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture));
}

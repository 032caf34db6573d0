using System.Globalization;
using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Device;

/// <summary>A JSON object of which nothing is certain: what is not there, or is something else than expected, is absent.</summary>
internal readonly struct RowBody(JsonElement element)
{
    /// <summary>What <paramref name="make"/> makes of a kept row; null where it cannot be read.</summary>
    public static T? Read<T>(byte[] body, Func<RowBody, T?> make)
        where T : class
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return make(new RowBody(json.RootElement.Clone()));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Half a character, say, is JSON and no text.
            return null;
        }
    }

    public JsonElement Element => element;

    /// <summary>Its members that are objects.</summary>
    public IEnumerable<(string Name, RowBody Value)> Members =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Select(member => (member.Name, new RowBody(member.Value))) : [];

    public string? Text(string name) => Of(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public decimal? Number(string name) => Of(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    public long? Whole(string name) => Of(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public bool? Flag(string name) => Of(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    public Guid? Id(string name) => Guid.TryParse(Text(name), out var id) ? id : null;

    public DateTimeOffset? Time(string name) =>
        DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public DateOnly? Date(string name) =>
        DateOnly.TryParse(Text(name), CultureInfo.InvariantCulture, out var date) ? date : Time(name) is { } time ? DateOnly.FromDateTime(time.Date) : null;

    public RowBody? Object(string name) => Of(name) is { ValueKind: JsonValueKind.Object } value ? new RowBody(value) : null;

    /// <summary>Whatever is there.</summary>
    public JsonElement? Any(string name) => Of(name);

    /// <summary>All of it as a contract's type, if it is one.</summary>
    public T? As<T>()
        where T : class
    {
        try
        {
            return element.Deserialize<T>(ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The objects of a list.</summary>
    public IEnumerable<RowBody> Objects(string name) =>
        Of(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).Select(one => new RowBody(one)) : [];

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Of(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)] : [];

    /// <summary>An object of names and values, each value as it is shown.</summary>
    public IReadOnlyDictionary<string, string> Named(string name)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Of(name) is { ValueKind: JsonValueKind.Object } values)
            foreach (var one in values.EnumerateObject().Where(one => one.Value.ValueKind != JsonValueKind.Null))
                named[one.Name] = one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString()! : one.Value.GetRawText();
        return named;
    }

    private JsonElement? Of(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}

using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// The shapes a body has had. An old one is brought to the newest when it is judged and when it goes on, by the steps its kind states; the captured
/// bytes stay as they are.
/// </summary>
internal static class Shapes
{
    /// <summary>The newest schema of a kind; 0 for a kind that is not known.</summary>
    public static int NewestOf(string kind) => RecordKinds.Find(kind) is { } known ? known.Steps.Count + 1 : 0;

    /// <summary>The body in the newest schema of its kind.</summary>
    public static JsonElement Upcast(string kind, int schema, JsonElement body)
    {
        if (RecordKinds.Find(kind) is { } known)
            foreach (var step in known.Steps.Skip(schema - 1))
                body = step(body);
        return body;
    }

    /// <summary>The body with a property set: all others stay as they are, in their order.</summary>
    public static JsonElement With(JsonElement body, string name, string json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ContractJson.Options.Encoder }))
        {
            writer.WriteStartObject();
            foreach (var property in body.EnumerateObject().Where(property => !property.NameEquals(name)))
                property.WriteTo(writer);
            writer.WritePropertyName(name);
            writer.WriteRawValue(json);
            writer.WriteEndObject();
        }

        return JsonSerializer.Deserialize<JsonElement>(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}

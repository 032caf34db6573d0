using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.Gateway.Office;

/// <summary>Writes decimals without the zeros a column's scale adds: 2570.37, not 2570.37000.</summary>
internal sealed class PlainDecimals : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    // Dividing by one written with 28 zeros removes trailing zeros and nothing else.
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value / 1.0000000000000000000000000000m);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.Tryton;

/// <summary>Tryton's JSON, spelled as Tryton spells it: snake_case, decimals and dates as objects that name their class, ids as numbers.</summary>
internal static class TrytonWire
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new Figure(), new Day(), new Moment() },
    };

    /// <summary>Rows to be made beneath another row.</summary>
    public static object[] Create<T>(IReadOnlyList<T> rows) => rows.Count == 0 ? [] : [new object[] { "create", rows }];

    /// <summary>Rows that are there, to be tied to another row.</summary>
    public static object[] Add(params int[] ids) => ids.Length == 0 ? [] : [new object[] { "add", ids }];
}

/// <summary>A call: the method, what it is about in words, such as "order A-1042", and all parameters but the context.</summary>
internal sealed record Rpc(string Method, string What, params object?[] Parameters)
{
    /// <summary>What is to be known besides the company and the language.</summary>
    public IReadOnlyDictionary<string, object?>? Context { get; init; }

    /// <summary>Oldest first.</summary>
    public static object OldestFirst { get; } = new object[] { new[] { "id", "ASC" } };

    /// <summary>Rows of a model.</summary>
    public static Rpc Search(string model, string what, object?[] domain, string[] fields, int? limit = null, int offset = 0, object? order = null) =>
        new($"model.{model}.search_read", what, domain, offset, limit, order, fields);
}

/// <summary>What surrounds every answer.</summary>
internal sealed record Reply<T>(T? Result, JsonElement? Error);

/// <summary>Something of Tryton with a name.</summary>
internal sealed record Named(int Id, string? Name, string? Code = null, string? Symbol = null, int? Digits = null);

/// <summary>A decimal: an object that names its class; a plain number is read too, such as a quantity, which is floating point in Tryton.</summary>
internal sealed class Figure : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetDecimal(out var exact) ? exact : throw new JsonException("The number is too large.");
        using var value = JsonDocument.ParseValue(ref reader);
        return decimal.Parse(value.RootElement.GetProperty("decimal").GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("__class__", "Decimal");
        writer.WriteString("decimal", value.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }
}

/// <summary>A quantity: floating point in Tryton, so a plain number, written with the digits it has.</summary>
internal sealed class PlainNumber : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>A date.</summary>
internal sealed class Day : JsonConverter<DateOnly>
{
    public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        var date = value.RootElement;
        return new(date.GetProperty("year").GetInt32(), date.GetProperty("month").GetInt32(), date.GetProperty("day").GetInt32());
    }

    public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("__class__", "date");
        writer.WriteNumber("year", value.Year);
        writer.WriteNumber("month", value.Month);
        writer.WriteNumber("day", value.Day);
        writer.WriteEndObject();
    }
}

/// <summary>A moment, always UTC.</summary>
internal sealed class Moment : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        var at = value.RootElement;
        return new DateTime(Part("year"), Part("month"), Part("day"), Part("hour"), Part("minute"), Part("second"), DateTimeKind.Utc).AddMicroseconds(Part("microsecond"));

        int Part(string name) => at.GetProperty(name).GetInt32();
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("__class__", "datetime");
        writer.WriteNumber("year", value.Year);
        writer.WriteNumber("month", value.Month);
        writer.WriteNumber("day", value.Day);
        writer.WriteNumber("hour", value.Hour);
        writer.WriteNumber("minute", value.Minute);
        writer.WriteNumber("second", value.Second);
        writer.WriteNumber("microsecond", value.Millisecond * 1000 + value.Microsecond);
        writer.WriteEndObject();
    }
}

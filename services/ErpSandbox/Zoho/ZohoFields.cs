using System.Globalization;
using System.Text.Json;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Reads what the fact sheet says a body may hold, strictly; all else in the body is dropped without a word, as Zoho does.</summary>
internal readonly struct ZohoFields(JsonElement json, string path = "", IReadOnlyCollection<string>? dropped = null)
{
    // Far above real prices and quantities, far below where decimal arithmetic loses digits.
    private const decimal Largest = 10_000_000_000m;

    /// <summary>A body must be one JSON object.</summary>
    public static ZohoFields Parse(ErpRequest request)
    {
        try
        {
            if (request.ContentType?.Contains("form", StringComparison.OrdinalIgnoreCase) != true)
            {
                using var document = JsonDocument.Parse(request.Body);
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                    return new ZohoFields(document.RootElement.Clone());
            }
        }
        catch (JsonException malformed)
        {
            throw new ZohoRefusal(400, 1038, $"JSON is not well formed: {malformed.Message}");
        }

        throw new ZohoRefusal(400, 1038, "JSON is not well formed");
    }

    /// <summary>Whether the field is there at all.</summary>
    public bool Has(string name) => dropped?.Contains(name) != true && json.TryGetProperty(name, out _);

    /// <summary>The same body with some of its fields dropped.</summary>
    public ZohoFields Without(params string[] names) => new(json, path, names);

    public string? Text(string name, int most) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when value.GetString() is { } text =>
            text.Length <= most ? text : throw ZohoRefusal.TooLong(path + name, most),
        _ => throw ZohoRefusal.Invalid(path + name),
    };

    /// <summary>Ids are documented sometimes as strings and sometimes as numbers; an empty one is none.</summary>
    public string? Id(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        { ValueKind: JsonValueKind.String } value => value.GetString() is { Length: > 0 } text ? text : null,
        _ => throw ZohoRefusal.Invalid(path + name),
    };

    public decimal? Number(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out var number) && Math.Abs(number) < Largest => number,
        _ => throw ZohoRefusal.Invalid(path + name),
    };

    public int? Integer(string name) =>
        Number(name) is not { } number ? null
        : number == decimal.Truncate(number) && Math.Abs(number) <= int.MaxValue ? (int)number
        : throw ZohoRefusal.Invalid(path + name);

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw ZohoRefusal.Invalid(path + name),
    };

    public string? Date(string name) =>
        Text(name, int.MaxValue) is not { Length: > 0 } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text
        : throw ZohoRefusal.Invalid(path + name);

    public string? OneOf(string name, params ReadOnlySpan<string> values)
    {
        if (Text(name, int.MaxValue) is not { } text)
            return null;
        return values.Contains(text) ? text : throw ZohoRefusal.Invalid(path + name);
    }

    /// <summary>A discount is "12.5%", "190" or a number.</summary>
    public ZohoDiscount? Discount(string name)
    {
        var text = Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            _ => throw ZohoRefusal.Invalid(path + name),
        };
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return ZohoDiscount.Parse(text) ?? throw ZohoRefusal.Invalid(path + name);
    }

    public ZohoFields? Object(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new ZohoFields(value, $"{path}{name}."),
        _ => throw ZohoRefusal.Invalid(path + name),
    };

    public IReadOnlyList<ZohoFields>? Objects(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            throw ZohoRefusal.Invalid(path + name);
        var prefix = $"{path}{name}.";
        var rows = new List<ZohoFields>(value.GetArrayLength());
        foreach (var row in value.EnumerateArray())
            rows.Add(row.ValueKind == JsonValueKind.Object ? new ZohoFields(row, prefix) : throw ZohoRefusal.Invalid(path + name));
        return rows;
    }

    /// <summary>A custom field's value, whatever its type, as text.</summary>
    public string? Anything(string name) => Find(name) is { } value
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
        : null;

    /// <summary>The refusal for a field of this body.</summary>
    public ZohoRefusal Invalid(string name) => ZohoRefusal.Invalid(path + name);

    private JsonElement? Find(string name) =>
        Has(name) && json.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value : null;
}

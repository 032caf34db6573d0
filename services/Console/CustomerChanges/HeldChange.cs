using System.Text.Json;

namespace OrderSync.Console.CustomerChanges;

/// <summary>A field of a change: as the device knew it, as it stands, as it was captured.</summary>
public sealed record HeldField(string Field, JsonElement? Base, JsonElement? Current, JsonElement? Captured, bool Conflicts)
{
    /// <summary>What people call the field.</summary>
    public string Name => Field switch
    {
        "email" => "E-mail",
        "taxNumber" => "Tax number",
        "priceList" => "Price list",
        "paymentTerms" => "Payment terms",
        { Length: > 0 } other => $"{char.ToUpperInvariant(other[0])}{other[1..]}",
        _ => "",
    };

    /// <summary>A value on one line.</summary>
    public static string Text(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "–",
        { ValueKind: JsonValueKind.Object } parts => string.Join(", ", parts.EnumerateObject().Select(part => Text(part.Value)).Where(part => part != "–")),
        { } plain => plain.ToString(),
    };
}

/// <summary>A change of a customer that somebody else has changed as well.</summary>
public sealed record HeldChange(Guid Id, Guid Customer, string Name, string Rep, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt, IReadOnlyList<HeldField> Fields);

/// <summary>A page of them.</summary>
public sealed record HeldChangeList(IReadOnlyList<HeldChange> Changes, Guid? Next);

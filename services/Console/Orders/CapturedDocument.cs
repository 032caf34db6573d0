using System.Globalization;
using System.Text.Json;

namespace OrderSync.Console.Orders;

/// <summary>A line as captured.</summary>
public sealed record CapturedLine(
    int No, string? Sku, string? Description, decimal? Quantity, string? Unit, decimal? UnitPrice, string? Discount, decimal? TaxRate, string? Notes, decimal? Amount);

/// <summary>Something a captured document says, in words for people.</summary>
public sealed record Fact(string Name, string Value);

/// <summary>
/// A captured body as a person reads it. It takes whatever there is: a record that was refused for its shape has to be looked at most of all.
/// </summary>
public sealed record CapturedDocument(
    string? Currency, bool PricesIncludeTax, IReadOnlyList<Fact> Facts, IReadOnlyList<CapturedLine> Lines, decimal? Subtotal, decimal? Discount, decimal? Shipping, decimal? Tax, decimal? Total)
{
    // Shown in places of their own.
    private static readonly HashSet<string> Elsewhere = ["currency", "pricesIncludeTax", "lines", "totals", "shipping", "customer", "rounding", "shippingTaxRate", "discount", "amount", "allocations"];

    private static readonly Dictionary<string, string> Names = new()
    {
        ["reference"] = "Device reference", ["customerReference"] = "Customer's order number", ["requestedDate"] = "Wanted on", ["paymentTerms"] = "Payment terms", ["shipTo"] = "Ship to",
        ["billTo"] = "Bill to", ["validUntil"] = "Valid until", ["receivedOn"] = "Received on", ["taxNumber"] = "Tax number", ["priceList"] = "Price list", ["email"] = "E-mail",
    };

    /// <summary>Reads a record as it was sent.</summary>
    /// <param name="record">The envelope with its body; null where the bytes are no JSON.</param>
    /// <param name="lines">What the lines come to.</param>
    public static CapturedDocument? Read(JsonElement? record, IReadOnlyList<LineRow> lines)
    {
        if (record is not { ValueKind: JsonValueKind.Object } envelope || !envelope.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
            return null;
        var totals = Child(body, "totals");
        var amounts = lines.ToDictionary(line => line.No, line => line.Amount);
        return new(
            Text(body, "currency"), body.TryGetProperty("pricesIncludeTax", out var included) && included.ValueKind == JsonValueKind.True, [.. FactsOf(body)],
            body.TryGetProperty("lines", out var rows) && rows.ValueKind == JsonValueKind.Array
                ? [.. rows.EnumerateArray().Select((row, i) => Line(row, i + 1, amounts.TryGetValue(i + 1, out var amount) ? amount : null))]
                : [],
            Figure(totals, "subtotal"), Figure(totals, "discount"), Figure(body, "shipping"), Figure(totals, "tax"), Figure(totals, "total") ?? Figure(body, "amount"));
    }

    private static CapturedLine Line(JsonElement row, int no, decimal? amount) => row.ValueKind != JsonValueKind.Object
        ? new(no, null, row.GetRawText(), null, null, null, null, null, null, amount)
        : new(
            no, Text(row, "sku"), Text(row, "description"), Figure(row, "quantity"), Text(row, "unit"), Figure(row, "unitPrice"), DiscountOf(Child(row, "discount")), Figure(row, "taxRate"),
            Text(row, "notes"), amount);

    /// <summary>What a body says beside lines and sums.</summary>
    internal static IEnumerable<Fact> FactsOf(JsonElement body)
    {
        if (Child(body, "customer") is { } customer && (Text(customer, "number") ?? Text(customer, "code")) is { } named)
            yield return new("Customer, as captured", named);
        foreach (var property in body.EnumerateObject().Where(property => !Elsewhere.Contains(property.Name)))
            if (Plain(property.Value) is { Length: > 0 } value)
                yield return new(Names.GetValueOrDefault(property.Name) ?? Spaced(property.Name), value);
        if (DiscountOf(Child(body, "discount")) is { } discount)
            yield return new("Order discount", discount);
    }

    /// <summary>A value on one line: an address, custom fields, a text.</summary>
    private static string? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Plain).Where(part => part is { Length: > 0 })),
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(part => Plain(part.Value)).Where(part => part is { Length: > 0 })),
        _ => null,
    };

    private static string? DiscountOf(JsonElement? discount) => discount is not { } given ? null
        : Figure(given, "percent") is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0.#####} %")
        : Figure(given, "amount")?.ToString(CultureInfo.InvariantCulture);

    private static JsonElement? Child(JsonElement parent, string name) => parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Plain(value) : null;

    private static decimal? Figure(JsonElement? parent, string name) =>
        parent is { } given && given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var figure) ? figure : null;

    private static string Spaced(string name) =>
        string.Concat(name.Select((letter, i) => i == 0 ? char.ToUpperInvariant(letter).ToString() : char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}

using System.Globalization;
using System.Text.Json;

namespace OrderSync.Console.Orders;

/// <summary>A line as captured.</summary>
public sealed record CapturedLine(
    int No, string? Sku, string? Description, decimal? Quantity, string? Unit, decimal? UnitPrice, string? Discount, decimal? TaxRate, string? Notes, decimal? Amount);

/// <summary>A way in which a sale was paid.</summary>
public sealed record CapturedTender(string Method, decimal? Amount, string? More);

/// <summary>Something a captured document says, in words for people.</summary>
public sealed record Fact(string Name, string Value);

/// <summary>
/// A captured body as a person reads it. It takes whatever there is: a record that was refused for its shape has to be looked at most of all.
/// </summary>
public sealed record CapturedDocument(
    string? Currency, bool PricesIncludeTax, IReadOnlyList<Fact> Facts, IReadOnlyList<CapturedLine> Lines, decimal? Subtotal, decimal? Discount, decimal? Shipping, decimal? Tax, decimal? Total)
{
    // Shown in places of their own.
    private static readonly HashSet<string> Elsewhere = ["currency", "pricesIncludeTax", "lines", "totals", "shipping", "customer", "rounding", "shippingTaxRate", "discount", "amount", "allocations", "tenders", "count", "visit", "form", "attendance", "location"];

    private static readonly Dictionary<string, string> Names = new()
    {
        ["reference"] = "Device reference", ["customerReference"] = "Customer's order number", ["requestedDate"] = "Wanted on", ["paymentTerms"] = "Payment terms", ["shipTo"] = "Ship to",
        ["billTo"] = "Bill to", ["validUntil"] = "Valid until", ["receivedOn"] = "Received on", ["taxNumber"] = "Tax number", ["priceList"] = "Price list", ["email"] = "E-mail",
        ["attachmentsExpected"] = "Files to come", ["coupons"] = "Coupons and offers",
    };

    private static readonly Dictionary<string, string> Methods = new()
    {
        ["cash"] = "Cash", ["externalTerminal"] = "Card on a terminal", ["integratedCard"] = "Card charged by the app", ["cheque"] = "Cheque", ["bankTransfer"] = "Bank transfer",
        ["onAccount"] = "On account", ["layBy"] = "Lay-by",
    };

    /// <summary>How a sale was paid; empty for all else.</summary>
    public IReadOnlyList<CapturedTender> Tenders { get; init; } = [];

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
            (body.TryGetProperty("lines", out var rows) || body.TryGetProperty("count", out rows)) && rows.ValueKind == JsonValueKind.Array
                ? [.. rows.EnumerateArray().Select((row, i) => Line(row, i + 1, amounts.TryGetValue(i + 1, out var amount) ? amount : null))]
                : [],
            Figure(totals, "subtotal"), Figure(totals, "discount"), Figure(body, "shipping"), Figure(totals, "tax"), Figure(totals, "total") ?? Figure(body, "amount"))
        {
            Tenders = body.TryGetProperty("tenders", out var tenders) && tenders.ValueKind == JsonValueKind.Array
                ? [.. tenders.EnumerateArray().Where(tender => tender.ValueKind == JsonValueKind.Object).Select(Tender)]
                : [],
        };
    }

    private static CapturedTender Tender(JsonElement tender)
    {
        string?[] more = [Text(tender, "reference"), Text(tender, "deposit") is { } deposit ? $"deposit {deposit}" : null, Text(tender, "dueDate") is { } due ? $"due {due}" : null];
        var method = Text(tender, "method") ?? "?";
        return new(Methods.GetValueOrDefault(method, method), Figure(tender, "amount"), string.Join(", ", more.OfType<string>()) is { Length: > 0 } said ? said : null);
    }

    // What an activity says, by its type.
    private static IEnumerable<Fact> OfActivity(JsonElement body)
    {
        if (Child(body, "visit") is { } visit)
            yield return new("Visit", $"{Text(visit, "step") switch { "checkIn" => "checked in", "complete" => "complete", null => "during the visit", var step => step }} ({(Text(visit, "id") ?? "?").Split('-')[^1]})");
        if (Child(body, "attendance") is { } attendance)
            yield return new("Attendance", Text(attendance, "direction") == "in" ? "work begins" : "work ends");
        if (Child(body, "location") is { } location)
            yield return new(location.TryGetProperty("removed", out var removed) && removed.ValueKind == JsonValueKind.True ? "Location removed" : "Location", $"{Text(location, "name")}: {(Child(location, "position") is { } place ? Plain(place) : "nowhere")}");
        if (Child(body, "form") is not { } form)
            yield break;
        yield return new("Form", $"{Text(form, "name")}, version {Text(form, "version")}");
        foreach (var answer in Child(form, "answers")?.EnumerateObject().ToList() ?? [])
            yield return new($"Answer: {answer.Name}", Plain(answer.Value) is { Length: > 0 } given ? given : "none");
    }

    private static CapturedLine Line(JsonElement row, int no, decimal? amount) => row.ValueKind != JsonValueKind.Object
        ? new(no, null, row.GetRawText(), null, null, null, null, null, null, amount)
        : new(
            no, Text(row, "sku"), Text(row, "description"), Figure(row, "quantity"), Text(row, "unit"), Figure(row, "unitPrice"), DiscountOf(Child(row, "discount")), Figure(row, "taxRate"),
            NotesOf(row), amount);

    // Lots and serial numbers stand with the line's notes, and where something was counted.
    private static string? NotesOf(JsonElement row)
    {
        var lots = row.TryGetProperty("lots", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? listed.EnumerateArray().Where(lot => lot.ValueKind == JsonValueKind.Object).Select(lot => $"{Text(lot, "lot") ?? Text(lot, "serial")} × {Text(lot, "quantity")}")
            : [];
        return string.Join(", ", new[] { Text(row, "place"), Text(row, "notes") }.OfType<string>().Concat(lots)) is { Length: > 0 } said ? said : null;
    }

    /// <summary>What a body says beside lines and sums.</summary>
    internal static IEnumerable<Fact> FactsOf(JsonElement body)
    {
        if (Child(body, "customer") is { } customer && (Text(customer, "number") ?? Text(customer, "code")) is { } named)
            yield return new("Customer, as captured", named);
        foreach (var fact in OfActivity(body))
            yield return fact;
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
        : (Figure(given, "percent") is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0.#####} %") : Figure(given, "amount")?.ToString(CultureInfo.InvariantCulture)) is { } much
            ? Text(given, "reason") is { } reason ? $"{much} ({reason})" : much
            : null;

    private static JsonElement? Child(JsonElement parent, string name) => parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Plain(value) : null;

    private static decimal? Figure(JsonElement? parent, string name) =>
        parent is { } given && given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var figure) ? figure : null;

    private static string Spaced(string name) =>
        string.Concat(name.Select((letter, i) => i == 0 ? char.ToUpperInvariant(letter).ToString() : char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}

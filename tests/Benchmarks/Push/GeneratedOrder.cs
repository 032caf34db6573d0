using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrderSync.Benchmarks.Push;

/// <summary>An order of five lines, as its device sends it and as its rows will hold it.</summary>
internal sealed record GeneratedOrder(
    Guid Id, Guid Customer, string Reference, long Seq, DateTimeOffset CapturedAt, decimal Total, IReadOnlyList<GeneratedLine> Lines, byte[] Json, byte[] Sha256)
{
    private const int LinesOfOrder = 5;

    /// <summary>Makes one; the same seed gives the same content under a new id.</summary>
    public static GeneratedOrder Make(Random random, Guid customer, long seq)
    {
        var id = Guid.CreateVersion7();
        var reference = $"R-{seq:000000}";
        var capturedAt = new DateTimeOffset(2026, 3, 3, 10, 15, 0, TimeSpan.FromHours(1)).AddSeconds(seq % 86_400);
        var lines = new GeneratedLine[LinesOfOrder];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = new(Site.Sku(random.Next(Site.Items)), random.Next(1, 25), random.Next(100, 99_999) / 100m);

        var subtotal = lines.Sum(line => line.Amount);
        var tax = Math.Round(subtotal * 0.08m, 2, MidpointRounding.AwayFromZero);
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, id, customer, reference, seq, capturedAt, lines, subtotal, tax);
        var bytes = buffer.WrittenSpan.ToArray();
        return new(id, customer, reference, seq, capturedAt, subtotal + tax, lines, bytes, SHA256.HashData(bytes));
    }

    private static void Write(
        Utf8JsonWriter json, Guid id, Guid customer, string reference, long seq, DateTimeOffset capturedAt, IReadOnlyList<GeneratedLine> lines, decimal subtotal, decimal tax)
    {
        json.WriteStartObject();
        json.WriteString("kind", "order");
        json.WriteString("id", id);
        json.WriteNumber("rev", 1);
        json.WriteNumber("schema", 1);
        json.WriteNumber("seq", seq);
        json.WriteString("capturedAt", capturedAt);
        json.WriteStartObject("body");
        json.WriteString("reference", reference);
        json.WriteStartObject("customer");
        json.WriteString("id", customer);
        json.WriteEndObject();
        json.WriteString("currency", "USD");
        json.WriteBoolean("pricesIncludeTax", false);
        json.WriteStartObject("rounding");
        json.WriteString("level", "document");
        json.WriteString("tie", "halfUp");
        json.WriteEndObject();
        json.WriteStartArray("lines");
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("sku", line.Sku);
            json.WriteString("description", "Bottle cage, carbon, matt black");
            json.WriteNumber("quantity", line.Quantity);
            json.WriteString("unit", "pcs");
            json.WriteNumber("unitPrice", line.UnitPrice);
            json.WriteString("taxCode", "T8");
            json.WriteNumber("taxRate", GeneratedLine.TaxRate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("shipping", 0);
        json.WriteStartObject("totals");
        json.WriteNumber("subtotal", subtotal);
        json.WriteNumber("discount", 0);
        json.WriteNumber("tax", tax);
        json.WriteNumber("total", subtotal + tax);
        json.WriteEndObject();
        json.WriteString("paymentTerms", "30 days net");
        json.WriteString("notes", "Please deliver before noon; ring at the back door.");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

internal sealed record GeneratedLine(string Sku, decimal Quantity, decimal UnitPrice)
{
    public const decimal TaxRate = 8m;

    public decimal Amount => Quantity * UnitPrice;
}

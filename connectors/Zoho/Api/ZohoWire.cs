using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.Zoho;

/// <summary>Zoho's JSON, spelled as Zoho spells it: snake_case, ids as text or number, amounts as number or text.</summary>
internal static class ZohoWire
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>What surrounds every answer, and all that may stand in it; code 0 is success.</summary>
internal sealed record Answer
{
    public int Code { get; init; }
    public string? Message { get; init; }
    public PageContext? PageContext { get; init; }
    public Contact? Contact { get; init; }
    public IReadOnlyList<Contact>? Contacts { get; init; }
    public SalesDocument? Salesorder { get; init; }
    public IReadOnlyList<SalesDocument>? Salesorders { get; init; }
    public SalesDocument? Estimate { get; init; }
    public IReadOnlyList<SalesDocument>? Estimates { get; init; }
    public IReadOnlyList<InvoiceRow>? Invoices { get; init; }
    public InvoiceRow? Invoice { get; init; }
    public Payment? Payment { get; init; }
    public IReadOnlyList<Payment>? Customerpayments { get; init; }
    public IReadOnlyList<Item>? Items { get; init; }
    public IReadOnlyList<TaxEntry>? Taxes { get; init; }
    public IReadOnlyList<Organization>? Organizations { get; init; }
    public IReadOnlyList<PaymentModeEntry>? Paymentmodes { get; init; }

    /// <summary>Salespersons come under this name.</summary>
    public JsonElement? Data { get; init; }

    public IReadOnlyList<UserEntry>? Users { get; init; }
    public IReadOnlyList<LocationEntry>? Locations { get; init; }
    public IReadOnlyList<PricebookEntry>? Pricebooks { get; init; }
}

/// <summary>Where a list stands.</summary>
internal sealed record PageContext(bool? HasMorePage);

/// <summary>What the token endpoint answers; an error comes with HTTP 200 too.</summary>
internal sealed record TokenAnswer(string? AccessToken, string? RefreshToken, string? ApiDomain, int? ExpiresIn, string? Error);

/// <summary>A field the organisation made itself, by its API name.</summary>
internal sealed record CustomField(string? ApiName, [property: JsonConverter(typeof(LooseText))] string? Value);

/// <summary>Ids of 16 to 19 digits, documented as text in one place and as numbers in the next, and custom fields' values of any type.</summary>
internal sealed class LooseText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString();
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

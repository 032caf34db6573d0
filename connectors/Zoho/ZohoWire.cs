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

/// <summary>What surrounds every answer; code 0 is success.</summary>
internal sealed record Answer(
    int Code, string? Message, Contact? Contact, IReadOnlyList<Contact>? Contacts, SalesOrder? Salesorder, IReadOnlyList<SalesOrder>? Salesorders,
    IReadOnlyList<Item>? Items, IReadOnlyList<TaxEntry>? Taxes);

/// <summary>What the token endpoint answers; an error comes with HTTP 200 too.</summary>
internal sealed record TokenAnswer(string? AccessToken, string? ApiDomain, int? ExpiresIn, string? Error);

/// <summary>A customer as Zoho shows it; lists leave out persons and custom fields.</summary>
internal sealed record Contact(
    [property: JsonConverter(typeof(LooseText))] string ContactId, string ContactName, string? ContactType, string? Email,
    IReadOnlyList<ContactPerson>? ContactPersons, IReadOnlyList<CustomField>? CustomFields);

/// <summary>A customer to create, or what is to change of one: absent fields stay.</summary>
internal sealed record ContactChange(
    string? ContactName, string? CompanyName, string? ContactType, Address? BillingAddress, Address? ShippingAddress,
    IReadOnlyList<ContactPerson>? ContactPersons, string? Notes, IReadOnlyList<CustomField> CustomFields);

/// <summary>
/// Somebody at a customer. The e-mail address stands here, not at top level; IsPrimaryContact is true or absent; a person left out of
/// an update is deleted.
/// </summary>
internal sealed record ContactPerson(
    [property: JsonConverter(typeof(LooseText))] string? ContactPersonId, string? Salutation, string? FirstName, string? LastName, string? Email,
    string? Phone, string? Mobile, string? Designation, string? Department, bool? IsPrimaryContact);

/// <summary>An address of a customer.</summary>
internal sealed record Address(
    string? Attention, [property: JsonPropertyName("address")] string? Street, string? Street2, string? City, string? State, string? Zip, string? Country);

/// <summary>A field the organisation made itself, by its API name.</summary>
internal sealed record CustomField(string? ApiName, [property: JsonConverter(typeof(LooseText))] string? Value);

/// <summary>A sales order as Zoho shows it; lists leave out lines and custom fields.</summary>
internal sealed record SalesOrder(
    [property: JsonConverter(typeof(LooseText))] string SalesorderId, string SalesorderNumber, string Status, decimal Total, decimal? TaxTotal,
    string? CurrencyCode, IReadOnlyList<SalesOrderLine>? LineItems, IReadOnlyList<CustomField>? CustomFields);

/// <summary>A line as Zoho shows it.</summary>
internal sealed record SalesOrderLine([property: JsonConverter(typeof(LooseText))] string? ItemId, int? ItemOrder, decimal Quantity, decimal Rate);

/// <summary>A sales order to create, or to put in the place of a draft.</summary>
internal sealed record NewSalesOrder(
    string CustomerId, string SalesorderNumber, string? ReferenceNumber, DateOnly Date, DateOnly? ShipmentDate, string DiscountType, string? Discount,
    bool IsDiscountBeforeTax, bool IsInclusiveTax, decimal ShippingCharge, decimal Adjustment, string? AdjustmentDescription, string? Notes,
    IReadOnlyList<NewSalesOrderLine> LineItems, IReadOnlyList<CustomField> CustomFields);

/// <summary>A line to create; tax goes by id, never by rate.</summary>
internal sealed record NewSalesOrderLine(
    string ItemId, int ItemOrder, string? Description, decimal Quantity, string? Unit, decimal Rate, string? Discount, string? TaxId);

/// <summary>An item of the catalogue.</summary>
internal sealed record Item([property: JsonConverter(typeof(LooseText))] string ItemId, string? Sku, string? Name, string? Status);

/// <summary>A tax of the organisation.</summary>
internal sealed record TaxEntry([property: JsonConverter(typeof(LooseText))] string TaxId, string TaxName, decimal TaxPercentage);

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

using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.QuickBooks;

/// <summary>QuickBooks' JSON, spelled as QuickBooks spells it: PascalCase, and a fault of its gate in small letters.</summary>
internal static class QuickBooksWire
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>What surrounds every answer, and all that may stand in it.</summary>
internal sealed record Answer
{
    public Fault? Fault { get; init; }
    public Rows? QueryResponse { get; init; }
    [JsonPropertyName("CDCResponse")] public IReadOnlyList<Changes>? Changes { get; init; }
    public CustomerRow? Customer { get; init; }
    public SalesDocument? Estimate { get; init; }
    public SalesDocument? Invoice { get; init; }
    public SalesDocument? SalesReceipt { get; init; }
    public Payment? Payment { get; init; }
    public DateTimeOffset? Time { get; init; }

    /// <summary>Whether anything stands in it that QuickBooks would say.</summary>
    [JsonIgnore]
    public bool SaysSomething => Fault is not null || QueryResponse is not null || Changes is not null || Customer is not null || Estimate is not null || Invoice is not null || SalesReceipt is not null || Payment is not null;
}

/// <summary>A refusal.</summary>
internal sealed record Fault(IReadOnlyList<FaultError>? Error, string? Type)
{
    /// <summary>Its first code, without leading zeros.</summary>
    [JsonIgnore]
    public string Code => Error is [{ Code: { } code }, ..] ? code.TrimStart('0') : "";

    /// <summary>Its first sentence that says most.</summary>
    [JsonIgnore]
    public string Said => (Error is [var first, ..] ? first.Detail is { Length: > 0 } detail ? detail : first.Message : null) ?? "no reason given";
}

/// <summary>One error of a refusal.</summary>
internal sealed record FaultError(string? Message, string? Detail, string? Code);

/// <summary>What a query found, under the name of what it asked for.</summary>
internal sealed record Rows
{
    public IReadOnlyList<CustomerRow>? Customer { get; init; }
    public IReadOnlyList<Item>? Item { get; init; }
    public IReadOnlyList<SalesDocument>? Estimate { get; init; }
    public IReadOnlyList<SalesDocument>? Invoice { get; init; }
    public IReadOnlyList<SalesDocument>? SalesReceipt { get; init; }
    public IReadOnlyList<Payment>? Payment { get; init; }
    public IReadOnlyList<TaxCode>? TaxCode { get; init; }
    public IReadOnlyList<TaxRate>? TaxRate { get; init; }
    public IReadOnlyList<Preferences>? Preferences { get; init; }
    public IReadOnlyList<CompanyInfo>? CompanyInfo { get; init; }
    public IReadOnlyList<NamedEntry>? PaymentMethod { get; init; }
    public IReadOnlyList<NamedEntry>? Department { get; init; }
    public long? TotalCount { get; init; }
}

/// <summary>What changed, a list for each kind of rows.</summary>
internal sealed record Changes(IReadOnlyList<Rows>? QueryResponse);

/// <summary>Another row, by id.</summary>
internal sealed record Reference([property: JsonPropertyName("value")] string Value, [property: JsonPropertyName("name")] string? Name = null);

/// <summary>When a row was made and last changed.</summary>
internal sealed record MetaData(DateTimeOffset? CreateTime, DateTimeOffset? LastUpdatedTime);

/// <summary>A row that says when it changed, and whether it was deleted.</summary>
internal interface IChanging
{
    string Id { get; }
    MetaData? MetaData { get; }
    string? Status { get; }
}

/// <summary>What the token endpoint answers.</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string? AccessToken, [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("expires_in")] int? ExpiresIn, [property: JsonPropertyName("error")] string? Error);

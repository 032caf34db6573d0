using System.Text.Json.Serialization;

namespace OrderSync.Zoho;

/// <summary>An item of the catalogue.</summary>
internal sealed record Item([property: JsonConverter(typeof(LooseText))] string ItemId, string? Sku, string? Name, string? Status);

/// <summary>A tax of the organisation.</summary>
internal sealed record TaxEntry([property: JsonConverter(typeof(LooseText))] string TaxId, string TaxName, decimal TaxPercentage);

/// <summary>An organisation that the token opens.</summary>
internal sealed record Organization([property: JsonConverter(typeof(LooseText))] string OrganizationId, string? Name, string? CurrencyCode);

/// <summary>A way of paying; its name is what payments carry.</summary>
internal sealed record PaymentModeEntry(string? PaymentMode, string? Name);

/// <summary>Somebody who sells.</summary>
internal sealed record SalespersonEntry([property: JsonConverter(typeof(LooseText))] string SalespersonId, string? SalespersonName);

/// <summary>A place of the organisation.</summary>
internal sealed record LocationEntry([property: JsonConverter(typeof(LooseText))] string LocationId, string? LocationName);

/// <summary>A price list.</summary>
internal sealed record PricebookEntry([property: JsonConverter(typeof(LooseText))] string PricebookId, string? Name, string? PricebookName);

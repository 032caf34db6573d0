using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>An estimate. Status: draft, sent, accepted, declined, invoiced.</summary>
internal sealed record ZohoEstimate : ZohoDocument
{
    public required string EstimateId { get; init; }
    public string EstimateNumber { get; init; } = "";
    public string ExpiryDate { get; init; } = "";

    [JsonIgnore] public override string Id => EstimateId;
    [JsonIgnore] public override string Number => EstimateNumber;

    public override object Row(ZohoFlavour flavour) => new
    {
        EstimateId, EstimateNumber, ReferenceNumber, Date, ExpiryDate, Status, CustomerId, CustomerName, CurrencyId, CurrencyCode, SalespersonId,
        SalespersonName, Total, CreatedTime, LastModifiedTime,
    };
}

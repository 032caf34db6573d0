using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A sale that was paid at once.</summary>
internal sealed record ZohoSalesReceipt : ZohoDocument
{
    public required string SalesReceiptId { get; init; }
    public string ReceiptNumber { get; init; } = "";
    public string PaymentMode { get; init; } = "";

    [JsonIgnore] public override string Id => SalesReceiptId;
    [JsonIgnore] public override string Number => ReceiptNumber;

    public override object Row(ZohoFlavour flavour) => new
    {
        SalesReceiptId, ReceiptNumber, ReferenceNumber, Date, Status, PaymentMode, CustomerId, CustomerName, CurrencyId, CurrencyCode, Total,
        CreatedTime, LastModifiedTime,
    };
}

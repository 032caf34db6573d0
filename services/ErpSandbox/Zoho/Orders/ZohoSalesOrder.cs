using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A sales order. Its status is kept in Inventory's words: draft, confirmed, closed, onhold, void and those of an approval.</summary>
internal sealed record ZohoSalesOrder : ZohoDocument
{
    public required string SalesorderId { get; init; }
    public string SalesorderNumber { get; init; } = "";
    public string ShipmentDate { get; init; } = "";
    public string DeliveryMethod { get; init; } = "";
    public string InvoicedStatus { get; init; } = "";
    public string PaidStatus { get; init; } = "";
    public string ShippedStatus { get; init; } = "";
    public string ReasonForVoid { get; init; } = "";
    public IReadOnlyList<object> Packages { get; init; } = [];
    public IReadOnlyList<ZohoInvoiceRow> Invoices { get; init; } = [];

    [JsonIgnore] public override string Id => SalesorderId;
    [JsonIgnore] public override string Number => SalesorderNumber;

    /// <summary>Books says open, partially_invoiced and invoiced where Inventory says confirmed and closed.</summary>
    public override IZohoDocument Shown(ZohoFlavour flavour) => this with { Status = StatusIn(flavour) };

    public override object Row(ZohoFlavour flavour) => new
    {
        SalesorderId, SalesorderNumber, ReferenceNumber, Date, ShipmentDate, Status = StatusIn(flavour), InvoicedStatus, PaidStatus, ShippedStatus,
        CustomerId, CustomerName, CurrencyId, CurrencyCode, SalespersonId, SalespersonName, Total, CreatedTime, LastModifiedTime,
    };

    private string StatusIn(ZohoFlavour flavour) => (flavour, Status, InvoicedStatus) switch
    {
        (ZohoFlavour.Books, "confirmed" or "closed", "invoiced" or "partially_invoiced") => InvoicedStatus,
        (ZohoFlavour.Books, "confirmed", _) => "open",
        (ZohoFlavour.Books, "closed", _) => "invoiced",
        _ => Status,
    };
}

/// <summary>An invoice as its order shows it.</summary>
internal sealed record ZohoInvoiceRow(string InvoiceId, string InvoiceNumber, string Status, string Date, decimal Total, decimal Balance);

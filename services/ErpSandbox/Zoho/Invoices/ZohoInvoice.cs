using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>An invoice. Status: draft, sent, partially_paid, paid, void; overdue follows from its due date when it is shown.</summary>
internal sealed record ZohoInvoice : ZohoDocument
{
    public required string InvoiceId { get; init; }
    public string InvoiceNumber { get; init; } = "";
    public string DueDate { get; init; } = "";
    public int? PaymentTerms { get; init; }
    public string PaymentTermsLabel { get; init; } = "";
    public string SalesorderId { get; init; } = "";
    public string SalesorderNumber { get; init; } = "";
    public decimal PaymentMade { get; init; }
    public decimal Balance { get; init; }

    [JsonIgnore] public override string Id => InvoiceId;
    [JsonIgnore] public override string Number => InvoiceNumber;

    /// <summary>Whether it takes goods and money: a draft and a void invoice do not.</summary>
    [JsonIgnore] public bool IsLive => Status is not ("draft" or "void");

    public override object Row(ZohoFlavour flavour) => new
    {
        InvoiceId, InvoiceNumber, ReferenceNumber, Date, DueDate, Status, CustomerId, CustomerName, CurrencyId, CurrencyCode, SalespersonId,
        SalespersonName, Total, Balance, CreatedTime, LastModifiedTime,
    };

    /// <summary>With this much paid, and the status that follows from it.</summary>
    public ZohoInvoice Paid(decimal paid, DateTimeOffset now) => this with
    {
        PaymentMade = paid,
        Balance = Total - paid,
        Status = paid == 0 ? (Status is "draft" or "void" ? Status : "sent") : paid < Total ? "partially_paid" : "paid",
        LastModifiedTime = now,
    };
}

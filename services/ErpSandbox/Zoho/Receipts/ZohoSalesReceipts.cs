namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Sales receipts, in Books only: a sale and its payment in one. rules.md, "Sales receipts".</summary>
internal sealed class ZohoSalesReceipts()
    : ZohoDocumentCalls<ZohoSalesReceipt>(new("sales_receipt", "sales_receipts", "receipt_number", "Sales Receipt", "SR-") { Path = "salesreceipts" })
{
    public static readonly ZohoSalesReceipts Calls = new();

    public override ZohoDocuments<ZohoSalesReceipt> In(ZohoOrganisation organisation) => organisation.SalesReceipts;

    protected override IReadOnlyList<ZohoCustomField> Defined(ZohoOrganisation organisation) => organisation.SalesreceiptCustomFields;

    protected override ZohoSalesReceipt Read(ZohoCall call, ZohoFields fields, ZohoSalesReceipt? before, string number)
    {
        var kept = call.Organisation.Settings.SalesreceiptExtras ? fields : fields.Without("discount", "reference_number", "shipping_charge", "adjustment");
        before ??= new ZohoSalesReceipt { SalesReceiptId = call.Organisation.NewId(), CreatedTime = call.Now, Status = "paid" };
        return ZohoDocumentReading.Read(call, kept, before, Defined(call.Organisation)) with
        {
            ReceiptNumber = number,
            PaymentMode = ZohoPayments.Mode(call, fields) ?? ZohoDocumentReading.Or(before.PaymentMode) ?? throw ZohoRefusal.Missing("payment_mode"),
        };
    }
}

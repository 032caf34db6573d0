namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Invoices, by themselves or of a sales order. rules.md, "Invoices".</summary>
internal sealed class ZohoInvoices() : ZohoDocumentCalls<ZohoInvoice>(new("invoice", "invoices", "invoice_number", "Invoice", "INV-"))
{
    public static readonly ZohoInvoices Calls = new();

    /// <summary>POST /invoices/fromsalesorder?salesorder_id=, Books only: all that is not invoiced yet.</summary>
    public ErpAnswer FromSalesOrder(ZohoCall call)
    {
        var order = call.Organisation.SalesOrders.Find(call.Request.Query["salesorder_id"].ToString()) ?? throw ZohoRefusal.NoSuch("Sales Order");
        return Create(call with { Request = call.Request with { Body = ZohoOrderInvoicing.Body(order) } });
    }

    /// <summary>POST /invoices/{id}/status/sent: answers the same when it already is.</summary>
    public ErpAnswer Send(ZohoCall call)
    {
        var before = Existing(call);
        if (before.Status == "void")
            throw new ZohoRefusal(400, 2, "A void invoice cannot be sent.");
        if (before.Status == "draft")
            Keep(call, before, before with { Status = "sent", LastModifiedTime = call.Now });
        return ZohoAnswer.Ok("Invoice status has been changed to Sent.");
    }

    /// <summary>POST /invoices/{id}/status/void: what was paid for it becomes the customer's credit.</summary>
    public ErpAnswer Void(ZohoCall call)
    {
        var before = Existing(call);
        if (before.Status == "void")
            return ZohoAnswer.Ok("Invoice status has been changed to Void.");
        ZohoPayments.Release(call, before);
        var now = Existing(call);
        Keep(call, now, now with { Status = "void", Balance = 0, LastModifiedTime = call.Now });
        return ZohoAnswer.Ok("Invoice status has been changed to Void.");
    }

    /// <summary>POST /invoices/{id}/status/draft: a void invoice becomes a draft again.</summary>
    public ErpAnswer Draft(ZohoCall call)
    {
        var before = Existing(call);
        if (before.Status != "void")
            throw new ZohoRefusal(400, 2, "Only a void invoice can be made a draft.");
        ZohoOrderInvoicing.Check(call, before);
        Keep(call, before, before with { Status = "draft", Balance = before.Total, LastModifiedTime = call.Now });
        return ZohoAnswer.Ok("Invoice status has been changed to Draft.");
    }

    /// <summary>Keeps an invoice with what follows for its order and for stock.</summary>
    public static void Kept(ZohoCall call, ZohoInvoice? before, ZohoInvoice after)
    {
        call.Organisation.Put(after);
        ZohoOrderInvoicing.Tell(call, before, after);
        ZohoStock.Issue(call, before, after);
    }

    public override ZohoDocuments<ZohoInvoice> In(ZohoOrganisation organisation) => organisation.Invoices;

    protected override IReadOnlyList<ZohoCustomField> Defined(ZohoOrganisation organisation) => organisation.InvoiceCustomFields;

    protected override ZohoInvoice Read(ZohoCall call, ZohoFields fields, ZohoInvoice? before, string number)
    {
        if (before is { Status: "void" })
            throw new ZohoRefusal(400, 2, "A void invoice cannot be changed.");
        var sent = before is null && call.Request.Query["send"] == "true";
        before ??= new ZohoInvoice { InvoiceId = call.Organisation.NewId(), CreatedTime = call.Now, Status = sent ? "sent" : "draft" };
        var read = ZohoDocumentReading.Read(call, fields, before, Defined(call.Organisation)) with
        {
            InvoiceNumber = number,
            DueDate = fields.Date("due_date") ?? before.DueDate,
            PaymentTerms = fields.Integer("payment_terms") ?? before.PaymentTerms,
            PaymentTermsLabel = fields.Text("payment_terms_label", 200) ?? before.PaymentTermsLabel,
        };
        if (read.Total < before.PaymentMade)
            throw new ZohoRefusal(400, 2, "The total of an invoice cannot be less than what was paid for it.");
        var linked = ZohoOrderInvoicing.Check(call, ZohoOrderInvoicing.Link(call, read)) with { DueDate = read.DueDate.Length > 0 ? read.DueDate : read.Date };
        return linked.Paid(before.PaymentMade, call.Now);
    }

    protected override void Keep(ZohoCall call, ZohoInvoice? before, ZohoInvoice after) => Kept(call, before, after);

    protected override string? WhyKept(ZohoCall call, ZohoInvoice document) =>
        document.PaymentMade > 0 ? "An invoice that has payments applied cannot be deleted." : null;

    protected override void Gone(ZohoCall call, ZohoInvoice document)
    {
        ZohoOrderInvoicing.Tell(call, document, null);
        ZohoStock.Issue(call, document, null);
    }
}

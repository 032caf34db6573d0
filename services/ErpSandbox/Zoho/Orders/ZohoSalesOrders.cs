namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Sales orders: confirm, open, void, submit, approve. rules.md, "Sales orders".</summary>
internal sealed class ZohoSalesOrders() : ZohoDocumentCalls<ZohoSalesOrder>(new("salesorder", "salesorders", "salesorder_number", "Sales Order", "SO-"))
{
    private const int MostAtOnce = 25;
    private const int ReasonMost = 500;

    public static readonly ZohoSalesOrders Calls = new();

    /// <summary>POST /salesorders/{id}/status/confirmed (Inventory) and …/open (Books): answers the same when it already is.</summary>
    public ErpAnswer Confirm(ZohoCall call)
    {
        Confirm(call, Existing(call));
        return ZohoAnswer.Ok($"Sales Order status has been changed to {(call.Flavour == ZohoFlavour.Books ? "Open" : "Confirmed")}.");
    }

    /// <summary>POST /salesorders/status/confirmed?salesorder_ids=: each has an answer of its own.</summary>
    public ErpAnswer ConfirmMany(ZohoCall call)
    {
        var ids = call.Request.Query["salesorder_ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ids.Length is 0 or > MostAtOnce)
            throw ZohoRefusal.Invalid("salesorder_ids");
        return ZohoAnswer.Ok("success", "salesorders", ids.Select(id =>
        {
            try
            {
                Confirm(call, In(call.Organisation).Find(id) ?? throw ZohoRefusal.NoSuch(Names.Title));
                return new { SalesorderId = id, Code = 0, Message = "success" };
            }
            catch (ZohoRefusal refusal)
            {
                return new { SalesorderId = id, refusal.Code, refusal.Message };
            }
        }).ToList());
    }

    /// <summary>POST /salesorders/{id}/status/void: answers the same when it already is; the body may give a reason.</summary>
    public ErpAnswer Void(ZohoCall call)
    {
        var before = Existing(call);
        var reason = call.Request.Body.Length > 0 ? ZohoFields.Parse(call.Request).Text("reason", ReasonMost) : null;
        if (before.Invoices.Any(invoice => invoice.Status != "void"))
            throw new ZohoRefusal(400, 2, "A sales order that has been invoiced cannot be voided.");
        if (before.Status != "void")
            Keep(call, before, before with { Status = "void", ReasonForVoid = reason ?? "", LastModifiedTime = call.Now });
        return ZohoAnswer.Ok("Sales Order status has been changed to Void.");
    }

    /// <summary>POST /salesorders/{id}/submit, in organisations that approve orders.</summary>
    public ErpAnswer Submit(ZohoCall call) => Approval(call, "draft", "pending_approval", "submitted for approval");

    /// <summary>POST /salesorders/{id}/approve</summary>
    public ErpAnswer Approve(ZohoCall call) => Approval(call, "pending_approval", "approved", "approved");

    /// <summary>PUT /salesorders/{id}/address/{billing|shipping}, Books only: the order's own address, not the contact's.</summary>
    public ErpAnswer Address(ZohoCall call)
    {
        var (before, address) = (Existing(call), ZohoReading.Address(ZohoFields.Parse(call.Request), ""));
        call.Organisation.Put(call.Request.Path.EndsWith("shipping", StringComparison.Ordinal)
            ? before with { ShippingAddressId = "", ShippingAddress = address, LastModifiedTime = call.Now }
            : before with { BillingAddressId = "", BillingAddress = address, LastModifiedTime = call.Now });
        return ZohoAnswer.Ok("Address has been updated.");
    }

    public override ZohoDocuments<ZohoSalesOrder> In(ZohoOrganisation organisation) => organisation.SalesOrders;

    protected override IReadOnlyList<ZohoCustomField> Defined(ZohoOrganisation organisation) => organisation.SalesorderCustomFields;

    protected override ZohoSalesOrder Read(ZohoCall call, ZohoFields fields, ZohoSalesOrder? before, string number)
    {
        if (before is { Status: "void" })
            throw new ZohoRefusal(400, 2, "A void sales order cannot be changed.");
        if (before?.Invoices.Any(invoice => invoice.Status != "void") == true && fields.Has("line_items"))
            throw new ZohoRefusal(400, 2, "The lines of a sales order that has been invoiced cannot be changed.");
        before ??= new ZohoSalesOrder { SalesorderId = call.Organisation.NewId(), CreatedTime = call.Now };
        return ZohoDocumentReading.Read(call, fields, before, Defined(call.Organisation)) with
        {
            SalesorderNumber = number,
            ShipmentDate = fields.Date("shipment_date") ?? before.ShipmentDate,
            DeliveryMethod = fields.Text("delivery_method", 100) ?? before.DeliveryMethod,
        };
    }

    protected override string? WhyKept(ZohoCall call, ZohoSalesOrder document) =>
        document.Invoices.Any(invoice => invoice.Status != "void") ? "A sales order that has been invoiced cannot be deleted." : null;

    protected override bool FiltersMore(ZohoFlavour flavour) => flavour == ZohoFlavour.Books;

    private static void Confirm(ZohoCall call, ZohoSalesOrder before)
    {
        if (before.Status == "void")
            throw new ZohoRefusal(400, 2, "A void sales order cannot be confirmed.");
        if (before.Status is "draft" or "pending_approval" && call.Organisation.Settings.OrdersNeedApproval)
            throw new ZohoRefusal(400, 2, "The sales order must be approved first.");
        if (before.Status is "draft" or "approved" or "onhold")
            call.Organisation.Put(before with { Status = "confirmed", LastModifiedTime = call.Now });
    }

    private ErpAnswer Approval(ZohoCall call, string from, string to, string said)
    {
        var before = Existing(call);
        if (before.Status != from || !call.Organisation.Settings.OrdersNeedApproval)
            throw new ZohoRefusal(400, 2, $"The sales order cannot be {said}.");
        call.Organisation.Put(before with { Status = to, LastModifiedTime = call.Now });
        return ZohoAnswer.Ok($"The Sales Order has been {said}.");
    }
}

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Sales orders: find, create, change, confirm, void. rules.md, "Sales orders".</summary>
internal static class ZohoSalesOrders
{
    /// <summary>GET /salesorders</summary>
    public static ErpAnswer Find(ZohoCall call)
    {
        var (search, organisation) = (call.Search, call.Organisation);
        IEnumerable<ZohoSalesOrder> rows =
            search["salesorder_number"] is { } number ? organisation.SalesOrdersByNumber(number)
            : search["reference_number"] is { } reference ? organisation.SalesOrdersByReference(reference)
            : organisation.SalesOrders;
        rows = rows.Where(order => search.Passes("salesorder_number", order.SalesorderNumber) && search.Passes("reference_number", order.ReferenceNumber));
        return ZohoAnswer.List("salesorders", search.Page(rows, order => order.Row()));
    }

    /// <summary>GET /salesorders/{id}</summary>
    public static ErpAnswer Get(ZohoCall call) => ZohoAnswer.Ok("success", "salesorder", Existing(call));

    /// <summary>POST /salesorders</summary>
    public static ErpAnswer Create(ZohoCall call)
    {
        var fields = ZohoFields.Parse(call.Request);
        var order = ZohoOrderReading.Read(call, fields, new ZohoSalesOrder { SalesorderId = call.Organisation.NewId(), CreatedTime = call.Now });
        call.Organisation.Put(order);
        return ZohoAnswer.Ok("Sales Order has been created.", "salesorder", order, 201);
    }

    /// <summary>PUT /salesorders/{id}</summary>
    public static ErpAnswer Update(ZohoCall call)
    {
        var fields = ZohoFields.Parse(call.Request);
        var before = Existing(call);
        if (before.Status == "void")
            throw new ZohoRefusal(400, 2, "A void sales order cannot be changed.");
        var order = ZohoOrderReading.Read(call, fields, before);
        call.Organisation.Put(order);
        return ZohoAnswer.Ok("Sales Order has been updated.", "salesorder", order);
    }

    /// <summary>PUT /salesorder/{id}/customfields: the path is singular.</summary>
    public static ErpAnswer UpdateCustomFields(ZohoCall call)
    {
        var fields = ZohoFields.Parse(call.Request);
        var before = Existing(call);
        call.Organisation.Put(before with
        {
            CustomFields = ZohoReading.CustomFields(fields, call.Organisation.SalesorderCustomFields, before.CustomFields),
            LastModifiedTime = call.Now,
        });
        return ZohoAnswer.Ok("Custom Fields have been updated.");
    }

    /// <summary>POST /salesorders/{id}/status/confirmed: answers the same when it already is.</summary>
    public static ErpAnswer Confirm(ZohoCall call)
    {
        var before = Existing(call);
        if (before.Status == "void")
            throw new ZohoRefusal(400, 2, "A void sales order cannot be confirmed.");
        SetStatus(call, before, "confirmed");
        return ZohoAnswer.Ok("Sales Order status has been changed to Confirmed.");
    }

    /// <summary>POST /salesorders/{id}/status/void: answers the same when it already is.</summary>
    public static ErpAnswer Void(ZohoCall call)
    {
        SetStatus(call, Existing(call), "void");
        return ZohoAnswer.Ok("Sales Order status has been changed to Void.");
    }

    private static void SetStatus(ZohoCall call, ZohoSalesOrder before, string status)
    {
        if (before.Status != status)
            call.Organisation.Put(before with { Status = status, LastModifiedTime = call.Now });
    }

    private static ZohoSalesOrder Existing(ZohoCall call) =>
        call.Organisation.SalesOrder(call.Id) ?? throw ZohoRefusal.NoSuch("Sales order", 404);
}

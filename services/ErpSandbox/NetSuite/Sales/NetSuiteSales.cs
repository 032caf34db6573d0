using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Sales orders, estimates, invoices and cash sales. rules.md, "Documents".</summary>
internal static class NetSuiteSales
{
    private static readonly NetSuiteField[] Fields =
    [
        .. NetSuiteField.Text("externalId", "tranId", "otherRefNum", "memo", "message", "email"), .. NetSuiteField.Day("tranDate", "shipDate", "dueDate"),
        .. NetSuiteField.Figure("exchangeRate", "shippingCost"), .. NetSuiteField.Flag("taxDetailsOverride"), new NetSuiteField("discountRate", NetSuiteForm.Rate),
        .. NetSuiteField.Own(NetSuiteForm.Figure, "subtotal", "discountTotal", "taxTotal", "total"), .. NetSuiteField.Own(NetSuiteForm.Text, "lastModifiedDate", "dateCreated"),
        .. NetSuiteField.Own(NetSuiteForm.Reference, "status"),
        NetSuiteField.Ref("entity", "customer"), NetSuiteField.Ref("salesRep", "employee"), NetSuiteField.Ref("terms", "term"), NetSuiteField.Ref("currency", "currency"),
        NetSuiteField.Ref("subsidiary", "subsidiary"), NetSuiteField.Ref("location", "location"), NetSuiteField.Ref("department", "department"), NetSuiteField.Ref("class", "classification"),
        NetSuiteField.Ref("discountItem", "discountItem"), NetSuiteField.Ref("shipMethod", "shipItem"),
        NetSuiteField.Part("shippingAddress", NetSuiteCustomers.Address), NetSuiteField.Part("billingAddress", NetSuiteCustomers.Address),
        NetSuiteField.List("salesTeam", [NetSuiteField.Ref("employee", "employee")]),
        NetSuiteField.List("item",
        [
            NetSuiteField.Ref("item", [.. NetSuiteItems.Kinds]), NetSuiteField.Ref("price", "priceLevel"), NetSuiteField.Ref("taxCode", "salesTaxItem"), NetSuiteField.Ref("units"),
            NetSuiteField.Ref("location", "location"), NetSuiteField.Ref("department", "department"), NetSuiteField.Ref("class", "classification"),
            .. NetSuiteField.Figure("quantity", "amount", "line", "lineUniqueKey"), new NetSuiteField("rate", NetSuiteForm.Rate), .. NetSuiteField.Text("description"), .. NetSuiteField.Flag("isClosed"),
            .. NetSuiteField.Own(NetSuiteForm.Figure, "quantityFulfilled", "quantityBilled"),
        ], "custcol_"),
        NetSuiteField.List("taxDetails", [NetSuiteField.Ref("taxType", "taxType"), NetSuiteField.Ref("taxCode", "salesTaxItem"), .. NetSuiteField.Figure("taxBasis", "taxRate", "taxAmount")]),
    ];

    public static IReadOnlyList<NetSuiteType> All { get; } =
    [
        new("salesOrder", [.. Fields, NetSuiteField.Ref("orderStatus")], Write) { Transaction = "SalesOrd", Delete = NetSuiteStates.Independent },
        new("estimate", Fields, Write) { Transaction = "Estimate" },
        new("invoice", [.. Fields, .. NetSuiteField.Own(NetSuiteForm.Reference, "createdFrom"), .. NetSuiteField.Own(NetSuiteForm.Figure, "amountRemaining")], Write)
        {
            Transaction = "CustInvc", Delete = (call, row) => { NetSuiteStates.Independent(call, row); NetSuiteStock.Move(call, null, row); NetSuiteStates.Unbilled(call, row); },
        },
        new("cashSale", [.. Fields, .. NetSuiteField.Own(NetSuiteForm.Reference, "createdFrom"), new NetSuiteField("undepFunds", NetSuiteForm.Either), NetSuiteField.Ref("paymentOption", "paymentOption")], Write)
        {
            Transaction = "CashSale", Delete = (call, row) => { NetSuiteStock.Move(call, null, row); NetSuiteStates.Unbilled(call, row); },
        },
    ];

    private static void Write(NetSuiteCall call, JsonRecord record)
    {
        var row = record.Row;
        if (row.RefId("entity") is not { } customerId)
            throw NetSuiteRefusal.Missing("entity", "entity");
        var customer = call.Account.Find("customer", customerId)!;
        Headed(call, record, customer);
        Lines(call, row);
        new NetSuiteArithmetic(call, row, customer).Reckon(record.Sent);
        if (record.Type.Name is "invoice" or "cashSale")
            NetSuiteStock.Move(call, row, record.Before);
        NetSuiteStates.Set(call, record.Type.Name, row);
    }

    /// <summary>What every transaction has: date, number, currency, subsidiary.</summary>
    public static void Headed(NetSuiteCall call, JsonRecord record, JsonObject customer)
    {
        var row = record.Row;
        row["tranDate"] ??= NetSuiteJson.Day(call.Now.ToOffset(call.Settings.UtcOffset));
        foreach (var field in new[] { "currency", "subsidiary" })
        {
            row[field] ??= customer[field]?.DeepClone();
            if (row.RefId(field) != customer.RefId(field))
                throw NetSuiteRefusal.Value(row.RefId(field), field, field);
        }

        if (!call.Settings.TranIdOverride || row.Text("tranId") is not { Length: > 0 })
            row["tranId"] = record.Before.Text("tranId") ?? Next(call, record.Type.Name);
        if (call.Settings.UniqueTranIds && call.Account.All(record.Type.Name).Any(other => other.Text("id") != row.Text("id") && other.Text("tranId") == row.Text("tranId")))
            throw NetSuiteRefusal.User("This transaction already exists", "tranId");
    }

    private static string Next(NetSuiteCall call, string type)
    {
        var taken = call.Account.All(type).Select(row => row.Text("tranId")).ToHashSet();
        var number = taken.Count;
        string next;
        do
            next = $"{Prefix(type)}{++number}";
        while (taken.Contains(next));
        return next;
    }

    private static string Prefix(string type) => type switch
    {
        "salesOrder" => "SO", "estimate" => "EST", "invoice" => "INV", "cashSale" => "CS", "customerDeposit" => "CD", _ => "PYMT",
    };

    private static void Lines(NetSuiteCall call, JsonObject row)
    {
        var lines = row.Items("item").ToList();
        if (lines.Count == 0)
            throw NetSuiteRefusal.User("You must enter at least one line item for this transaction", "item");
        var key = lines.Max(line => line.Figure("lineUniqueKey") ?? 0);
        for (var number = 0; number < lines.Count; number++)
        {
            var line = lines[number];
            if (line.RefId("item") is null)
                throw NetSuiteRefusal.Missing("item", $"item.items[{number}].item");
            if (line.RefId("taxCode") is not null && !call.Settings.LineTaxCodes)
                throw NetSuiteRefusal.User("The tax code of a line cannot be set where SuiteTax works taxes out", $"item.items[{number}].taxCode");
            line["line"] ??= number == 0 ? 1m : (lines.Take(number).Max(one => one.Figure("line")) ?? 0) + 1;
            line["lineUniqueKey"] ??= ++key;
            line["isClosed"] ??= false;
            line["quantityFulfilled"] ??= 0m;
            line["quantityBilled"] ??= 0m;
        }
    }
}

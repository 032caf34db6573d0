using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>The states of documents, and what follows from one document for another. rules.md, "States".</summary>
internal static class NetSuiteStates
{
    private const string From = "_from";

    /// <summary>Says which state a document is in.</summary>
    public static void Set(NetSuiteCall call, string type, JsonObject row)
    {
        switch (type)
        {
            case "salesOrder":
                var wanted = row.RefId("orderStatus") ?? call.Settings.DefaultOrderStatus;
                if (wanted is not ("A" or "B"))
                    throw NetSuiteRefusal.Value(wanted, "orderStatus", "orderStatus");
                var (id, name) = OrderState(row, wanted);
                row["status"] = NetSuiteJson.Ref(id, name);
                row["orderStatus"] = NetSuiteJson.Ref(wanted, wanted == "A" ? "Pending Approval" : "Pending Fulfillment");
                break;
            case "estimate":
                row["status"] = NetSuiteJson.Ref("A", "Open");
                break;
            case "invoice":
                row["amountRemaining"] = row.Figure("total") - Paid(call, row.Text("id"));
                row["status"] = row.Figure("amountRemaining") > 0 || row.Figure("total") == 0 ? NetSuiteJson.Ref("A", "Open") : NetSuiteJson.Ref("B", "Paid In Full");
                break;
            default:
                row["status"] = NetSuiteJson.Ref("C", "Deposited");
                break;
        }
    }

    /// <summary>Notes that a document was made of an order.</summary>
    public static void Billed(NetSuiteCall call, JsonObject document, JsonObject order)
    {
        document["createdFrom"] = NetSuiteJson.Ref(order.Text("id")!, order.Text("tranId"));
        document[From] = order.Text("id");
        var changed = (JsonObject)order.DeepClone();
        foreach (var line in changed.Items("item"))
            line["quantityBilled"] = line.Figure("quantity");
        Keep(call, changed);
    }

    /// <summary>The order of a document that goes is open again.</summary>
    public static void Unbilled(NetSuiteCall call, JsonObject document)
    {
        if (call.Account.Find("salesOrder", document.Text(From)) is not { } order)
            return;
        var changed = (JsonObject)order.DeepClone();
        foreach (var line in changed.Items("item"))
            line["quantityBilled"] = 0m;
        Keep(call, changed);
    }

    /// <summary>Goods of an order have left: all that is ordered, or a part.</summary>
    public static void Fulfilled(NetSuiteCall call, JsonObject order, decimal share)
    {
        var changed = (JsonObject)order.DeepClone();
        foreach (var line in changed.Items("item"))
            line["quantityFulfilled"] = line.Figure("quantity") * share;
        Keep(call, changed);
    }

    /// <summary>Refuses to let a document go of which others were made.</summary>
    public static void Independent(NetSuiteCall call, JsonObject row)
    {
        var id = row.Text("id");
        if (NetSuiteSales.All.SelectMany(type => call.Account.All(type.Name)).Any(one => one.Text(From) == id)
            || call.Account.All("customerDeposit").Any(one => one.RefId("salesOrder") == id) || Paid(call, id) != 0)
            throw NetSuiteRefusal.User("This record cannot be deleted because it has dependent records");
    }

    /// <summary>What was paid of an invoice, a payment left out.</summary>
    public static decimal Paid(NetSuiteCall call, string? invoice, string? without = null) => invoice is null ? 0 : call.Account.All("customerPayment")
        .Where(payment => payment.Text("id") != without).SelectMany(payment => payment.Items("apply"))
        .Where(line => line.RefId("doc") == invoice && line.Is("apply")).Sum(line => line.Figure("amount") ?? 0);

    private static void Keep(NetSuiteCall call, JsonObject order)
    {
        Set(call, "salesOrder", order);
        call.Account.Put("salesOrder", order, call.Now);
    }

    private static (string Id, string Name) OrderState(JsonObject row, string wanted)
    {
        var lines = row.Items("item").Where(line => line.Figure("quantity") is not null).ToList();
        if (lines.Count > 0 && lines.All(line => line.Is("isClosed")))
            return ("H", "Closed");
        var open = lines.Where(line => !line.Is("isClosed")).ToList();
        return open.All(line => line.Figure("quantityBilled") >= line.Figure("quantity")) ? ("G", "Billed")
            : open.All(line => line.Figure("quantityFulfilled") >= line.Figure("quantity")) ? ("F", "Pending Billing")
            : open.Any(line => line.Figure("quantityFulfilled") > 0) ? ("D", "Partially Fulfilled")
            : wanted == "A" ? ("A", "Pending Approval") : ("B", "Pending Fulfillment");
    }
}

/// <summary>What a sale takes from the stock. rules.md, "Items".</summary>
internal static class NetSuiteStock
{
    /// <summary>The kind of row that holds the stock of an item at a location.</summary>
    public const string Kind = "_stock";

    /// <summary>Takes what a document sells, and gives back what it sold before.</summary>
    public static void Move(NetSuiteCall call, JsonObject? now, JsonObject? before)
    {
        foreach (var (document, sign) in new[] { (before, 1), (now, -1) })
        {
            foreach (var line in document.Items("item").Where(line => line.Figure("quantity") is not null))
            {
                var place = line.RefId("location") ?? document.RefId("location");
                var held = call.Account.All(Kind).FirstOrDefault(row => row.RefId("item") == line.RefId("item") && (place is null || row.RefId("location") == place));
                if (held is not null)
                    Put(call, held, (held.Figure("quantityonhand") ?? 0) + sign * (line.Figure("quantity") ?? 0));
            }
        }
    }

    private static void Put(NetSuiteCall call, JsonObject held, decimal quantity)
    {
        var changed = (JsonObject)held.DeepClone();
        changed["quantityonhand"] = quantity;
        changed["quantityavailable"] = quantity;
        call.Account.Put(Kind, changed, call.Now);
        if (call.Settings.StockChangesItem && call.Account.Find("inventoryItem", held.RefId("item")) is { } item)
            call.Account.Put("inventoryItem", (JsonObject)item.DeepClone(), call.Now);
    }
}

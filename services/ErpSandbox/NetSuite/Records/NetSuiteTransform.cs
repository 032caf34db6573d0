using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Makes one record of another. rules.md, "Transforms".</summary>
internal static class NetSuiteTransform
{
    /// <summary>POST /record/v1/{type}/{id}/!transform/{target}</summary>
    public static ErpAnswer Run(NetSuiteCall call)
    {
        var from = NetSuiteRecords.Known(call);
        var target = NetSuiteTypes.Find(call.Request.Route["target"]);
        var source = NetSuiteRecords.Named(call, from, byExternalId: true);
        if (target is null)
            throw NetSuiteRefusal.NotThere($"There is no record {call.Request.Route["target"]}.");
        call.Permitted(target.Name);
        var sent = new NetSuiteReading(call).Read(target, call.Body());
        if (sent.Text("externalId") is { } name && call.Account.FindExternal(target.Name, name) is not null)
            throw NetSuiteRefusal.User("This record already exists");
        return (from.Name, target.Name) switch
        {
            ("salesOrder", "invoice" or "cashSale") => NetSuiteRecords.At(call, target, OfOrder(call, target, source, sent)),
            ("customer", "customerPayment") => NetSuiteRecords.At(call, target, OfCustomer(call, target, source, sent)),
            _ => throw NetSuiteRefusal.User($"A {from.Name} cannot be transformed into a {target.Name}"),
        };
    }

    private static JsonObject OfOrder(NetSuiteCall call, NetSuiteType target, JsonObject order, JsonObject sent)
    {
        if (order.RefId("status") is "A" or "G" or "H")
            throw NetSuiteRefusal.User($"An order that is {order["status"].Text("refName")} cannot be transformed");
        foreach (var field in target.Fields.Where(field => !field.ReadOnly && field.Name is not ("externalId" or "tranId" or "tranDate" or "taxDetails" or "taxDetailsOverride") && !sent.ContainsKey(field.Name)))
        {
            if (order[field.Name] is { } value)
                sent[field.Name] = value.DeepClone();
        }

        foreach (var line in sent.Items("item"))
        {
            // Each line keeps its price; only what is its own of the order stays there.
            foreach (var own in new[] { "quantityFulfilled", "quantityBilled", "isClosed" })
                line.Remove(own);
        }

        var made = NetSuiteRecords.Save(call, target, null, sent, replaceAll: true);
        NetSuiteStates.Billed(call, made, order);
        return call.Account.Put(target.Name, made, call.Now);
    }

    private static JsonObject OfCustomer(NetSuiteCall call, NetSuiteType target, JsonObject customer, JsonObject sent)
    {
        sent["customer"] = NetSuiteJson.Ref(customer.Text("id")!, customer.Text("entityId"));
        return NetSuiteRecords.Save(call, target, null, sent, replaceAll: true);
    }
}

using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Deposits for orders and payments of invoices. rules.md, "Payments".</summary>
internal static class NetSuitePayments
{
    private static readonly NetSuiteField[] Fields =
    [
        .. NetSuiteField.Text("externalId", "tranId", "memo"), .. NetSuiteField.Day("tranDate"), .. NetSuiteField.Figure("payment", "exchangeRate"), new NetSuiteField("undepFunds", NetSuiteForm.Either),
        .. NetSuiteField.Own(NetSuiteForm.Text, "lastModifiedDate", "dateCreated"), .. NetSuiteField.Own(NetSuiteForm.Reference, "status"),
        NetSuiteField.Ref("customer", "customer"), NetSuiteField.Ref("currency", "currency"), NetSuiteField.Ref("subsidiary", "subsidiary"), NetSuiteField.Ref("paymentOption", "paymentOption"),
        NetSuiteField.Ref("location", "location"), NetSuiteField.Ref("department", "department"), NetSuiteField.Ref("class", "classification"),
    ];

    public static IReadOnlyList<NetSuiteType> All { get; } =
    [
        new("customerDeposit", [.. Fields, NetSuiteField.Ref("salesOrder", "salesOrder")], Deposit) { Transaction = "CustDep" },
        new("customerPayment",
        [
            .. Fields, .. NetSuiteField.Flag("autoApply"), .. NetSuiteField.Own(NetSuiteForm.Figure, "applied", "unapplied"),
            NetSuiteField.List("apply", [NetSuiteField.Ref("doc", "invoice"), .. NetSuiteField.Flag("apply"), .. NetSuiteField.Figure("amount", "line")]),
        ], Payment) { Transaction = "CustPymt", Delete = Unapply },
    ];

    private static void Deposit(NetSuiteCall call, JsonRecord record)
    {
        Received(call, record);
        if (call.Account.Find("salesOrder", record.Row.RefId("salesOrder")) is { } order && order.RefId("entity") != record.Row.RefId("customer"))
            throw NetSuiteRefusal.Value(order.Text("id"), "salesOrder", "salesOrder");
        record.Row["status"] = NetSuiteJson.Ref("A", "Not Deposited");
    }

    private static void Payment(NetSuiteCall call, JsonRecord record)
    {
        var row = record.Row;
        Received(call, record);
        if (row.Is("autoApply"))
            Spread(call, row);
        var applied = 0m;
        var number = 0;
        foreach (var line in row.Items("apply"))
        {
            var at = $"apply.items[{number++}]";
            if (line.RefId("doc") is not { } id || call.Account.Find("invoice", id) is not { } invoice || invoice.RefId("entity") != row.RefId("customer"))
                throw NetSuiteRefusal.Value(line.RefId("doc"), "doc", $"{at}.doc");
            line["apply"] ??= true;
            if (!line.Is("apply"))
                continue;
            var open = (invoice.Figure("total") ?? 0) - NetSuiteStates.Paid(call, id, row.Text("id"));
            line["amount"] ??= Math.Min(open, (row.Figure("payment") ?? 0) - applied);
            if (line.Figure("amount") is not > 0 || line.Figure("amount") > open)
                throw NetSuiteRefusal.Value(line.Text("amount"), "amount", $"{at}.amount");
            applied += line.Figure("amount")!.Value;
        }

        if (applied > row.Figure("payment"))
            throw NetSuiteRefusal.User("The amount applied exceeds the payment", "payment");
        (row["applied"], row["unapplied"]) = (applied, row.Figure("payment") - applied);
        row["status"] = NetSuiteJson.Ref("A", "Not Deposited");
        // It is kept before what it pays is worked out again.
        call.Account.Put("customerPayment", row, call.Now);
        foreach (var id in row.Items("apply").Concat(record.Before.Items("apply")).Select(line => line.RefId("doc")).Distinct().ToList())
            Again(call, id);
    }

    private static void Unapply(NetSuiteCall call, JsonObject row)
    {
        call.Account.Put("customerPayment", new JsonObject { ["id"] = row.Text("id") }, call.Now);
        foreach (var line in row.Items("apply"))
            Again(call, line.RefId("doc"));
    }

    private static void Received(NetSuiteCall call, JsonRecord record)
    {
        var row = record.Row;
        if (row.RefId("customer") is not { } customer)
            throw NetSuiteRefusal.Missing("customer", "customer");
        if (row.Figure("payment") is not { } amount)
            throw NetSuiteRefusal.Missing("payment", "payment");
        if (amount <= 0)
            throw NetSuiteRefusal.Value(row.Text("payment"), "payment", "payment");
        NetSuiteSales.Headed(call, record, call.Account.Find("customer", customer)!);
    }

    // The oldest invoice first.
    private static void Spread(NetSuiteCall call, JsonObject row)
    {
        var left = row.Figure("payment") ?? 0;
        var lines = new List<JsonObject>();
        foreach (var invoice in call.Account.All("invoice").Where(one => one.RefId("entity") == row.RefId("customer")).OrderBy(one => one.Text("tranDate"), StringComparer.Ordinal))
        {
            var part = Math.Min(left, (invoice.Figure("total") ?? 0) - NetSuiteStates.Paid(call, invoice.Text("id"), row.Text("id")));
            if (part <= 0)
                continue;
            lines.Add(new JsonObject { ["doc"] = NetSuiteJson.Ref(invoice.Text("id")!, invoice.Text("tranId")), ["apply"] = true, ["amount"] = part });
            left -= part;
        }

        row["apply"] = NetSuiteJson.List(lines);
    }

    private static void Again(NetSuiteCall call, string? id)
    {
        if (call.Account.Find("invoice", id) is not { } invoice)
            return;
        var changed = (JsonObject)invoice.DeepClone();
        NetSuiteStates.Set(call, "invoice", changed);
        call.Account.Put("invoice", changed, call.Now);
    }
}

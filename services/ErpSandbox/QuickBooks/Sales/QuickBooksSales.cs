using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>Estimates, invoices and sales receipts. rules.md, "Documents".</summary>
internal static class QuickBooksSales
{
    private const int NumberLength = 21;
    private const int MostLines = 750;
    private static readonly string[] States = ["Pending", "Accepted", "Closed", "Rejected", "Converted"];
    private static readonly string[] LineTypes = ["SalesItemLineDetail", "DiscountLineDetail", "DescriptionOnly", "GroupLineDetail", "SubTotalLineDetail"];

    private static readonly string[] Common =
    [
        "CustomerRef", "Line", "CurrencyRef", "ExchangeRate", "GlobalTaxCalculation", "DocNumber", "TxnDate", "DueDate", "ShipDate", "SalesTermRef", "CustomerMemo", "PrivateNote", "BillEmail",
        "EmailStatus", "BillAddr", "ShipAddr", "ShipFromAddr", "ClassRef", "DepartmentRef", "CustomField", "ApplyTaxAfterDiscount", "TxnTaxDetail", "LinkedTxn", "TotalAmt", "Balance", "PrintStatus",
    ];

    private static readonly IReadOnlySet<string> Filters = QuickBooksNames.Set(
        "Id", "DocNumber", "TxnDate", "CustomerRef", "DueDate", "TotalAmt", "Balance", "TxnStatus", "MetaData.LastUpdatedTime", "MetaData.CreateTime");

    public static IReadOnlyList<QuickBooksEntity> All { get; } =
    [
        new("Estimate", QuickBooksNames.Set([.. Common, "TxnStatus", "ExpirationDate", "AcceptedBy", "AcceptedDate"]), Filters, (call, row, before) => Write("Estimate", call, row, before)) { Delete = (_, _) => { } },
        new("Invoice", QuickBooksNames.Set([.. Common, "Deposit"]), Filters, (call, row, before) => Write("Invoice", call, row, before)) { Delete = (call, row) => Stock(call, null, row), Void = Void },
        new("SalesReceipt", QuickBooksNames.Set([.. Common, "PaymentMethodRef", "PaymentRefNum", "DepositToAccountRef"]), Filters, (call, row, before) => Write("SalesReceipt", call, row, before)) { Delete = (call, row) => Stock(call, null, row), Void = Void },
    ];

    private static void Write(string entity, QuickBooksCall call, JsonObject row, JsonObject? before)
    {
        var customer = QuickBooksRows.Named(call, "Customer", row, "CustomerRef");
        row["CustomerRef"] = QuickBooksJson.RefTo(customer.Text("Id")!, customer.Text("DisplayName"));
        Currency(call, row, customer);
        Texts(row);
        row["TxnDate"] ??= DateOnly.FromDateTime(call.Now.UtcDateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Open(call, row);
        if (before is not null)
            Open(call, before);
        Number(entity, call, row, before);
        if (entity == "Estimate")
        {
            row["TxnStatus"] ??= "Pending";
            if (!States.Contains(row.Text("TxnStatus")))
                throw new QuickBooksRefusal(400, "2170", "Invalid Enumeration", $"Invalid Enumeration : {row.Text("TxnStatus")}", "TxnStatus");
        }

        if (before is null || !JsonNode.DeepEquals(row["Line"], before["Line"]) || !JsonNode.DeepEquals(row["TxnTaxDetail"], before["TxnTaxDetail"]))
            Lines(call, row);
        if (entity == "Invoice")
            row["Balance"] = row.Figure("TotalAmt") - Paid(call, row.Text("Id"));
        if (entity != "Estimate")
            Stock(call, row, before);
        if (before is null)
            Link(entity, call, row);
    }

    private static void Lines(QuickBooksCall call, JsonObject row)
    {
        if (row["Line"] is not JsonArray lines || lines.Count == 0)
            throw QuickBooksRefusal.Missing("Line");
        // The caller's own subtotals are worked out again.
        foreach (var subtotal in row.Rows("Line").Where(line => line.Text("DetailType") == "SubTotalLineDetail").ToList())
            lines.Remove(subtotal);
        if (lines.Count > MostLines)
            throw QuickBooksRefusal.Business($"A taxable transaction has at most {MostLines} lines.");
        if (!call.Settings.IsUs && row.Text("GlobalTaxCalculation") is not ("TaxExcluded" or "TaxInclusive" or "NotApplicable"))
            throw QuickBooksRefusal.Missing("GlobalTaxCalculation");
        var number = 0;
        foreach (var line in row.Rows("Line"))
        {
            if (!LineTypes.Contains(line.Text("DetailType")))
                throw new QuickBooksRefusal(400, "2170", "Invalid Enumeration", $"Invalid Enumeration : {line.Text("DetailType")}", "Line.DetailType");
            QuickBooksRows.AtMost(line, "Description", 4000, "Line.Description");
            line["Id"] ??= (++number).ToString(CultureInfo.InvariantCulture);
            line["LineNum"] = Math.Max(number, 1);
            if (line.Text("DetailType") != "SalesItemLineDetail")
                continue;
            var item = QuickBooksRows.Named(call, "Item", line["SalesItemLineDetail"], "ItemRef");
            line["SalesItemLineDetail"]!["ItemRef"] = QuickBooksJson.RefTo(item.Text("Id")!, item.Text("Name"));
        }

        new QuickBooksArithmetic(call).Reckon(row);
    }

    // With custom numbers one that is given must be new; without one there is none. Otherwise QuickBooks numbers what has none.
    private static void Number(string entity, QuickBooksCall call, JsonObject row, JsonObject? before)
    {
        QuickBooksRows.AtMost(row, "DocNumber", NumberLength);
        var number = row.Text("DocNumber");
        if (number is null && !call.Settings.CustomTxnNumbers)
            row["DocNumber"] = before?.Text("DocNumber") ?? Next(entity, call);
        if (number is null || number == before?.Text("DocNumber") || !call.Settings.CustomTxnNumbers || !call.Settings.WarnDuplicateTxnNumbers
            || call.Request.Query["include"].ToString().Split(',').Contains("allowduplicatedocnum"))
            return;
        if (call.Company.All(entity).Any(other => string.Equals(other.Text("DocNumber"), number, StringComparison.OrdinalIgnoreCase)))
            throw new QuickBooksRefusal(400, "6140", "Duplicate Document Number Error", $"Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber={number} is assigned to TxnType={entity}");
    }

    private static string Next(string entity, QuickBooksCall call) =>
        (1001 + call.Company.All(entity).Count()).ToString(CultureInfo.InvariantCulture);

    private static void Currency(QuickBooksCall call, JsonObject row, JsonObject customer)
    {
        var own = customer.Ref("CurrencyRef") ?? call.Settings.HomeCurrency;
        if (call.Settings.MultiCurrency && row["CurrencyRef"] is null)
            throw QuickBooksRefusal.Missing("CurrencyRef");
        row["CurrencyRef"] ??= QuickBooksJson.RefTo(own);
        if (row.Ref("CurrencyRef") != own)
            throw QuickBooksRefusal.Business("The currency of the transaction is invalid for the customer.");
    }

    private static void Texts(JsonObject row)
    {
        QuickBooksRows.AtMost(row, "PrivateNote", 4000);
        QuickBooksRows.AtMost(row["CustomerMemo"], "value", 1000, "CustomerMemo");
        QuickBooksRows.AtMost(row, "PaymentRefNum", 21);
        QuickBooksNames.Address(row["BillAddr"], "BillAddr");
        QuickBooksNames.Address(row["ShipAddr"], "ShipAddr");
    }

    /// <summary>Refuses a day whose books are closed.</summary>
    public static void Open(QuickBooksCall call, JsonObject row)
    {
        if (call.Settings.BookCloseDate is { } closed && DateOnly.TryParseExact(row.Text("TxnDate"), "yyyy-MM-dd", out var day) && day <= closed)
            throw new QuickBooksRefusal(400, "6210", "Account Period Closed", "The account period has closed and the account books cannot be updated through through the QBO Services API.", "TxnDate");
    }

    private static decimal Paid(QuickBooksCall call, string? invoice) => invoice is null ? 0 : call.Company.All("Payment").SelectMany(payment => payment.Rows("Line"))
        .Where(line => line.Rows("LinkedTxn").Any(link => link.Text("TxnType") == "Invoice" && link.Text("TxnId") == invoice)).Sum(line => line.Figure("Amount") ?? 0);

    // An invoice made of an estimate closes it, and each names the other.
    private static void Link(string entity, QuickBooksCall call, JsonObject row)
    {
        foreach (var link in row.Rows("LinkedTxn").Where(link => entity == "Invoice" && link.Text("TxnType") == "Estimate"))
        {
            if (call.Company.Find("Estimate", link.Text("TxnId")) is not { } estimate || estimate.Text("TxnStatus") is not ("Pending" or "Accepted"))
                continue;
            row["Id"] ??= call.Company.Put("Invoice", row, call.Now).Text("Id");
            var closed = (JsonObject)estimate.DeepClone();
            closed["TxnStatus"] = "Closed";
            closed["LinkedTxn"] = new JsonArray(new JsonObject { ["TxnId"] = row.Text("Id"), ["TxnType"] = "Invoice" });
            call.Company.Put("Estimate", closed, call.Now);
        }
    }

    private static void Void(QuickBooksCall call, JsonObject row)
    {
        Open(call, row);
        Stock(call, null, row);
        foreach (var line in row.Rows("Line"))
        {
            line["Amount"] = 0;
            if (line["SalesItemLineDetail"] is JsonObject detail && detail.ContainsKey("UnitPrice"))
                (detail["UnitPrice"], detail["Qty"]) = (0, 0);
        }

        (row["TotalAmt"], row["Balance"]) = (0, 0);
        row["TxnTaxDetail"] = new JsonObject { ["TotalTax"] = 0 };
        row["PrivateNote"] = call.Settings.VoidNote == "prepend" && row.Text("PrivateNote") is { Length: > 0 } note ? $"Voided - {note}" : "Voided";
    }

    private static void Stock(QuickBooksCall call, JsonObject? now, JsonObject? before)
    {
        foreach (var (document, sign) in new[] { (before, 1), (now, -1) })
        {
            foreach (var line in document.Rows("Line").Where(line => line.Text("DetailType") == "SalesItemLineDetail"))
            {
                if (call.Company.Find("Item", line["SalesItemLineDetail"].Ref("ItemRef")) is not { } item || !item.Is("TrackQtyOnHand"))
                    continue;
                var moved = (JsonObject)item.DeepClone();
                moved["QtyOnHand"] = (item.Figure("QtyOnHand") ?? 0) + sign * (line["SalesItemLineDetail"].Figure("Qty") ?? 0);
                call.Company.Put("Item", moved, call.Now, changes: call.Settings.StockChangesItem);
            }
        }
    }
}

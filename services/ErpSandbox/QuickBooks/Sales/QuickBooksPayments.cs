using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>Money received, for invoices or on account. rules.md, "Payments".</summary>
internal static class QuickBooksPayments
{
    public static QuickBooksEntity Payment { get; } = new(
        "Payment", QuickBooksNames.Set("TotalAmt", "CustomerRef", "Line", "PaymentMethodRef", "PaymentRefNum", "DepositToAccountRef", "TxnDate", "PrivateNote", "CurrencyRef", "ExchangeRate", "UnappliedAmt", "LinkedTxn"),
        QuickBooksNames.Set("Id", "PaymentRefNum", "TxnDate", "CustomerRef", "TotalAmt", "MetaData.LastUpdatedTime", "MetaData.CreateTime"), Write)
    {
        Delete = (call, row) => Apply(call, row, -1),
        Void = (call, row) =>
        {
            Apply(call, row, -1);
            (row["TotalAmt"], row["UnappliedAmt"], row["Line"]) = (0, 0, new JsonArray());
            row["PrivateNote"] = "Voided";
        },
    };

    private static void Write(QuickBooksCall call, JsonObject row, JsonObject? before)
    {
        if (row.Figure("TotalAmt") is not { } total)
            throw QuickBooksRefusal.Missing("TotalAmt");
        var customer = QuickBooksRows.Named(call, "Customer", row, "CustomerRef");
        row["CustomerRef"] = QuickBooksJson.RefTo(customer.Text("Id")!, customer.Text("DisplayName"));
        if (row.Ref("CurrencyRef") is { } currency && currency != customer.Ref("CurrencyRef"))
            throw QuickBooksRefusal.Business("The currency of the transaction is invalid for the customer.");
        row["CurrencyRef"] ??= customer["CurrencyRef"]?.DeepClone();
        QuickBooksRows.AtMost(row, "PaymentRefNum", 21);
        QuickBooksRows.AtMost(row, "PrivateNote", 4000);
        row["TxnDate"] ??= DateOnly.FromDateTime(call.Now.UtcDateTime).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        QuickBooksSales.Open(call, row);
        if (before is not null)
            Apply(call, before, -1);
        var applied = 0m;
        foreach (var line in row.Rows("Line"))
        {
            var amount = line.Figure("Amount") ?? throw QuickBooksRefusal.Missing("Line.Amount");
            foreach (var link in line.Rows("LinkedTxn"))
            {
                if (link.Text("TxnType") != "Invoice")
                    throw new QuickBooksRefusal(400, "620", "Transaction can't be linked", $"A payment cannot be linked to a {link.Text("TxnType")}.");
                var invoice = call.Company.Find("Invoice", link.Text("TxnId")) ?? throw QuickBooksRefusal.NotFound($"Invoice {link.Text("TxnId")}");
                if (invoice.Ref("CustomerRef") != customer.Text("Id"))
                    continue;
                if (amount > (invoice.Figure("Balance") ?? 0))
                    throw new QuickBooksRefusal(400, "620", "Transaction can't be linked", "The amount is more than the invoice has open.");
                applied += amount;
            }
        }

        if (applied > total)
            throw QuickBooksRefusal.Business("More is applied than was received.");
        row["UnappliedAmt"] = total - applied;
        Apply(call, row, +1);
    }

    private static void Apply(QuickBooksCall call, JsonObject payment, int sign)
    {
        foreach (var line in payment.Rows("Line"))
        {
            foreach (var link in line.Rows("LinkedTxn"))
            {
                if (call.Company.Find("Invoice", link.Text("TxnId")) is not { } invoice || invoice.Ref("CustomerRef") != payment.Ref("CustomerRef"))
                    continue;
                var paid = (JsonObject)invoice.DeepClone();
                paid["Balance"] = (invoice.Figure("Balance") ?? 0) - sign * (line.Figure("Amount") ?? 0);
                call.Company.Put("Invoice", paid, call.Now);
            }
        }
    }
}

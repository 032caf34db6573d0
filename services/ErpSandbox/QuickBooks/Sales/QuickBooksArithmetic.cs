using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>QuickBooks' own arithmetic: amounts, discount, tax, total. It shares nothing with ours, which is checked against it. rules.md, "Money".</summary>
internal sealed class QuickBooksArithmetic(QuickBooksCall call)
{
    private const decimal Hundred = 100m;

    /// <summary>A line that is taxed: its amount, with tax in it or not, and what taxes it.</summary>
    private sealed record Taxed(decimal Amount, JsonObject? Rate);

    private QuickBooksSettings Settings => call.Settings;

    /// <summary>Rounds to cents as the company does.</summary>
    public decimal Round(decimal figure) =>
        decimal.Round(figure, 2, Settings.Tie == "halfEven" ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero);

    /// <summary>Works a document out: each line's amount is right, and total and tax stand on it afterwards.</summary>
    public void Reckon(JsonObject document)
    {
        var inclusive = !Settings.IsUs && document.Text("GlobalTaxCalculation") == "TaxInclusive";
        var lines = document.Rows("Line").Where(line => line.Text("DetailType") == "SalesItemLineDetail").ToList();
        var taxed = lines.Select(line => new Taxed(AmountOf(line, inclusive), RateOf(document, line))).ToList();
        var sum = taxed.Sum(line => line.Amount);
        var discount = DiscountOf(document, sum);
        var reduces = discount != 0 && (document.Is("ApplyTaxAfterDiscount") || inclusive);
        var bases = reduces ? Spread(taxed, discount, sum) : taxed;
        var rows = TaxRows(bases, inclusive);
        var tax = Override(document) ?? rows.Sum(row => row.Figure("Amount") ?? 0);
        document["TotalAmt"] = sum - discount + (inclusive ? 0 : tax);
        var detail = new JsonObject { ["TotalTax"] = tax, ["TaxLine"] = new JsonArray([.. rows]) };
        if (document["TxnTaxDetail"]?["TxnTaxCodeRef"] is { } code)
            detail["TxnTaxCodeRef"] = code.DeepClone();
        document["TxnTaxDetail"] = detail;
        var list = (JsonArray)document["Line"]!;
        list.Add(new JsonObject { ["Amount"] = Settings.InclusiveAmounts == "net" && inclusive ? lines.Sum(line => line.Figure("Amount") ?? 0) : sum, ["DetailType"] = "SubTotalLineDetail", ["SubTotalLineDetail"] = new JsonObject() });
    }

    // The amount that counts: with tax in it where prices include tax.
    private decimal AmountOf(JsonObject line, bool inclusive)
    {
        var amount = line.Figure("Amount") ?? throw QuickBooksRefusal.Missing("Line.Amount");
        var detail = line["SalesItemLineDetail"];
        var (quantity, price) = (detail.Figure("Qty"), detail.Figure("UnitPrice"));
        Decimals(quantity, Settings.QuantityDecimals, "Qty");
        Decimals(price, Settings.PriceDecimals, "UnitPrice");
        if (quantity is { } many && price is { } each && Round(many * each) != amount)
            throw new QuickBooksRefusal(400, "6070", "Amount is not equal to UnitPrice * Qty. Supplied value", $"Amount calculation incorrect in the request. Amount is not equal to UnitPrice * Qty. Supplied value:{amount}", "Line.Amount");
        if (amount != Round(amount))
            throw QuickBooksRefusal.Business("An amount has at most two decimals.");
        if (!inclusive)
            return amount;
        if (Settings.InclusiveAmounts == "gross")
        {
            detail!["TaxInclusiveAmt"] = amount;
            return amount;
        }

        return detail.Figure("TaxInclusiveAmt") ?? throw QuickBooksRefusal.Missing("Line.SalesItemLineDetail.TaxInclusiveAmt");
    }

    private decimal DiscountOf(JsonObject document, decimal sum)
    {
        var lines = document.Rows("Line").ToList();
        if (lines.FindIndex(line => line.Text("DetailType") == "DiscountLineDetail") is var at && at < 0)
            return 0;
        if (at != lines.Count - 1)
            throw QuickBooksRefusal.Business("The discount must be the last line.");
        if (!Settings.AllowDiscount)
            throw QuickBooksRefusal.Business("Discounts are not switched on in this company.");
        var (line, detail) = (lines[at], lines[at]["DiscountLineDetail"]);
        if (detail.Is("PercentBased") && detail.Figure("DiscountPercent") is { } percent)
            line["Amount"] = Round(sum * percent / Hundred);
        return line.Figure("Amount") ?? throw new QuickBooksRefusal(400, "6090", "Discount line should have either amount or percent", "Supplied line has neither.");
    }

    // In proportion, the remainder to the last line.
    private List<Taxed> Spread(List<Taxed> lines, decimal discount, decimal sum)
    {
        var left = discount;
        var spread = new List<Taxed>();
        for (var i = 0; i < lines.Count; i++)
        {
            var share = i == lines.Count - 1 || sum == 0 ? left : Round(discount * lines[i].Amount / sum);
            left -= share;
            spread.Add(lines[i] with { Amount = lines[i].Amount - share });
        }

        return spread;
    }

    private List<JsonObject> TaxRows(List<Taxed> lines, bool inclusive)
    {
        var rows = new List<JsonObject>();
        foreach (var group in lines.Where(line => line.Rate is not null).GroupBy(line => line.Rate!.Text("Id")!))
        {
            var rate = group.First().Rate!;
            var percent = rate.Figure("RateValue") ?? 0;
            var tax = Settings.TaxOnLines
                ? group.Sum(line => Round(TaxIn(line.Amount, percent, inclusive))) : Round(TaxIn(group.Sum(line => line.Amount), percent, inclusive));
            rows.Add(new JsonObject
            {
                ["Amount"] = tax, ["DetailType"] = "TaxLineDetail", ["TaxLineDetail"] = new JsonObject
                {
                    ["TaxRateRef"] = QuickBooksJson.RefTo(rate.Text("Id")!), ["PercentBased"] = true, ["TaxPercent"] = percent,
                    ["NetAmountTaxable"] = group.Sum(line => line.Amount) - (inclusive ? tax : 0),
                },
            });
        }

        return rows;
    }

    private static decimal TaxIn(decimal amount, decimal percent, bool inclusive) => amount * percent / (inclusive ? Hundred + percent : Hundred);

    // In the US a line says TAX or NON, and the document says which tax; elsewhere each line names its tax code.
    private JsonObject? RateOf(JsonObject document, JsonObject line)
    {
        var code = line["SalesItemLineDetail"].Ref("TaxCodeRef");
        if (Settings.IsUs)
        {
            if (code is not (null or "TAX" or "NON"))
                throw new QuickBooksRefusal(400, "6100", "Invalid tax code", "Only TAX and NON are valid tax codes on lines in the US.", "Line.SalesItemLineDetail.TaxCodeRef");
            return code == "TAX" && document["TxnTaxDetail"].Ref("TxnTaxCodeRef") is { } whole ? Rate(whole) : null;
        }

        if (document.Text("GlobalTaxCalculation") == "NotApplicable")
            return null;
        return code is null ? throw QuickBooksRefusal.Business("Make sure all your transactions have a GST/HST rate before you save.") : Rate(code);
    }

    private JsonObject? Rate(string code)
    {
        var found = call.Company.Find("TaxCode", code) ?? throw QuickBooksRefusal.BadReference("TaxCodeRef");
        var rate = found["SalesTaxRateList"].Rows("TaxRateDetail").FirstOrDefault();
        return rate is null ? null : call.Company.Find("TaxRate", rate.Ref("TaxRateRef"));
    }

    // A total without rows counts; rows are worked out again whatever they say.
    private decimal? Override(JsonObject document) =>
        Settings.TaxOverride && document["TxnTaxDetail"] is JsonObject detail && detail["TaxLine"] is null ? detail.Figure("TotalTax") : null;

    private static void Decimals(decimal? figure, int most, string field)
    {
        if (figure is { } value && decimal.Round(value, most) != value)
            throw QuickBooksRefusal.Business($"{field} has more than {most} decimals.");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>NetSuite's own arithmetic: amounts, discounts, tax, total. It shares nothing with ours, which is checked against it. rules.md, "Money".</summary>
internal sealed class NetSuiteArithmetic(NetSuiteCall call, JsonObject document, JsonObject customer)
{
    private const decimal Hundred = 100m;
    private readonly int decimals = (int)(call.Account.Find("currency", document.RefId("currency")).Figure("precision") ?? 2);

    /// <summary>A line of goods: its amount, what of it is taxed, and by which tax.</summary>
    private sealed class Goods(decimal amount, JsonObject? tax)
    {
        public decimal Amount { get; } = amount;
        public decimal Taxed { get; set; } = amount;
        public JsonObject? Tax { get; } = tax;
    }

    private NetSuiteSettings Settings => call.Settings;

    /// <summary>Works a document out; what its sums are stands on it afterwards.</summary>
    public void Reckon(JsonObject sent)
    {
        var goods = new List<Goods>();
        var subtotal = 0m;
        var block = 0m;
        var afterSubtotal = false;
        var number = 0;
        foreach (var line in document.Items("item"))
        {
            var at = $"item.items[{number++}]";
            var item = NetSuiteItems.Find(call.Account, line.RefId("item"))!;
            switch (item.Text("itemType"))
            {
                case "Subtotal":
                    line["amount"] = block;
                    (block, afterSubtotal) = (0, true);
                    continue;
                case "Discount":
                    var reduced = Discount(line, afterSubtotal ? document.Items("item").ElementAt(number - 2).Figure("amount") ?? 0 : goods.LastOrDefault()?.Amount ?? 0, at);
                    subtotal += reduced;
                    block += reduced;
                    if (Settings.DiscountLinesTaxed && !Settings.TaxBeforeDiscount)
                        Reduce(afterSubtotal ? goods : goods.TakeLast(1).ToList(), reduced);
                    continue;
                default:
                    var amount = Amount(line, item, at);
                    goods.Add(new Goods(amount, TaxOf(line, item)));
                    subtotal += amount;
                    block += amount;
                    afterSubtotal = false;
                    continue;
            }
        }

        var discount = HeaderDiscount(subtotal);
        if (discount != 0 && !Settings.TaxBeforeDiscount)
            Reduce(goods, discount);
        document["subtotal"] = subtotal;
        document["discountTotal"] = discount;
        var tax = Overridden(sent) ?? Taxes(goods);
        document["taxTotal"] = tax;
        document["total"] = subtotal + discount + tax + (document.Figure("shippingCost") ?? 0);
    }

    private decimal Round(decimal figure) => decimal.Round(figure, decimals, Nearest);

    private MidpointRounding Nearest => Settings.Tie == "halfEven" ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero;

    private decimal Amount(JsonObject line, JsonObject item, string at)
    {
        var quantity = Exact(line.Figure("quantity") ?? 1, Settings.QuantityDecimals, $"{at}.quantity");
        line["quantity"] = quantity;
        var level = line.RefId("price");
        var currency = document.RefId("currency");
        if (level is not (null or "-1") || (line["rate"] is null && line["amount"] is null))
            line["rate"] = ListPrice(item, level, currency, quantity) ?? throw NetSuiteRefusal.Missing("rate", $"{at}.rate");
        else if (line["rate"] is null && quantity != 0)
            line["rate"] = decimal.Round((line.Figure("amount") ?? 0) / quantity, Settings.RateDecimals, Nearest);
        if (line.Figure("rate") is not { } rate)
            throw NetSuiteRefusal.Value(line.Text("rate"), "rate", $"{at}.rate");
        rate = Exact(rate, Settings.RateDecimals, $"{at}.rate");
        line["rate"] = rate;
        var amount = line.Figure("amount") is { } given && Settings.ExplicitAmount == "kept" ? Round(given) : Round(rate * quantity);
        line["amount"] = amount;
        return amount;
    }

    private decimal? ListPrice(JsonObject item, string? level, string? currency, decimal quantity)
    {
        if (level is null && customer.Items("itemPricing").FirstOrDefault(row => row.RefId("item") == item.Text("id")) is { } own)
            return own.Figure("price") ?? NetSuiteItems.Price(item, own.RefId("level"), currency, quantity);
        return NetSuiteItems.Price(item, level ?? customer.RefId("priceLevel") ?? call.Account.All("priceLevel").FirstOrDefault().Text("id"), currency, quantity);
    }

    private decimal Exact(decimal figure, int most, string at) => decimal.Round(figure, most, Nearest) is var rounded && rounded == figure ? figure
        : Settings.ExcessDecimals == "round" ? rounded : throw NetSuiteRefusal.Value(figure.ToString(CultureInfo.InvariantCulture), at.Split('.')[^1], at);

    private decimal Discount(JsonObject line, decimal above, string at)
    {
        line.Remove("quantity");
        var reduced = Reduction(line.Text("rate") ?? line.Text("amount") ?? throw NetSuiteRefusal.Missing("rate", $"{at}.rate"), above);
        if (reduced > 0 && !Settings.PositiveDiscountLines)
            throw NetSuiteRefusal.Value(line.Text("rate"), "rate", $"{at}.rate");
        line["amount"] = reduced;
        return reduced;
    }

    private decimal HeaderDiscount(decimal subtotal)
    {
        if (document.Text("discountRate") is not { } rate)
            return 0;
        if (document.RefId("discountItem") is null)
            throw NetSuiteRefusal.Missing("discountItem", "discountItem");
        var reduced = Reduction(rate, subtotal);
        return reduced <= 0 ? reduced : throw NetSuiteRefusal.Value(rate, "discountRate", "discountRate");
    }

    // An amount, or a percentage of what it is taken from.
    private decimal Reduction(string rate, decimal whole)
    {
        var percent = rate.EndsWith('%');
        var figure = decimal.Parse(percent ? rate[..^1] : rate, NumberStyles.Float, CultureInfo.InvariantCulture);
        return Round(percent ? whole * figure / Hundred : figure);
    }

    // In proportion to what each line is worth; the odd cent goes where the account has it go.
    private void Reduce(List<Goods> goods, decimal reduced)
    {
        var whole = goods.Sum(one => one.Amount);
        if (whole == 0)
            return;
        if (Settings.CentTo == "cumulative")
        {
            var carried = 0m;
            foreach (var one in goods)
            {
                carried += reduced * one.Amount / whole;
                var part = Round(carried);
                carried -= part;
                one.Taxed += part;
            }

            return;
        }

        var parts = goods.Select(one => Round(reduced * one.Amount / whole)).ToArray();
        for (var at = 0; at < parts.Length; at++)
            goods[at].Taxed += parts[at];
        (Settings.CentTo == "largest" ? goods.MaxBy(one => Math.Abs(one.Amount))! : goods[^1]).Taxed += reduced - parts.Sum();
    }

    private JsonObject? TaxOf(JsonObject line, JsonObject item) => call.Account.Find("salesTaxItem", line.RefId("taxCode") ?? item.Text("_tax"));

    // One row for each taxed line. By transaction, those of one rate are rounded together and the difference goes to the last.
    private decimal Taxes(List<Goods> goods)
    {
        var taxed = goods.Where(one => one.Tax is not null).ToList();
        var amounts = taxed.ToDictionary(one => one, one => TaxRound(Exactly(one)));
        if (Settings.TaxLevel == "transaction")
        {
            foreach (var group in taxed.GroupBy(one => one.Tax!.Text("id")))
                amounts[group.Last()] += TaxRound(group.Sum(Exactly)) - group.Sum(one => amounts[one]);
        }

        document["taxDetails"] = NetSuiteJson.List(taxed.Select(one => new JsonObject
        {
            ["taxType"] = NetSuiteJson.Ref(one.Tax!.Text("_type")!, "Tax"), ["taxCode"] = NetSuiteJson.Ref(one.Tax!.Text("id")!, one.Tax!.Text("name")),
            ["taxBasis"] = one.Taxed, ["taxRate"] = one.Tax!.Figure("rate"), ["taxAmount"] = amounts[one],
        }));
        return amounts.Values.Sum();
    }

    private static decimal Exactly(Goods one) => one.Taxed * (one.Tax.Figure("rate") ?? 0) / Hundred;

    private decimal TaxRound(decimal figure)
    {
        var step = Math.Max(Settings.TaxPrecision, decimals == 0 ? 1m : 0.01m);
        var steps = figure / step;
        return step * (Settings.TaxRounding switch
        {
            "up" => decimal.Round(steps, 0, figure < 0 ? MidpointRounding.ToNegativeInfinity : MidpointRounding.ToPositiveInfinity),
            "down" => decimal.Round(steps, 0, MidpointRounding.ToZero),
            _ => decimal.Round(steps, 0, Nearest),
        });
    }

    // Rows of the caller count where it says so and may; all of each must be there.
    private decimal? Overridden(JsonObject sent)
    {
        if (!document.Is("taxDetailsOverride"))
            return null;
        if (!Settings.TaxOverride && sent.ContainsKey("taxDetailsOverride"))
            throw NetSuiteRefusal.User("Your current role does not have permission to edit tax details", "taxDetailsOverride");
        var rows = document.Items("taxDetails").ToList();
        if (rows.Count == 0)
            throw NetSuiteRefusal.Missing("taxDetails", "taxDetails");
        for (var at = 0; at < rows.Count; at++)
        {
            foreach (var field in new[] { "taxType", "taxCode", "taxBasis", "taxRate", "taxAmount" })
            {
                if (rows[at][field] is null)
                    throw NetSuiteRefusal.Missing(field, $"taxDetails.items[{at}].{field}");
            }
        }

        return rows.Sum(row => row.Figure("taxAmount") ?? 0);
    }
}

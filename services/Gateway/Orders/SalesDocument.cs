using System.Globalization;
using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Lots;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Sync;
using OrderSync.Money;

namespace OrderSync.Gateway.Orders;

/// <summary>
/// The rules that orders and quotes share. What the person on the device can mend is refused; what was captured is never changed. Codes that speak
/// of the document begin with its kind.
/// </summary>
internal sealed class SalesDocument(string kind)
{
    // A price list's key begins with the id of its connection.
    private const int KeyPrefix = 36;
    private static readonly int MostLines = Limits.Most<OrderBody>(nameof(OrderBody.Lines));
    private static readonly FigureAttribute Shipping = Limits.Figure<OrderBody>(nameof(OrderBody.Shipping));
    private static readonly FigureAttribute ShippingTaxRate = Limits.Figure<OrderBody>(nameof(OrderBody.ShippingTaxRate));
    private static readonly FigureAttribute LineQuantity = Limits.Figure<OrderLine>(nameof(OrderLine.Quantity));
    private static readonly FigureAttribute UnitPrice = Limits.Figure<OrderLine>(nameof(OrderLine.UnitPrice));
    private static readonly FigureAttribute TaxRate = Limits.Figure<OrderLine>(nameof(OrderLine.TaxRate));
    private static readonly FigureAttribute Percent = Limits.Figure<DiscountBody>(nameof(DiscountBody.Percent));
    private static readonly FigureAttribute Amount = Limits.Figure<DiscountBody>(nameof(DiscountBody.Amount));

    /// <summary>From schema 1 to 2: a rounding that was left out meant the document, half up.</summary>
    public static JsonElement StateRounding(JsonElement body) =>
        body.TryGetProperty("rounding", out var said) && said.ValueKind != JsonValueKind.Null ? body : Shapes.With(body, "rounding", """{"level":"document","tie":"halfUp"}""");

    public static IEnumerable<Awaited> Awaits(OrderBody document) => CustomerChoice.Awaits(document.Customer);

    public static void Want(OrderBody document, Wanted wanted)
    {
        CustomerChoice.Want(document.Customer, wanted);
        foreach (var line in document.Lines ?? [])
        {
            if (line?.Sku is { Length: > 0 and <= 100 })
                wanted.Skus.Add(line.Sku);
            if (line is { PriceList: { Length: > KeyPrefix and <= 300 } list, PriceListVersion: not null } && Guid.TryParseExact(list.AsSpan(0, KeyPrefix), "D", out _))
                wanted.PriceLists.Add(list);
            if (line?.Sku is not null)
                LotRule.Want(line, wanted);
        }
    }

    public void Judge(Judged judged, OrderBody document, Known known)
    {
        Totals? totals = null;
        if ((WhyNot(document, known) ?? AddUp(document, out totals)) is { } fault)
        {
            judged.Refuse(fault);
            return;
        }

        judged.Reference = document.Reference;
        judged.Currency = document.Currency;
        judged.Total = document.Totals.Total;
        judged.Lines = [.. document.Lines.Select((line, i) => new JudgedLine(line.Sku, line.Quantity, line.UnitPrice, line.TaxRate, totals!.Lines[i].Amount))];
        CustomerChoice.Find(judged, document.Customer!, known);
        if (Outdated(document, known) is { } outdated)
            judged.Apply(known.Policy.ChoiceOf(Policy.PriceOutdated), outdated);
    }

    // The price is what was captured: only who looks at it is told that the list has moved on.
    public static Fault? Outdated(OrderBody document, Known known)
    {
        for (var i = 0; i < document.Lines.Count; i++)
            if (document.Lines[i] is { PriceList: { } key, PriceListVersion: { } version } line && known.PriceLists.TryGetValue(key, out var list) && list.Version != version)
                return new Fault("line.price.outdated", $"lines[{Text(i)}].unitPrice", Params("line", Text(i + 1), "sku", line.Sku, "list", list.Name));
        return null;
    }

    private Fault? WhyNot(OrderBody document, Known known)
    {
        if (CustomerChoice.IsMissing(document.Customer))
            return new Fault("customer.missing", "customer");
        if (WhyNotHead(document) is { } head)
            return head;

        for (var i = 0; i < document.Lines.Count; i++)
            if ((WhyNotItem(document.Lines[i], i, known) ?? WhyNotFigures(document.Lines[i], i) ?? WhyNotQuantity(document.Lines[i], i, known)) is { } fault)
                return fault;
        return LotRule.WhyNot(document.Lines, known);
    }

    /// <summary>What is wrong with all that is neither its customer nor one of its lines.</summary>
    public Fault? WhyNotHead(OrderBody document)
    {
        if (document.Currency is not { Length: 3 } || Currencies.Decimals(document.Currency) is null)
            return new Fault($"{kind}.currency", "currency", Params("currency", document.Currency ?? ""));
        if (document.Lines is null or { Count: 0 })
            return new Fault($"{kind}.lines", "lines");
        if (document.Lines.Count > MostLines)
            return new Fault($"{kind}.tooManyLines", "lines", Params("count", Text(document.Lines.Count), "most", Text(MostLines)));
        if (Limits.WhyNot(document) is { } limit)
            return limit;
        if (document.Totals is null)
            return new Fault("record.unreadable", "totals");
        if (!ValidDiscount(document.Discount))
            return new Fault($"{kind}.discount.invalid", "discount");
        if (!Shipping.Takes(document.Shipping) || !ShippingTaxRate.Takes(document.ShippingTaxRate))
            return new Fault($"{kind}.shipping", "shipping");
        if (PolicyOf(document.Rounding) is null)
            return new Fault($"{kind}.rounding", "rounding");
        return null;
    }

    private static Fault? WhyNotItem(OrderLine line, int index, Known known)
    {
        if (line.Sku is null || !known.Items.TryGetValue(line.Sku, out var item))
            return Of(index, "line.sku.unknown", "sku", ("sku", line.Sku ?? "?"));
        if (!item.Active)
            return Of(index, "line.sku.inactive", "sku", ("sku", line.Sku));
        return item.NeedsConnection ? Of(index, "line.product.needsConnection", "sku", ("sku", line.Sku)) : null;
    }

    /// <summary>What is wrong with a line's figures, whatever is known of its item.</summary>
    public static Fault? WhyNotFigures(OrderLine line, int index)
    {
        if (!LineQuantity.Takes(line.Quantity))
            return Of(index, "line.quantity.invalid", "quantity");
        if (!UnitPrice.Takes(line.UnitPrice))
            return Of(index, "line.price.invalid", "unitPrice");
        if (!TaxRate.Takes(line.TaxRate))
            return Of(index, "line.tax.invalid", "taxRate");
        if (!ValidDiscount(line.Discount))
            return Of(index, "line.discount.invalid", "discount");
        return null;
    }

    private static Fault? WhyNotQuantity(OrderLine line, int index, Known known)
    {
        var item = known.Items[line.Sku];
        var check = Quantities.Check(line.Quantity, item.MinimumQuantity, item.QuantityStep);
        return check switch
        {
            { Ok: true } => null,
            { NearestBelow: null, NearestAbove: { } least } when item.QuantityStep is null or 0 =>
                Of(index, "line.quantity.belowMinimum", "quantity", ("sku", line.Sku), ("quantity", Text(line.Quantity)), ("choices", Text(least))),
            { NearestBelow: null } when item.MinimumQuantity > item.QuantityStep =>
                Of(index, "line.quantity.belowMinimumOfSteps", "quantity", ("sku", line.Sku), ("minimum", Text(item.MinimumQuantity.Value)), ("step", Text(item.QuantityStep!.Value)),
                    ("quantity", Text(line.Quantity)), ("choices", Choices(check, item.QuantityStep.Value))),
            _ => Of(index, "line.quantity.notAMultiple", "quantity", ("sku", line.Sku), ("step", Text(item.QuantityStep!.Value)),
                ("quantity", Text(line.Quantity)), ("choices", Choices(check, item.QuantityStep.Value))),
        };
    }

    private static Fault Of(int index, string code, string field, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var parameters = Params("line", Text(index + 1));
        foreach (var (name, value) in more)
            parameters[name] = value;
        return new Fault(code, $"lines[{Text(index)}].{field}", parameters);
    }

    // The two nearest that are sold; below the least one these are the least and the next.
    private static string Choices(QuantityCheck check, decimal step) => check.NearestBelow is { } below
        ? Sentences.OneOf(Text(below), Text(check.NearestAbove!.Value))
        : Sentences.OneOf(Text(check.NearestAbove!.Value), Text(check.NearestAbove.Value + step));

    /// <summary>What it comes to, or why its captured totals are not that.</summary>
    public Fault? AddUp(OrderBody document, out Totals? totals)
    {
        totals = null;
        try
        {
            totals = DocumentTotals.Compute(
                new DocumentInput(
                    document.Currency,
                    [.. document.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, DiscountOf(line.Discount), line.TaxCode, line.TaxRate))],
                    DiscountOf(document.Discount), document.Shipping, document.ShippingTaxRate, document.PricesIncludeTax),
                PolicyOf(document.Rounding)!.Value);
        }
        catch (MoneyOutOfRange trouble)
        {
            return trouble switch
            {
                { Line: { } line, Field: "discount" } => new Fault("line.discount.tooLarge", $"lines[{Text(line)}].discount", Params("line", Text(line + 1))),
                { Line: { } line } => new Fault("line.amount.invalid", $"lines[{Text(line)}].{trouble.Field}", Params("line", Text(line + 1))),
                { Field: "discount" } => new Fault($"{kind}.discount.tooLarge", "discount"),
                _ => new Fault($"{kind}.amount.invalid", trouble.Field),
            };
        }

        return Differs("subtotal", totals.Subtotal, document.Totals.Subtotal) ?? Differs("discount", totals.Discount, document.Totals.Discount)
            ?? Differs("tax", totals.Tax, document.Totals.Tax) ?? Differs("total", totals.Total, document.Totals.Total);

        Fault? Differs(string name, decimal computed, decimal captured) => computed == captured
            ? null
            : new Fault($"{kind}.totals", $"totals.{name}", Params("name", name, "computed", Sum(computed), "captured", Sum(captured)));

        // As people write sums of this currency; a captured one with more decimals is shown as it came.
        string Sum(decimal amount)
        {
            var decimals = Currencies.Decimals(document.Currency)!.Value;
            return decimal.Round(amount, decimals) == amount ? amount.ToString($"F{decimals}", CultureInfo.InvariantCulture) : Text(amount);
        }
    }

    private static RoundingPolicy? PolicyOf(TaxRounding? rounding) => rounding switch
    {
        { Level: "line" or "document", Tie: "halfUp" or "halfEven" } =>
            new RoundingPolicy(rounding.Level == "line" ? RoundingLevel.Line : RoundingLevel.Document, rounding.Tie == "halfEven" ? Tie.HalfEven : Tie.HalfUp),
        _ => null,
    };

    private static bool ValidDiscount(DiscountBody? discount) => discount switch
    {
        null or { Percent: null, Amount: null } => true,
        { Percent: { } percent, Amount: null } => Percent.Takes(percent),
        { Percent: null, Amount: { } amount } => Amount.Takes(amount),
        _ => false,
    };

    private static Discount DiscountOf(DiscountBody? discount) => discount switch
    {
        { Percent: { } percent } => Discount.Percent(percent),
        { Amount: { } amount } => Discount.Amount(amount),
        _ => Discount.None,
    };

    private static string Text(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Params(params ReadOnlySpan<string> pairs)
    {
        var parameters = new Dictionary<string, string>();
        for (var i = 0; i < pairs.Length; i += 2)
            parameters[pairs[i]] = pairs[i + 1];
        return parameters;
    }
}

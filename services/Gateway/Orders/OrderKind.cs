using System.Globalization;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;
using OrderSync.Money;

namespace OrderSync.Gateway.Orders;

/// <summary>The rules of a sales order. What the person on the device can mend is refused; what was captured is never changed.</summary>
internal sealed class OrderKind : IRecordKind
{
    private const int MostLines = 1_000;

    public string Name => Kinds.Order;

    public bool Numbered => true;

    public Fault? Read(PushedRecord record, Wanted wanted, out object? body)
    {
        body = null;
        try
        {
            var order = record.Envelope!.Body.Deserialize<OrderBody>(ContractJson.Options);
            if (order is null || order.Lines?.Any(line => line is null) == true)
                return new Fault("record.unreadable", "body");
            body = order;
            foreach (var line in order.Lines ?? [])
                if (line.Sku is { Length: > 0 and <= 100 })
                    wanted.Skus.Add(line.Sku);
            if (order.Customer?.Id is { } id)
                wanted.Customers.Add(id);
            if (order.Customer?.Number is { Length: > 0 and <= 60 } number)
                wanted.CustomerNumbers.Add(number);
            if (order.Customer?.Code is { Length: > 0 and <= 60 } code)
                wanted.CustomerCodes.Add(code);
            return null;
        }
        catch (JsonException trouble)
        {
            return new Fault("record.unreadable", trouble.Path?.TrimStart('$', '.'));
        }
    }

    public void Judge(Judged judged, object body, Known known)
    {
        var order = (OrderBody)body;
        if (WhyNot(order, known) is { } fault)
        {
            judged.Refuse(fault);
            return;
        }

        if (AddUp(order, out var totals) is { } difference)
        {
            judged.Refuse(difference);
            return;
        }

        judged.Reference = order.Reference;
        judged.Currency = order.Currency;
        judged.Total = order.Totals.Total;
        judged.Lines = [.. order.Lines.Select((line, i) => new JudgedLine(line.Sku, line.Quantity, line.UnitPrice, line.TaxRate, totals!.Lines[i].Amount))];
        FindCustomer(judged, order.Customer!, known);
    }

    // A customer captured offline may still be on its way: the order is stored and waits for it.
    private static void FindCustomer(Judged judged, CustomerReference customer, Known known)
    {
        judged.CustomerId = customer switch
        {
            { Id: { } id } => id,
            { Number: { } number } when known.CustomersByNumber.TryGetValue(number, out var id) => id,
            { Code: { } code } when known.CustomersByCode.TryGetValue(code, out var id) => id,
            _ => null,
        };
        if (judged.CustomerId is { } found && known.Customers.Contains(found))
            return;

        judged.State = judged.CustomerId is null ? "held" : "waiting";
        judged.Fault = judged.CustomerId is null
            ? new Fault("customer.codeUnknown", "customer", Params("customer", customer.Number is { Length: > 0 } shown ? shown : customer.Code!, "number", customer.Number ?? "", "code", customer.Code ?? ""))
            : new Fault("customer.unknown", "customer");
    }

    private static Fault? WhyNot(OrderBody order, Known known)
    {
        if (order.Customer is null or { Id: null, Number: null or "", Code: null or "" } || order.Customer.Id == Guid.Empty)
            return new Fault("customer.missing", "customer");
        if (Texts.WhyNot(("customer.number", order.Customer.Number, 60), ("customer.code", order.Customer.Code, 60), ("reference", order.Reference, 60),
                ("customerReference", order.CustomerReference, 100), ("paymentTerms", order.PaymentTerms, 100), ("notes", order.Notes, 10_000)) is { } text)
            return text;
        if ((Texts.WhyNot("shipTo", order.ShipTo) ?? Texts.WhyNot("billTo", order.BillTo)) is { } address)
            return address;
        if (order.Currency is not { Length: 3 } || Currencies.Decimals(order.Currency) is null)
            return new Fault("order.currency", "currency", Params("currency", order.Currency ?? ""));
        if (order.Lines is null or { Count: 0 })
            return new Fault("order.lines", "lines");
        if (order.Lines.Count > MostLines)
            return new Fault("order.tooManyLines", "lines", Params("count", Text(order.Lines.Count), "most", Text(MostLines)));
        if (order.Totals is null)
            return new Fault("record.unreadable", "totals");
        if (!ValidDiscount(order.Discount))
            return new Fault("order.discount.invalid", "discount");
        if (order.Shipping is < 0 or > 1e12m || Decimals(order.Shipping) > 5 || order.ShippingTaxRate is < 0 or > 100 || Decimals(order.ShippingTaxRate) > 5)
            return new Fault("order.shipping", "shipping");
        if (order.Rounding is { } rounding && PolicyOf(rounding) is null)
            return new Fault("order.rounding", "rounding");

        for (var i = 0; i < order.Lines.Count; i++)
            if (WhyNot(order.Lines[i], i, known) is { } fault)
                return fault;
        return null;
    }

    private static Fault? WhyNot(OrderLine line, int index, Known known)
    {
        var field = $"lines[{index}]";
        var number = Text(index + 1);
        if (Texts.WhyNot(($"{field}.sku", line.Sku, 100), ($"{field}.description", line.Description, 2_000), ($"{field}.unit", line.Unit, 50),
                ($"{field}.taxCode", line.TaxCode, 60), ($"{field}.notes", line.Notes, 10_000)) is { } text)
            return text;
        if (line.Sku is null || !known.Items.TryGetValue(line.Sku, out var item))
            return new Fault("line.sku.unknown", $"{field}.sku", Params("line", number, "sku", line.Sku ?? "?"));
        if (!item.Active)
            return new Fault("line.sku.inactive", $"{field}.sku", Params("line", number, "sku", line.Sku));
        if (line.Quantity <= 0 || line.Quantity > 1e9m || Decimals(line.Quantity) > 3)
            return new Fault("line.quantity.invalid", $"{field}.quantity", Params("line", number));
        if (line.UnitPrice < 0 || line.UnitPrice > 1e9m || Decimals(line.UnitPrice) > 5)
            return new Fault("line.price.invalid", $"{field}.unitPrice", Params("line", number));
        if (line.TaxRate is < 0 or > 100 || Decimals(line.TaxRate) > 5)
            return new Fault("line.tax.invalid", $"{field}.taxRate", Params("line", number));
        if (!ValidDiscount(line.Discount))
            return new Fault("line.discount.invalid", $"{field}.discount", Params("line", number));
        return Quantity(line, field, number, item);
    }

    private static Fault? Quantity(OrderLine line, string field, string number, KnownItem item)
    {
        var check = Quantities.Check(line.Quantity, item.MinimumQuantity, item.QuantityStep);
        if (check.Ok)
            return null;

        var choices = string.Join(" / ", new[] { check.NearestBelow, check.NearestAbove }.Where(choice => choice is not null).Distinct().Select(choice => Text(choice!.Value)));
        return new Fault("line.quantity.belowMinimum", $"{field}.quantity", new Dictionary<string, string>
        {
            ["line"] = number,
            ["sku"] = line.Sku,
            ["minimum"] = Text(item.MinimumQuantity ?? item.QuantityStep ?? 0),
            ["step"] = Text(item.QuantityStep ?? 1),
            ["quantity"] = Text(line.Quantity),
            ["choices"] = choices,
        });
    }

    private static Fault? AddUp(OrderBody order, out Totals? totals)
    {
        totals = null;
        try
        {
            totals = DocumentTotals.Compute(
                new DocumentInput(
                    order.Currency,
                    [.. order.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, DiscountOf(line.Discount), line.TaxCode, line.TaxRate))],
                    DiscountOf(order.Discount), order.Shipping, order.ShippingTaxRate, order.PricesIncludeTax),
                PolicyOf(order.Rounding) ?? default);
        }
        catch (MoneyOutOfRange trouble)
        {
            return new Fault("order.amount.invalid", trouble.Field);
        }

        return Differs("subtotal", totals.Subtotal, order.Totals.Subtotal) ?? Differs("discount", totals.Discount, order.Totals.Discount)
            ?? Differs("tax", totals.Tax, order.Totals.Tax) ?? Differs("total", totals.Total, order.Totals.Total);

        static Fault? Differs(string name, decimal computed, decimal captured) => computed == captured
            ? null
            : new Fault("order.totals", $"totals.{name}", Params("name", name, "computed", Text(computed), "captured", Text(captured)));
    }

    private static RoundingPolicy? PolicyOf(TaxRounding? rounding) => rounding switch
    {
        null => new RoundingPolicy(RoundingLevel.Document, Tie.HalfUp),
        { Level: "line" or "document", Tie: "halfUp" or "halfEven" } =>
            new RoundingPolicy(rounding.Level == "line" ? RoundingLevel.Line : RoundingLevel.Document, rounding.Tie == "halfEven" ? Tie.HalfEven : Tie.HalfUp),
        _ => null,
    };

    private static bool ValidDiscount(DiscountBody? discount) => discount switch
    {
        null or { Percent: null, Amount: null } => true,
        { Percent: >= 0 and <= 100, Amount: null } => Decimals(discount.Percent.Value) <= 5,
        { Percent: null, Amount: >= 0 and <= 1e12m } => true,
        _ => false,
    };

    private static Discount DiscountOf(DiscountBody? discount) => discount switch
    {
        { Percent: { } percent } => Discount.Percent(percent),
        { Amount: { } amount } => Discount.Amount(amount),
        _ => Discount.None,
    };

    private static int Decimals(decimal value) => (value / 1.0000000000000000000000000000m).Scale;

    private static string Text(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Params(params ReadOnlySpan<string> pairs)
    {
        var parameters = new Dictionary<string, string>();
        for (var i = 0; i < pairs.Length; i += 2)
            parameters[pairs[i]] = pairs[i + 1];
        return parameters;
    }
}

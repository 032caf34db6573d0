using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Tryton;

/// <summary>
/// An order's lines as Tryton takes them. It has neither discounts nor shipping of its own: each is a line with the same tax, a discount one below zero. So all sums before
/// tax are those that the customer was shown.
/// </summary>
internal static class SaleLines
{
    public static IReadOnlyList<PlannedLine> Of(OrderBody order, Catalogue catalogue, Connection connection, int digits)
    {
        var settings = connection.Settings<TrytonSettings>();
        var captured = Captured(order);
        var lines = new List<PlannedLine>();
        for (var i = 0; i < order.Lines.Count; i++)
        {
            var line = order.Lines[i];
            var (product, tax) = (catalogue.Products[line.Sku], catalogue.Tax(line.TaxCode, line.TaxRate).Tax);
            var price = Net(line.UnitPrice, tax, order, settings.PriceDecimals);
            Put(product.Id, UnitOf(line, product, catalogue, connection), line.Quantity, price, tax, line.Description ?? product.Name, line.Notes, line.Sku);
            var discount = TrytonMoney.Round(line.Quantity * price, digits) - TrytonMoney.Round(Net(captured.Lines[i].Amount, tax, order, digits), digits);
            // A cent of rounding is no discount: which way a half goes is what is foretold.
            if (line.Discount is { } named && discount != 0)
                Charge(-discount, tax, $"Discount {(named.Percent is { } percent ? $"{TrytonMoney.Plain(percent)} % " : "")}on {line.Sku}", settings.DiscountSku);
        }

        foreach (var group in order.Lines.Zip(captured.Lines).GroupBy(pair => catalogue.Tax(pair.First.TaxCode, pair.First.TaxRate).Tax))
        {
            if (TrytonMoney.Round(Net(group.Sum(pair => pair.Second.OrderDiscount), group.Key, order, digits), digits) is var share and not 0)
                Charge(-share, group.Key, $"Discount{(order.Discount?.Percent is { } percent ? $" {TrytonMoney.Plain(percent)} %" : "")}", settings.DiscountSku);
        }

        if (order.Shipping != 0 && catalogue.Tax(null, order.ShippingTaxRate).Tax is var shippingTax)
            Charge(TrytonMoney.Round(Net(order.Shipping, shippingTax, order, digits), digits), shippingTax, "Shipping", settings.ShippingSku);
        return lines;

        void Charge(decimal amount, Tax? tax, string text, string? sku)
        {
            var product = sku is { Length: > 0 } ? catalogue.Products.GetValueOrDefault(sku) : null;
            Put(product?.Id, product?.SaleUom?.Id, 1, amount, tax, text, null, text);
        }

        void Put(int? product, int? unit, decimal quantity, decimal price, Tax? tax, string? text, string? note, string sku) =>
            lines.Add(new(new(product, unit, quantity, price, tax is null ? [] : TrytonWire.Add(tax.Id), text, note, lines.Count), tax, sku));
    }

    // What the device made of each line; how it rounded tax does not matter to that.
    private static Totals Captured(OrderBody order)
    {
        try
        {
            return DocumentTotals.Compute(
                new DocumentInput(
                    order.Currency, [.. order.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, MoneyPolicy.Discount(line.Discount), line.TaxCode, line.TaxRate))],
                    MoneyPolicy.Discount(order.Discount), order.Shipping, order.ShippingTaxRate, order.PricesIncludeTax),
                new RoundingPolicy(RoundingLevel.Document, order.Rounding?.Tie == "halfEven" ? Tie.HalfEven : Tie.HalfUp));
        }
        catch (MoneyOutOfRange trouble)
        {
            throw new OutcomeException(new Outcome.Refused("order.amounts", $"The order's amounts cannot be calculated: {trouble.Message}", "Correct the order on the device."));
        }
    }

    // Tryton's prices are without tax.
    private static decimal Net(decimal figure, Tax? tax, OrderBody order, int decimals) =>
        order.PricesIncludeTax ? TrytonMoney.Round(figure / (1 + (tax?.Rate ?? 0)), decimals) : figure;

    private static int? UnitOf(OrderLine line, Product product, Catalogue catalogue, Connection connection)
    {
        if (TrytonMappings.IdOf(connection, TrytonMappings.Unit, line.Unit) is { } mapped)
            return mapped;
        return line.Unit is { Length: > 0 } wanted && catalogue.Units.FirstOrDefault(unit => unit.Category == product.SaleUom?.Category && (Same(unit.Symbol) || Same(unit.Name))) is { } named
            ? named.Id
            : product.SaleUom?.Id;

        bool Same(string? text) => string.Equals(text, line.Unit!.Trim(), StringComparison.OrdinalIgnoreCase);
    }
}

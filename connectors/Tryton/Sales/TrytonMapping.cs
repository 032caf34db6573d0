using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Tryton;

/// <summary>Our order or quote as Tryton's sale. Pure.</summary>
internal static class TrytonMapping
{
    /// <summary>SKUs an order needs, that of shipping and of discounts too where products stand for them.</summary>
    public static IReadOnlyList<string> Skus(OrderBody order, TrytonSettings settings) =>
        [.. order.Lines.Select(line => line.Sku).Concat(new[] { settings.ShippingSku, settings.DiscountSku }.Where(sku => !string.IsNullOrEmpty(sku)).Select(sku => sku!)).Distinct(StringComparer.Ordinal)];

    /// <summary>Tax rates it needs.</summary>
    public static IReadOnlyList<decimal> Rates(OrderBody order) =>
        [.. order.Lines.Select(line => line.TaxRate).Concat(order.Shipping != 0 ? [order.ShippingTaxRate] : []).Distinct()];

    /// <summary>What the office must mend before it can be sent; null when all is there.</summary>
    public static Outcome.Refused? WhyNot(SalesKind kind, Order order, Catalogue catalogue, TrytonSettings settings)
    {
        if (order.Info.Number is not { Length: > 0 })
            return new("record.noNumber", $"The {kind.Word} has no final number.", "Give the branch a number series, then Retry.");
        if (order.Customer is null)
            return new("order.noCustomer", $"The {kind.Word} {order.Info.Number} names no customer.", $"Choose the customer of the {kind.Word}, then Retry.");
        if (catalogue.Currencies.All(one => one.Code != order.Body.Currency))
            return new("order.currency", $"Tryton has no currency {order.Body.Currency}.", "Make it there (Currency > Currencies), then Retry.");
        for (var i = 0; i < order.Body.Lines.Count; i++)
        {
            if (WhyNot(order.Body.Lines[i], $"Line {i + 1}", order.Body, catalogue, settings) is { } refused)
                return refused;
        }

        return order.Body.Shipping == 0 ? null : WhyNotTax("Shipping", null, order.Body.ShippingTaxRate, catalogue);
    }

    /// <summary>The payload, and the sums it must lead to.</summary>
    public static SalesPlan ToSale(SalesKind kind, Order order, Party party, Catalogue catalogue, Connection connection)
    {
        var (body, settings) = (order.Body, connection.Settings<TrytonSettings>());
        var currency = catalogue.Currencies.First(one => one.Code == body.Currency);
        var lines = SaleLines.Of(body, catalogue, connection, currency.Digits);
        var predicted = TrytonMoney.Predict(lines, settings.TaxLevel, currency.Digits);
        var adjustment = MoneyPolicy.Adjustment(body, predicted, settings.OnDifference);
        if (adjustment != 0)
        {
            lines = [.. lines, new(new(null, null, 1, adjustment, [], "Rounding", null, lines.Count), null, "rounding")];
            predicted = predicted with { Subtotal = predicted.Subtotal + adjustment, Total = predicted.Total + adjustment };
        }

        var mark = OurMark.Mark(kind.Word, order.Info.RecordId);
        var inReference = settings.RecordIdField == RecordIdField.Reference;
        var sale = new NewSale(
            party.Id, currency.Id, inReference ? mark : body.CustomerReference ?? body.Reference, inReference ? null : mark,
            Texts.Cut(Notes(order, connection, inReference), settings.NotesLength), order.Info.Date, AddressOf(party, address => address.Invoice), AddressOf(party, address => address.Delivery),
            body.RequestedDate is { } wished && wished >= order.Info.Date ? wished : null, Word(settings.InvoiceMethod), Word(settings.ShipmentMethod),
            TrytonWire.Create(lines.Select(line => line.Payload).ToList()))
        {
            Company = catalogue.Company,
            Number = settings.OwnNumbers ? order.Info.Number : null,
            PaymentTerm = TrytonMappings.IdOf(connection, TrytonMappings.PaymentTerm, body.PaymentTerms),
            Warehouse = TrytonMappings.IdOf(connection, TrytonMappings.Location, order.Info.Branch),
        };
        return new SalesPlan(sale, lines, predicted) { Adjustment = adjustment };
    }

    private static Outcome.Refused? WhyNot(OrderLine line, string where, OrderBody order, Catalogue catalogue, TrytonSettings settings)
    {
        var what = line.Description is { Length: > 0 } name ? $"{line.Sku} ({name})" : line.Sku;
        if (!catalogue.Products.TryGetValue(line.Sku, out var product))
            return new("item.unmapped", $"{where}: Tryton has no product with code {what}.", "Make the product in Tryton with exactly this code, or correct the SKU; then Retry.");
        if (!product.Active || !product.Salable)
            return new("item.inactive", $"{where}: product {what} is {(product.Active ? "not for sale" : "not active")} in Tryton.", "Make it active and salable in Tryton, then Retry.");
        if (WhyNotTax(where, line.TaxCode, line.TaxRate, catalogue) is { } tax)
            return tax;
        if (decimal.Round(line.Quantity, product.SaleUom?.Digits ?? 0) != line.Quantity)
            return new(
                "line.quantity.decimals", $"{where}: {what} is sold in {product.SaleUom?.Name ?? "units"} with {product.SaleUom?.Digits ?? 0} decimals in Tryton; {TrytonMoney.Plain(line.Quantity)} has more.",
                "Give the product's unit of sale more digits in Tryton, or order another quantity.");
        return !order.PricesIncludeTax && decimal.Round(line.UnitPrice, settings.PriceDecimals) != line.UnitPrice
            ? new(
                "line.unitPrice.decimals", $"{where}: Tryton keeps {settings.PriceDecimals} decimals of a price; {TrytonMoney.Plain(line.UnitPrice)} for {what} has more.",
                "If the server keeps more (price_decimal), raise PriceDecimals in Connections > Tryton.")
            : null;
    }

    private static Outcome.Refused? WhyNotTax(string where, string? code, decimal rate, Catalogue catalogue) => catalogue.Tax(code, rate).WhyNot is { } why
        ? new(
            "tax.unmapped", $"{where}: {why}.",
            "Map it in Connections > Mappings, and it goes on by itself; where Tryton has no tax of this rate, make it there first (Accounting > Configuration > Taxes).",
            catalogue.Unmapped(code, rate))
        : null;

    // The first that is marked for it; every party of ours has one.
    private static int AddressOf(Party party, Func<PartyAddress, bool> marked) => (party.Addresses ?? []).OrderBy(address => address.Id).ToList() is var all && all.Count > 0
        ? (all.Find(address => marked(address)) ?? all[0]).Id
        : throw new OutcomeException(new Outcome.Refused("customer.noAddress", $"The party {party.Name} has no address in Tryton, and nothing is sold without one.", "Give it an address there, then Retry."));

    // What has no field of its own stands in the notes: addresses given on the order, terms nobody mapped, the company's own fields.
    private static string? Notes(Order order, Connection connection, bool markInReference)
    {
        var (body, settings) = (order.Body, connection.Settings<TrytonSettings>());
        return Texts.Paragraphs(
        [
            body.Notes,
            settings.OwnNumbers ? null : $"Our number: {order.Info.Number}",
            markInReference && (body.CustomerReference ?? body.Reference) is { Length: > 0 } reference ? $"Reference: {reference}" : null,
            body.PaymentTerms is { Length: > 0 } terms && connection.Mapped(TrytonMappings.PaymentTerm, terms) is null ? $"Payment terms: {terms}" : null,
            order.Info.Rep is { Name: { Length: > 0 } rep } ? $"Sold by: {rep}" : null,
            body is QuoteBody { ValidUntil: { } until } ? $"Valid until: {until:yyyy-MM-dd}" : null,
            OneLine("Ship to", body.ShipTo),
            OneLine("Bill to", body.BillTo),
            .. (body.CustomFields ?? new Dictionary<string, string>()).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {field.Value}"),
        ]);
    }

    private static string? OneLine(string what, AddressBody? address) => address is null
        ? null
        : $"{what}: " + string.Join(", ", new[]
        {
            address.Name, address.Line1, address.Line2, address.PostalCode, address.City, address.Region, address.Country,
        }.Where(part => !string.IsNullOrWhiteSpace(part)));

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

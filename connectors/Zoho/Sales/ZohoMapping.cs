using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Zoho;

/// <summary>Our order or quote as Zoho's. Pure; limits of length are those of Zoho's API documents.</summary>
internal static class ZohoMapping
{
    private const int DescriptionLength = 2000;
    private const int UnitLength = 100;

    /// <summary>The SKUs whose items must be known.</summary>
    public static IReadOnlyCollection<string> Skus(OrderBody order, ZohoSettings settings)
    {
        var skus = order.Lines.Select(line => line.Sku).ToHashSet(StringComparer.Ordinal);
        if (ShippingIsALine(order) && settings.ShippingSku is { } shipping)
            skus.Add(shipping);
        return skus;
    }

    /// <summary>The tax rates that must be known.</summary>
    public static IEnumerable<decimal> Rates(OrderBody order) => order.Lines.Select(line => line.TaxRate).Append(order.ShippingTaxRate);

    /// <summary>Why this cannot become Zoho's; null when it can.</summary>
    public static Outcome.Refused? WhyNot(SalesKind kind, Order order, Catalogue catalogue, ZohoSettings settings)
    {
        if (string.IsNullOrWhiteSpace(order.Info.Number))
            return new("order.noNumber", $"The {kind.Word} has no final number.", "Give the branch a number series, then Retry.");
        if (order.Customer is null)
            return new("order.noCustomer", $"The {kind.Word} {order.Info.Number} names no customer.", $"Choose the customer of the {kind.Word}, then Retry.");
        for (var i = 0; i < order.Body.Lines.Count; i++)
        {
            if (WhyNot(order.Body.Lines[i], $"Line {i + 1}", catalogue, settings) is { } refused)
                return refused;
        }

        return ShippingIsALine(order.Body) ? WhyNotShip(order.Body, catalogue, settings) : null;
    }

    /// <summary>The payload, and the sums it must lead to.</summary>
    public static SalesPlan ToDocument(SalesKind kind, Order order, string customerId, Catalogue catalogue, Connection connection)
    {
        var (body, settings) = (order.Body, connection.Settings<ZohoSettings>());
        var predicted = ZohoMoney.Predict(body, catalogue, settings);
        var onOrder = DiscountStaysOnOrder(body, catalogue, settings);
        var lines = body.Lines.Select((line, i) => new NewSalesLine(
            catalogue.Items[line.Sku].ItemId, i, Texts.Cut(Texts.Paragraphs(line.Description, line.Notes), DescriptionLength), line.Quantity,
            Texts.Cut(line.Unit, UnitLength), line.UnitPrice, onOrder ? null : LineDiscount(body, line, predicted.Lines[i]),
            catalogue.Tax(line.TaxCode, line.TaxRate).Tax?.TaxId)).ToList();
        if (ShippingIsALine(body))
            lines.Add(new NewSalesLine(
                catalogue.Items[settings.ShippingSku!].ItemId, lines.Count, null, 1, null, body.Shipping, null,
                ShippingTax(body, catalogue).Tax?.TaxId));

        var adjustment = MoneyPolicy.Adjustment(body, predicted, settings.OnDifference);
        var (quote, number) = (kind == SalesKind.Quote, order.Info.Number);
        return new SalesPlan(new NewSalesDocument(
            customerId, quote ? null : number, quote ? number : null, body.CustomerReference ?? body.Reference, order.Info.Date, quote ? null : body.RequestedDate,
            (body as QuoteBody)?.ValidUntil, ZohoMappings.SalespersonOf(connection, order.Info), connection.Mapped(ZohoMappings.Location, order.Info.Branch),
            onOrder ? "entity_level" : "item_level", onOrder ? Form(body.Discount!) : null,
            IsDiscountBeforeTax: true, body.PricesIncludeTax, ShippingIsALine(body) ? 0 : body.Shipping, adjustment, adjustment == 0 ? null : "Rounding",
            Texts.Cut(Notes(body, connection), settings.NotesLength), lines, [OurMark.For(order.Info, settings), .. MappedFields(body, connection)]), predicted);
    }

    private static bool ShippingIsALine(OrderBody order) => order is { Shipping: not 0, ShippingTaxRate: not 0 };

    private static Outcome.Refused? WhyNot(OrderLine line, string where, Catalogue catalogue, ZohoSettings settings)
    {
        var what = line.Description is { Length: > 0 } name ? $"{line.Sku} ({name})" : line.Sku;
        if (!catalogue.Items.TryGetValue(line.Sku, out var item))
            return new(
                "item.unmapped", $"{where}: Zoho has no item with SKU {what}.", "Make the item in Zoho with exactly this SKU, or correct the SKU; then Retry.");
        if (item.Status is { Length: > 0 } status && status != "active")
            return new("item.inactive", $"{where}: item {what} is {status} in Zoho.", "Activate the item in Zoho, then Retry.");
        if (catalogue.Tax(line.TaxCode, line.TaxRate).WhyNot is { } tax)
            return new(
                "tax.unmapped", $"{where}: {tax}.",
                "Map it in Connections > Mappings, and it goes on by itself; where Zoho has no tax of this rate, make it there first (Settings > Taxes).",
                catalogue.Unmapped(line.TaxCode, line.TaxRate));
        if (decimal.Round(line.Quantity, settings.QuantityDecimals) != line.Quantity)
            return new(
                "line.quantity.decimals",
                $"{where}: Zoho keeps {settings.QuantityDecimals} decimals of a quantity; {ZohoMoney.Plain(line.Quantity)} of {what} has more.",
                "If the organisation keeps more, raise QuantityDecimals in Connections > Zoho; else order another quantity.");
        if (decimal.Round(line.UnitPrice, settings.PriceDecimals) != line.UnitPrice)
            return new(
                "line.unitPrice.decimals",
                $"{where}: Zoho keeps {settings.PriceDecimals} decimals of a price; {ZohoMoney.Plain(line.UnitPrice)} for {what} has more.",
                "If the organisation keeps more, raise PriceDecimals in Connections > Zoho.");
        return null;
    }

    private static Outcome.Refused? WhyNotShip(OrderBody order, Catalogue catalogue, ZohoSettings settings)
    {
        if (settings.ShippingSku is not { } sku || !catalogue.Items.ContainsKey(sku))
            return new(
                "shipping.unmapped",
                $"The order has shipping taxed at {ZohoMoney.Plain(order.ShippingTaxRate)} %, and Zoho's own shipping charge carries no tax.",
                "Make an item for shipping in Zoho and enter its SKU as ShippingSku in Connections > Zoho; then Retry.");
        return ShippingTax(order, catalogue).WhyNot is { } tax
            ? new(
                "tax.unmapped", $"Shipping: {tax}.",
                "Map it in Connections > Mappings, and it goes on by itself; where Zoho has no tax of this rate, make it there first (Settings > Taxes).",
                catalogue.Unmapped(ShippingCode(order), order.ShippingTaxRate))
            : null;
    }

    // Rounded together with the lines of its rate, as the totals are.
    private static (TaxEntry? Tax, string? WhyNot) ShippingTax(OrderBody order, Catalogue catalogue) =>
        catalogue.Tax(ShippingCode(order), order.ShippingTaxRate);

    private static string? ShippingCode(OrderBody order) => order.Lines.FirstOrDefault(line => line.TaxRate == order.ShippingTaxRate)?.TaxCode;

    // Zoho takes discounts on lines or on the order, not both; one on the order would reach shipping where that is a line; and how Zoho
    // spreads it is not documented, so it is left to Zoho only where no cent of tax hangs on that.
    private static bool DiscountStaysOnOrder(OrderBody order, Catalogue catalogue, ZohoSettings settings) =>
        order.Discount is not null && !ShippingIsALine(order) && settings.TaxLevel == RoundingLevel.Document
        && order.Lines.All(line => line.Discount is null)
        && order.Lines.Select(line => catalogue.Tax(line.TaxCode, line.TaxRate).Tax?.TaxId).Distinct().Count() == 1;

    // Otherwise each line carries its own discount and its share of the order's as one amount.
    private static string? LineDiscount(OrderBody order, OrderLine line, LineTotals totals)
    {
        if (order.Discount is null)
            return line.Discount is { } own ? Form(own) : null;
        // Less than nothing where only rounding up is left: Zoho rounds the line up by itself.
        var amount = line.Quantity * line.UnitPrice - (totals.Amount - totals.OrderDiscount);
        return amount <= 0 ? null : ZohoMoney.Plain(amount);
    }

    private static string Form(DiscountBody discount) =>
        discount.Percent is { } percent ? ZohoMoney.Plain(percent) + "%" : ZohoMoney.Plain(discount.Amount ?? 0);

    // Zoho takes no address of its own on an order, only ids of the customer's: an address given on the order stands in the notes, and so
    // does a field that nobody mapped.
    private static string? Notes(OrderBody order, Connection connection) => Texts.Paragraphs(
    [
        order.Notes,
        order.PaymentTerms is { Length: > 0 } terms ? $"Payment terms: {terms}" : null,
        OneLine("Ship to", order.ShipTo),
        OneLine("Bill to", order.BillTo),
        .. Fields(order).Where(field => connection.Mapped(ZohoMappings.CustomField, field.Key) is null).Select(field => $"{field.Key}: {field.Value}"),
    ]);

    private static IEnumerable<CustomField> MappedFields(OrderBody order, Connection connection) => Fields(order)
        .Select(field => new CustomField(connection.Mapped(ZohoMappings.CustomField, field.Key), field.Value)).Where(field => field.ApiName is not null);

    private static IOrderedEnumerable<KeyValuePair<string, string>> Fields(OrderBody order) =>
        (order.CustomFields ?? new Dictionary<string, string>()).OrderBy(field => field.Key, StringComparer.Ordinal);

    private static string? OneLine(string what, AddressBody? address) => address is null
        ? null
        : $"{what}: " + string.Join(", ", new[]
        {
            address.Name, address.Line1, address.Line2, address.PostalCode, address.City, address.Region, address.Country,
        }.Where(part => !string.IsNullOrWhiteSpace(part)));
}

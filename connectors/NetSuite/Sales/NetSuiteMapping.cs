using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.NetSuite;

/// <summary>Our order, quote or finished sale as NetSuite's. Pure.</summary>
internal static class NetSuiteMapping
{
    /// <summary>The SKUs whose items must be known.</summary>
    public static IReadOnlyCollection<string> Skus(OrderBody order, NetSuiteSettings settings)
    {
        var skus = order.Lines.Select(line => line.Sku).ToHashSet(StringComparer.Ordinal);
        if (order.Shipping != 0 && settings.ShippingSku is { } shipping)
            skus.Add(shipping);
        return skus;
    }

    /// <summary>Why this cannot become NetSuite's; null when it can.</summary>
    public static Outcome.Refused? WhyNot(SalesKind kind, Order order, Catalogue catalogue, Connection connection)
    {
        var (body, settings) = (order.Body, connection.Settings<NetSuiteSettings>());
        if (string.IsNullOrWhiteSpace(order.Info.Number))
            return new("order.noNumber", $"The {kind.Word} has no final number.", "Give the branch a number series, then Retry.");
        if (order.Customer is null && kind == SalesKind.Sale && settings.CounterCustomerId is null)
            return new("sale.noCustomer", $"Sale {order.Info.Number} names no customer, and nobody said who stands for sales over the counter in NetSuite.",
                "Make a customer for them there and enter its id as CounterCustomerId in Connections > NetSuite; then Retry.");
        if (order.Customer is null && kind != SalesKind.Sale)
            return new("order.noCustomer", $"The {kind.Word} {order.Info.Number} names no customer.", $"Choose the customer of the {kind.Word}, then Retry.");
        if (Currencies.Decimals(body.Currency) is not (0 or 2))
            return new("order.currency", $"NetSuite keeps amounts of 0 or 2 decimals, and {body.Currency} has more.", "Enter it by hand in another currency, then Stop it here.");
        if (body.Currency != settings.BaseCurrency && NetSuiteMappings.Mapped(connection, NetSuiteMappings.Currency, body.Currency) is null)
            return new("order.currency", $"The {kind.Word} {order.Info.Number} is in {body.Currency}, and nobody said which of NetSuite's currencies that is.",
                "Map it in Connections > Mappings, and it goes on by itself.", new(NetSuiteMappings.Currency, body.Currency));
        for (var i = 0; i < body.Lines.Count; i++)
        {
            if (WhyNot(body.Lines[i], $"Line {i + 1}", catalogue, settings) is { } refused)
                return refused;
        }

        if (body.Shipping == 0)
            return null;
        return settings.ShippingSku is not { } sku || catalogue.Item(sku) is null
            ? new("shipping.unmapped", "The order has a shipping charge, and no item of NetSuite stands for it.",
                "Make an item for shipping in NetSuite and enter its name as ShippingSku in Connections > NetSuite; then Retry.")
            : WhyNotTax(SalesLines.ShippingCode(body), body.ShippingTaxRate, "Shipping", catalogue, settings);
    }

    /// <summary>The payload, and the sums it must lead to.</summary>
    public static SalesPlan ToDocument(SalesKind kind, Order order, string customerId, Catalogue catalogue, Connection connection)
    {
        var (body, settings) = (order.Body, connection.Settings<NetSuiteSettings>());
        var captured = NetSuiteMoney.Captured(body, catalogue, settings);
        var discountItem = DiscountStaysWhole(body, catalogue, settings);
        var lines = SalesLines.Of(order, captured, discountItem, catalogue, connection);
        var predicted = NetSuiteMoney.Predict(lines, discountItem ? captured.Discount : 0, Currencies.Decimals(body.Currency) ?? 2, settings);
        var adjustment = MoneyPolicy.Adjustment(body, predicted, settings.OnDifference);
        var details = adjustment != 0 && settings.TaxTypeId is { Length: > 0 } type && lines.All(line => line.TaxId is not null) ? NetSuiteMoney.Override(predicted, adjustment, type) : null;
        return new SalesPlan(new NewSalesRecord
        {
            Entity = new(customerId),
            TranId = settings.OwnNumbers ? order.Info.Number : null,
            TranDate = Day(order.Info.Date),
            ShipDate = kind.Final is not null && body.RequestedDate is { } wished ? Day(wished) : null,
            DueDate = (body as QuoteBody)?.ValidUntil is { } until ? Day(until) : null,
            OtherRefNum = kind == SalesKind.Sale ? null : Texts.Cut(body.CustomerReference ?? body.Reference, settings.NameLength),
            Memo = Texts.Cut(Memo(kind, order, discountItem, connection), settings.MemoLength),
            SalesRep = NetSuiteMappings.SalesRepOf(connection, order.Info),
            Terms = kind == SalesKind.Sale ? null : NetSuiteMappings.Mapped(connection, NetSuiteMappings.Terms, body.PaymentTerms),
            Currency = NetSuiteMappings.Mapped(connection, NetSuiteMappings.Currency, body.Currency),
            Subsidiary = settings.Subsidiary is { Length: > 0 } subsidiary ? new(subsidiary) : null,
            Location = NetSuiteMappings.Mapped(connection, NetSuiteMappings.Location, order.Info.Branch),
            DiscountItem = discountItem ? new(settings.DiscountItemId) : null,
            // A positive one is an error in NetSuite.
            DiscountRate = discountItem ? -captured.Discount : null,
            OrderStatus = kind.First,
            PaymentOption = body is SaleBody { Tenders: [var only] } ? NetSuiteMappings.Mapped(connection, NetSuiteMappings.PaymentMethod, only.Method) : null,
            TaxDetailsOverride = details is null ? null : true,
            TaxDetails = details is null ? null : new(details),
            ShippingAddress = CustomerMapping.ToAddress(body.ShipTo, settings),
            BillingAddress = CustomerMapping.ToAddress(body.BillTo, settings),
            Item = new([.. lines.Select(line => line.Payload)]),
            Custom = Mapped(body, connection),
        }, lines, predicted);
    }

    /// <summary>What a later revision makes of a document that stands there. An absent field would stay, so what is not wanted any more is said to be empty.</summary>
    public static NewSalesRecord ToChange(SalesPlan plan, SalesRecord theirs) => plan.Payload with
    {
        OrderStatus = null,
        Memo = plan.Payload.Memo ?? (theirs.Memo is { Length: > 0 } ? "" : null),
        OtherRefNum = plan.Payload.OtherRefNum ?? (theirs.OtherRefNum is { Length: > 0 } ? "" : null),
        DiscountRate = plan.Payload.DiscountRate ?? (theirs.DiscountTotal is null or 0 ? null : 0),
        TaxDetailsOverride = plan.Payload.TaxDetailsOverride ?? (theirs.TaxDetailsOverride == true ? false : null),
    };

    /// <summary>A day as NetSuite writes it.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Outcome.Refused? WhyNot(OrderLine line, string where, Catalogue catalogue, NetSuiteSettings settings)
    {
        var what = line.Description is { Length: > 0 } name ? $"{line.Sku} ({name})" : line.Sku;
        if (catalogue.Item(line.Sku) is null)
            return catalogue.Items.GetValueOrDefault(line.Sku) is { Count: > 1 } several
                ? new("item.several", $"{where}: NetSuite has several items for SKU {what}: {string.Join(", ", several.Select(item => item.ItemId))}.", "Give each of them a name of its own in NetSuite, then Retry.")
                : new("item.unmapped", $"{where}: NetSuite has no item named {what}.", "Make the item in NetSuite with exactly this name, or correct the SKU; then Retry.");
        if (WhyNotTax(line.TaxCode, line.TaxRate, where, catalogue, settings) is { } tax)
            return tax;
        if (decimal.Round(line.Quantity, settings.QuantityDecimals) != line.Quantity)
            return new("line.quantity.decimals", $"{where}: NetSuite keeps {settings.QuantityDecimals} decimals of a quantity; {NetSuiteMoney.Plain(line.Quantity)} of {what} has more.",
                "If the account keeps more, raise QuantityDecimals in Connections > NetSuite; else order another quantity.");
        return decimal.Round(line.UnitPrice, settings.RateDecimals) == line.UnitPrice
            ? null
            : new("line.unitPrice.decimals", $"{where}: NetSuite keeps {settings.RateDecimals} decimals of a price; {NetSuiteMoney.Plain(line.UnitPrice)} for {what} has more.",
                "If the account keeps more, raise RateDecimals in Connections > NetSuite.");
    }

    // Where NetSuite works tax out itself, nothing has to be mapped.
    private static Outcome.Refused? WhyNotTax(string? code, decimal rate, string where, Catalogue catalogue, NetSuiteSettings settings) =>
        settings.Taxes == TaxSource.Calculated || catalogue.Tax(code, rate) is not null
            ? null
            : new("tax.unmapped", $"{where}: nobody said which tax code of NetSuite {(code is { Length: > 0 } ? $"{code} of {NetSuiteMoney.Plain(rate)} %" : $"{NetSuiteMoney.Plain(rate)} %")} is.",
                "Map it in Connections > Mappings, and it goes on by itself.", Catalogue.Unmapped(code, rate));

    // How NetSuite spreads a discount over lines is a matter of its tax engine, so it is left to NetSuite only where no cent of tax hangs on that.
    private static bool DiscountStaysWhole(OrderBody order, Catalogue catalogue, NetSuiteSettings settings) =>
        order.Discount is not null && settings.DiscountItemId is { Length: > 0 } && order.Shipping == 0 && !order.PricesIncludeTax
        && (order.Lines.All(line => line.TaxRate == 0)
            || (settings is { TaxLevel: RoundingLevel.Document, TaxBeforeDiscount: false } && order.Lines.Select(line => (catalogue.Tax(line.TaxCode, line.TaxRate), line.TaxRate)).Distinct().Count() == 1));

    // What has no field of its own, or is not mapped.
    private static string? Memo(SalesKind kind, Order order, bool discountItem, Connection connection)
    {
        var (body, settings) = (order.Body, connection.Settings<NetSuiteSettings>());
        return Texts.Paragraphs(
        [
            body.Notes,
            settings.OwnNumbers ? null : $"Number: {order.Info.Number}",
            body.PaymentTerms is { Length: > 0 } terms && (kind == SalesKind.Sale || connection.Mapped(NetSuiteMappings.Terms, terms) is null) ? $"Payment terms: {terms}" : null,
            body.Discount is { } discount && !discountItem ? $"The rates contain a discount on the whole of {(discount.Percent is { } percent ? $"{NetSuiteMoney.Plain(percent)} %" : NetSuiteMoney.Plain(discount.Amount ?? 0))}." : null,
            body is SaleBody sale ? $"Paid by: {string.Join(", ", sale.Tenders.Select(tender => $"{tender.Method} {NetSuiteMoney.Plain(tender.Amount)}{(tender.Reference is { Length: > 0 } reference ? $" ({reference})" : "")}"))}" : null,
            .. Fields(body).Where(field => connection.Mapped(NetSuiteMappings.CustomField, field.Key) is null).Select(field => $"{field.Key}: {field.Value}"),
        ]);
    }

    private static Dictionary<string, object>? Mapped(OrderBody order, Connection connection)
    {
        var mapped = Fields(order).Select(field => (Name: connection.Mapped(NetSuiteMappings.CustomField, field.Key), field.Value)).Where(field => field.Name is not null)
            .DistinctBy(field => field.Name).ToDictionary(field => field.Name!, object (field) => field.Value);
        return mapped.Count == 0 ? null : mapped;
    }

    private static IOrderedEnumerable<KeyValuePair<string, string>> Fields(OrderBody order) =>
        (order.CustomFields ?? new Dictionary<string, string>()).OrderBy(field => field.Key, StringComparer.Ordinal);
}

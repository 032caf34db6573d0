using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.QuickBooks;

/// <summary>Our order, quote or sale as QuickBooks'. Pure; limits of length are those of QuickBooks' documents.</summary>
internal static class QuickBooksMapping
{
    private const int NumberLength = 21;
    private const int DescriptionLength = 4000;
    private const int NoteLength = 4000;
    private const int FieldLength = 31;

    /// <summary>The SKUs whose items must be known.</summary>
    public static IReadOnlyCollection<string> Skus(OrderBody order, QuickBooksSettings settings)
    {
        var skus = order.Lines.Select(line => line.Sku).ToHashSet(StringComparer.Ordinal);
        if (order.Shipping != 0 && settings.ShippingSku is { } shipping)
            skus.Add(shipping);
        return skus;
    }

    /// <summary>The tax rates that must be known.</summary>
    public static IEnumerable<decimal> Rates(OrderBody order) => order.Lines.Select(line => line.TaxRate).Append(order.ShippingTaxRate);

    /// <summary>Why this cannot become QuickBooks'; null when it can.</summary>
    public static Outcome.Refused? WhyNot(SalesKind kind, Order order, Catalogue catalogue, QuickBooksSettings settings)
    {
        var body = order.Body;
        if (string.IsNullOrWhiteSpace(order.Info.Number))
            return new("order.noNumber", $"The {kind.Word} has no final number.", "Give the branch a number series, then Retry.");
        if (order.Info.Number.Length > NumberLength && catalogue.Preferences.OwnNumbers)
            return new("order.numberTooLong", $"QuickBooks takes numbers of {NumberLength} characters; {order.Info.Number} is longer.", "Give the branch a series of shorter numbers, or switch off custom transaction numbers in QuickBooks; then Retry.");
        if (order.Customer is null && kind.IsSale && settings.CounterCustomer is null)
            return new("sale.noCustomer", $"The sale {order.Info.Number} names no customer, and no customer of QuickBooks stands for sales over the counter.",
                "Enter the id of such a customer as CounterCustomer in Connections > QuickBooks; then Retry.");
        if (order.Customer is null && !kind.IsSale)
            return new("order.noCustomer", $"The {kind.Word} {order.Info.Number} names no customer.", $"Choose the customer of the {kind.Word}, then Retry.");
        if (catalogue.Preferences is { ManyCurrencies: false, CurrencyPrefs.HomeCurrency.Value: { } home } && home != body.Currency)
            return new("order.currency", $"QuickBooks keeps this company in {home} only; the {kind.Word} is in {body.Currency}.", "Switch on multicurrency in QuickBooks, then Retry.");
        if (settings.Taxes == TaxSystem.Us && WhyNotUs(body) is { } notThere)
            return notThere;
        for (var i = 0; i < body.Lines.Count; i++)
        {
            if (WhyNot(body, body.Lines[i], $"Line {i + 1}", catalogue, settings) is { } refused)
                return refused;
        }

        return body.Shipping == 0 ? null : WhyNotShip(body, catalogue, settings);
    }

    /// <summary>The payload, and the sums it must lead to.</summary>
    public static SalesPlan ToDocument(SalesKind kind, Order order, string customerId, Catalogue catalogue, Connection connection)
    {
        var (body, settings) = (order.Body, connection.Settings<QuickBooksSettings>());
        var predicted = QuickBooksMoney.Predict(body, catalogue, settings);
        var discountLine = DiscountCanBeALine(body, catalogue, settings);
        var (us, taxed) = (settings.Taxes == TaxSystem.Us, Rates(body).Any(rate => rate != 0));
        var lines = SalesLines.Of(body, predicted, discountLine, catalogue, settings);
        var adjustment = MoneyPolicy.Adjustment(body, predicted, settings.OnDifference);
        decimal? tax = settings.SendTax && taxed ? body.Totals.Tax : adjustment != 0 && !body.PricesIncludeTax ? predicted.Tax + adjustment : null;
        var code = us && taxed ? new Reference(UsTax(body, catalogue)!.Id) : null;
        return new SalesPlan(new NewSalesDocument
        {
            DocNumber = catalogue.Preferences.OwnNumbers ? order.Info.Number : null,
            CustomerRef = new(customerId),
            TxnDate = order.Info.Date,
            ShipDate = kind == SalesKind.Quote ? null : body.RequestedDate,
            DueDate = kind == SalesKind.OwedSale ? Tenders.DueDate((SaleBody)body) : null,
            ExpirationDate = (body as QuoteBody)?.ValidUntil,
            TxnStatus = kind.State,
            CurrencyRef = catalogue.Preferences.ManyCurrencies ? new(body.Currency) : null,
            DepartmentRef = connection.Mapped(QuickBooksMappings.Location, order.Info.Branch) is { } place ? new(place) : null,
            GlobalTaxCalculation = us ? null : SalesLines.Untaxed(body, catalogue) ? "NotApplicable" : body.PricesIncludeTax ? "TaxInclusive" : "TaxExcluded",
            ApplyTaxAfterDiscount = discountLine && us ? true : null,
            Line = lines,
            TxnTaxDetail = code is null && tax is null ? null : new(code, tax),
            PaymentMethodRef = kind == SalesKind.PaidSale ? Tenders.Method((SaleBody)body, connection) : null,
            PaymentRefNum = kind == SalesKind.PaidSale ? Tenders.Reference((SaleBody)body) : null,
            PrivateNote = OurMark.On(Note(order, discountLine, catalogue, connection), order.Info.RecordId, NoteLength),
            ShipAddr = CustomerMapping.ToAddress(body.ShipTo),
            BillAddr = CustomerMapping.ToAddress(body.BillTo),
            CustomField = Mapped(body, connection),
        }, predicted, tax);
    }

    /// <summary>The one tax of a document in the US.</summary>
    private static TaxEntry? UsTax(OrderBody order, Catalogue catalogue)
    {
        var line = order.Lines.FirstOrDefault(one => one.TaxRate != 0);
        return line is null ? catalogue.Tax(null, order.ShippingTaxRate).Tax : catalogue.Tax(line.TaxCode, line.TaxRate).Tax;
    }

    private static Outcome.Refused? WhyNotUs(OrderBody order)
    {
        if (order.PricesIncludeTax)
            return new("order.pricesIncludeTax", "In the US QuickBooks has no prices that include tax.", "Capture orders with prices without tax.");
        var rates = Rates(order).Where(rate => rate != 0).Distinct().ToList();
        return rates.Count <= 1
            ? null
            : new("tax.several", $"In the US QuickBooks has one tax for a document; this one has {string.Join(" and ", rates.Select(QuickBooksMoney.Plain))} %.", "Capture one order for each tax, or enter it in QuickBooks by hand and Stop it here.");
    }

    private static Outcome.Refused? WhyNot(OrderBody order, OrderLine line, string where, Catalogue catalogue, QuickBooksSettings settings)
    {
        var what = line.Description is { Length: > 0 } name ? $"{line.Sku} ({name})" : line.Sku;
        if (WhyNotItem(line.Sku, what, where, catalogue) is { } item)
            return item;
        if (WhyNotTax(order, line.TaxCode, line.TaxRate, where, catalogue, settings) is { } tax)
            return tax;
        if (decimal.Round(line.Quantity, settings.QuantityDecimals) != line.Quantity)
            return new("line.quantity.decimals", $"{where}: QuickBooks keeps {settings.QuantityDecimals} decimals of a quantity; {QuickBooksMoney.Plain(line.Quantity)} of {what} has more.",
                "If the company keeps more, raise QuantityDecimals in Connections > QuickBooks; else order another quantity.");
        return decimal.Round(line.UnitPrice, settings.PriceDecimals) == line.UnitPrice
            ? null
            : new("line.unitPrice.decimals", $"{where}: QuickBooks keeps {settings.PriceDecimals} decimals of a price; {QuickBooksMoney.Plain(line.UnitPrice)} for {what} has more.",
                "If the company keeps more, raise PriceDecimals in Connections > QuickBooks.");
    }

    private static Outcome.Refused? WhyNotItem(string sku, string what, string where, Catalogue catalogue) => catalogue.Items.GetValueOrDefault(sku) switch
    {
        null or [] => new("item.unmapped", $"{where}: QuickBooks has no item with SKU {what}.", "Make the item in QuickBooks with exactly this SKU, or correct the SKU; then Retry."),
        var all when all.All(item => item.Active == false) => new("item.inactive", $"{where}: item {what} is inactive in QuickBooks.", "Make the item active in QuickBooks, then Retry."),
        var all when all.Count(item => item.Active != false) > 1 => new(
            "item.several", $"{where}: QuickBooks has several active items with SKU {what}: {string.Join(", ", all.Where(item => item.Active != false).Select(item => item.Name))}.", "Give each of them a SKU of its own in QuickBooks, then Retry."),
        _ => null,
    };

    private static Outcome.Refused? WhyNotTax(OrderBody order, string? code, decimal rate, string where, Catalogue catalogue, QuickBooksSettings settings)
    {
        if (rate == 0 && (settings.Taxes == TaxSystem.Us || SalesLines.Untaxed(order, catalogue)))
            return null;
        var (tax, whyNot) = catalogue.Tax(code, rate);
        if (tax is null && whyNot is null)
            whyNot = "QuickBooks has no tax code of 0 %, and outside the US each line must have one";
        return whyNot is null
            ? null
            : new("tax.unmapped", $"{where}: {whyNot}.",
                "Map it in Connections > Mappings, and it goes on by itself; where QuickBooks has no tax code of this rate, make it there first (Taxes).", catalogue.Unmapped(code, rate));
    }

    private static Outcome.Refused? WhyNotShip(OrderBody order, Catalogue catalogue, QuickBooksSettings settings)
    {
        if (settings.ShippingSku is not { } sku || catalogue.Item(sku) is null)
            return new("shipping.unmapped", "The order has a shipping charge, and no item of QuickBooks stands for it.",
                "Make an item for shipping in QuickBooks and enter its SKU as ShippingSku in Connections > QuickBooks; then Retry.");
        return WhyNotTax(order, SalesLines.ShippingCode(order), order.ShippingTaxRate, "Shipping", catalogue, settings);
    }

    // How QuickBooks spreads a discount over lines is not documented, so it is left to QuickBooks only where no cent of tax hangs on that.
    private static bool DiscountCanBeALine(OrderBody order, Catalogue catalogue, QuickBooksSettings settings) =>
        order.Discount is not null && settings.DiscountLine && catalogue.Preferences.Discounts && order.Shipping == 0
        && (order.Lines.All(line => line.TaxRate == 0)
            || (settings.Taxes == TaxSystem.Us && settings.Rounding.Level == RoundingLevel.Document && order.Lines.Select(line => line.TaxRate).Distinct().Count() == 1));

    // What has no field of its own in QuickBooks.
    private static string? Note(Order order, bool discountLine, Catalogue catalogue, Connection connection)
    {
        var body = order.Body;
        return Texts.Paragraphs(
        [
            body.Notes,
            body is SaleBody sale ? Tenders.Note(sale, connection) : null,
            catalogue.Preferences.OwnNumbers ? null : $"Number: {order.Info.Number}",
            body.CustomerReference is { Length: > 0 } reference && connection.Mapped(QuickBooksMappings.CustomField, QuickBooksMappings.CustomerReference) is null ? $"Customer's number: {reference}" : null,
            body.PaymentTerms is { Length: > 0 } terms ? $"Payment terms: {terms}" : null,
            body.Discount is { } discount && !discountLine ? $"The prices contain a discount on the whole of {(discount.Percent is { } percent ? $"{QuickBooksMoney.Plain(percent)} %" : QuickBooksMoney.Plain(discount.Amount ?? 0))}." : null,
            .. Fields(body).Where(field => connection.Mapped(QuickBooksMappings.CustomField, field.Key) is null).Select(field => $"{field.Key}: {field.Value}"),
        ]);
    }

    private static List<CustomField>? Mapped(OrderBody order, Connection connection)
    {
        var reference = new KeyValuePair<string, string>(QuickBooksMappings.CustomerReference, order.CustomerReference ?? "");
        var fields = Fields(order).Append(reference).Where(field => field.Value.Length > 0)
            .Select(field => (Id: connection.Mapped(QuickBooksMappings.CustomField, field.Key), field.Value)).Where(field => field.Id is not null)
            .Select(field => new CustomField(field.Id!, "StringType", Texts.Cut(field.Value, FieldLength)!)).ToList();
        return fields.Count == 0 ? null : fields;
    }

    private static IOrderedEnumerable<KeyValuePair<string, string>> Fields(OrderBody order) =>
        (order.CustomFields ?? new Dictionary<string, string>()).OrderBy(field => field.Key, StringComparer.Ordinal);

    /// <summary>A line's text.</summary>
    public static string? Description(OrderLine line) => Texts.Cut(Texts.Paragraphs(line.Description, line.Unit is { Length: > 0 } unit ? $"Unit: {unit}" : null, line.Notes), DescriptionLength);
}

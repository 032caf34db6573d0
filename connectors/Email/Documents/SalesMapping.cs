using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Email.Documents;

/// <summary>A captured order, quote or sale as the document that is sent. Totals are those captured; only what was not captured (line amounts, tax by rate, shipping as it counts in the currency) is computed.</summary>
internal static class SalesMapping
{
    // Where the device did not say how it rounded: the ways there are, most usual first. The one that reaches the captured totals was it.
    private static readonly RoundingPolicy[] Ways =
    [
        new(RoundingLevel.Document, Tie.HalfUp), new(RoundingLevel.Line, Tie.HalfUp),
        new(RoundingLevel.Document, Tie.HalfEven), new(RoundingLevel.Line, Tie.HalfEven),
    ];

    public static Document ToDocument(Order order, EmailSettings settings) => ToDocument(order.Info, order.Body, order.Customer, settings);

    public static Document ToDocument(Quote quote, EmailSettings settings) => ToDocument(quote.Info, quote.Body, quote.Customer, settings) with
    {
        ValidUntil = quote.Body.ValidUntil ?? quote.Info.Date.AddDays(settings.QuoteDays),
    };

    public static Document ToDocument(Sale sale, EmailSettings settings) => ToDocument(sale.Info, sale.Body, sale.Customer, settings) with
    {
        PaidWith = [.. sale.Body.Tenders.Select(tender => new PaidWith(tender.Method, tender.Amount, tender.DueDate))],
    };

    private static Document ToDocument(DocumentInfo info, OrderBody body, CustomerOfOrder? orderedBy, EmailSettings settings)
    {
        var customer = orderedBy?.Body;
        var name = Parties.NameOf(orderedBy, body.Customer, body.BillTo);
        var figures = Figures(body);
        var billTo = Parties.Of(body.BillTo ?? customer?.Billing, name);
        var shipTo = Parties.Of(body.ShipTo ?? customer?.Shipping, name);
        return new Document
        {
            Kind = info.Kind,
            From = new Letterhead(settings.FromName, settings.LetterheadLines),
            Number = info.Number ?? body.Reference ?? info.RecordId.ToString("D"),
            Reference = body.Reference,
            Revision = info.Revision,
            Date = info.Date,
            CapturedAt = info.CapturedAt,
            BillTo = billTo,
            ShipTo = shipTo.Lines.Count == 0 || shipTo.Name == billTo.Name && shipTo.Lines.SequenceEqual(billTo.Lines) ? null : shipTo,
            CustomerCode = orderedBy?.ErpNumber ?? customer?.Code ?? body.Customer?.Number ?? body.Customer?.Code,
            CustomerTaxNumber = customer?.TaxNumber,
            CustomerReference = body.CustomerReference,
            Rep = info.Rep?.Name,
            RequestedDate = body.RequestedDate,
            PaymentTerms = body.PaymentTerms,
            Currency = body.Currency,
            Decimals = Currencies.Decimals(body.Currency) ?? 2,
            PricesIncludeTax = body.PricesIncludeTax,
            Lines = body.Lines.Select((line, i) => new DocumentLine(
                line.Sku, line.Description, line.Quantity, line.Unit, line.UnitPrice,
                line.Discount is { Percent: not (null or 0) } or { Amount: not (null or 0) } ? new LineDiscount(line.Discount.Percent, line.Discount.Amount) : null,
                line.TaxRate, figures.Lines[i].Amount, line.Notes)).ToList(),
            Taxes = figures.Tax == body.Totals.Tax
                ? figures.Taxes.GroupBy(tax => tax.RatePercent).Select(rate => new DocumentTax(rate.Key, rate.Sum(tax => tax.Base), rate.Sum(tax => tax.Tax))).ToList()
                : [],
            Totals = new CapturedTotals(
                body.Totals.Subtotal, body.Totals.Discount, body.Discount?.Percent, figures.Shipping, body.Totals.Tax, body.Totals.Total),
            Notes = body.Notes,
            Terms = settings.Terms,
            Sha256 = info.Sha256,
        };
    }

    private static Totals Figures(OrderBody body)
    {
        var input = new DocumentInput(
            body.Currency,
            body.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, ToDiscount(line.Discount), line.TaxCode, line.TaxRate)).ToList(),
            ToDiscount(body.Discount), body.Shipping, body.ShippingTaxRate, body.PricesIncludeTax);
        var ways = body.Rounding is { } said
            ? [new RoundingPolicy(Enum.Parse<RoundingLevel>(said.Level, ignoreCase: true), Enum.Parse<Tie>(said.Tie, ignoreCase: true))]
            : Ways;
        var reached = ways.Select(way => DocumentTotals.Compute(input, way)).ToList();
        return reached.Find(figures => figures.Tax == body.Totals.Tax && figures.Total == body.Totals.Total) ?? reached[0];
    }

    private static Discount ToDiscount(DiscountBody? discount) => discount switch
    {
        { Percent: { } percent } => Discount.Percent(percent),
        { Amount: { } amount } => Discount.Amount(amount),
        _ => Discount.None,
    };
}

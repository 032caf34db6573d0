namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Puts the figures of the arithmetic, and the settings they were made by, into a document.</summary>
internal static class ZohoDocumentFigures
{
    /// <summary>Works a document out. A discount of a form that the document or the organisation does not use is dropped.</summary>
    public static ZohoDocument Apply(ZohoDocument document, ZohoOrganisation organisation, ZohoFields fields)
    {
        if (document.LineItems.Count == 0)
            throw ZohoRefusal.Missing("line_items");

        var settings = organisation.Settings;
        var perLine = document.DiscountType == "item_level" && settings.LineDiscountHonoured
            && settings.DiscountsGiven is (DiscountsGiven.Any or DiscountsGiven.ItemLevel);
        var perOrder = document.DiscountType == "entity_level" && settings.DiscountsGiven is (DiscountsGiven.Any or DiscountsGiven.EntityLevel);
        var input = new ZohoOrderInput(
            [.. document.LineItems.Select(line => new ZohoLineInput(
                line.Quantity, line.Rate, perLine ? ZohoDiscount.Parse(line.Discount) : null,
                line.TaxId.Length > 0 ? new ZohoTax(line.TaxId, line.TaxName, line.TaxPercentage) : null))],
            perOrder ? ZohoDiscount.Parse(document.Discount) : null,
            document.IsDiscountBeforeTax, document.IsInclusiveTax, document.ShippingCharge, document.Adjustment);
        var figures = ZohoArithmetic.Compute(input, settings);
        if (figures.Discount > Math.Max(0, figures.DiscountAppliedOn))
            throw fields.Invalid("discount");

        return document with
        {
            LineItems = [.. document.LineItems.Select((line, i) => Line(line, figures.Lines[i], perLine))],
            Discount = perOrder ? document.Discount : "",
            SubTotal = figures.SubTotal,
            SubTotalInclusiveOfTax = figures.SubTotalInclusiveOfTax,
            DiscountTotal = figures.Discount,
            DiscountAppliedOnAmount = perOrder && figures.Discount > 0 ? figures.DiscountAppliedOn : 0,
            Taxes = figures.Taxes,
            TaxTotal = figures.TaxTotal,
            RoundoffValue = figures.Roundoff,
            Total = figures.Total,
            PricePrecision = settings.PricePrecision,
            TaxRounding = settings.TaxLevel == TaxLevel.Line ? "item_level" : "entity_level",
            RoundingMode = RoundingMode(settings.Tie),
            BcyRoundingMode = RoundingMode(settings.Tie),
            TransactionRoundingType = settings.RoundoffStep == 0 ? "no_rounding" : "round_to_increment",
            IsItemLevelTaxCalc = settings.TaxLevel == TaxLevel.Line,
        };
    }

    // tax_amount of a line may be null while line_item_taxes has values; readers must cope.
    private static ZohoLine Line(ZohoLine line, ZohoLineFigures figures, bool discounts) => line with
    {
        Discount = discounts ? line.Discount : "",
        DiscountAmount = figures.DiscountAmount,
        ItemTotal = figures.ItemTotal,
        TaxAmount = null,
        LineItemTaxes = line.TaxId.Length > 0 && figures.TaxAmount is { } tax ? [new ZohoTaxRow(line.TaxId, line.TaxName, tax)] : [],
    };

    private static string RoundingMode(Tie tie) => tie switch
    {
        Tie.HalfEven => "round_half_even",
        Tie.Up => "round_up",
        Tie.Down => "round_down",
        _ => "round_half_up",
    };
}

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Puts the figures of the arithmetic, and the settings they were made by, into an order.</summary>
internal static class ZohoOrderFigures
{
    /// <summary>Works an order out. A discount of a form that the order or the organisation does not use is dropped.</summary>
    public static ZohoSalesOrder Apply(ZohoSalesOrder order, ZohoOrganisation organisation, ZohoFields fields)
    {
        if (order.LineItems.Count == 0)
            throw ZohoRefusal.Missing("line_items");

        var settings = organisation.Settings;
        var perLine = order.DiscountType == "item_level" && settings.LineDiscountHonoured
            && settings.DiscountsGiven is (DiscountsGiven.Any or DiscountsGiven.ItemLevel);
        var perOrder = order.DiscountType == "entity_level" && settings.DiscountsGiven is (DiscountsGiven.Any or DiscountsGiven.EntityLevel);
        var input = new ZohoOrderInput(
            [.. order.LineItems.Select(line => new ZohoLineInput(
                line.Quantity, line.Rate, perLine ? ZohoDiscount.Parse(line.Discount) : null,
                line.TaxId.Length > 0 ? new ZohoTax(line.TaxId, line.TaxName, line.TaxPercentage) : null))],
            perOrder ? ZohoDiscount.Parse(order.Discount) : null,
            order.IsDiscountBeforeTax, order.IsInclusiveTax, order.ShippingCharge, order.Adjustment);
        var figures = ZohoArithmetic.Compute(input, settings);
        if (figures.Discount > Math.Max(0, figures.DiscountAppliedOn))
            throw fields.Invalid("discount");

        return order with
        {
            LineItems = [.. order.LineItems.Select((line, i) => Line(line, figures.Lines[i], perLine))],
            Discount = perOrder ? order.Discount : "",
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
    private static ZohoOrderLine Line(ZohoOrderLine line, ZohoLineFigures figures, bool discounts) => line with
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

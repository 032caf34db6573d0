using System.Globalization;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Zoho's documents as people compare them with what was captured. Pure.</summary>
internal static class Shown
{
    /// <summary>A sales order or an estimate.</summary>
    public static ErpDocument Of(SalesKind kind, SalesDocument theirs, ZohoSettings settings) => new(theirs.Number, theirs.Status, Known(theirs.CurrencyCode), theirs.Total)
    {
        Date = Day(theirs.Date),
        Customer = Known(theirs.CustomerName),
        Reference = Known(theirs.ReferenceNumber),
        PricesIncludeTax = theirs.IsInclusiveTax,
        Lines = [.. (theirs.LineItems ?? []).OrderBy(line => line.ItemOrder).Select(line => new ErpLine(
            Known(line.Sku), Known(line.Description) ?? Known(line.Name), line.Quantity, Known(line.Unit), line.Rate, line.DiscountAmount, line.TaxPercentage, line.ItemTotal))],
        Subtotal = theirs.SubTotal,
        // With discounts on lines the sum of them stands here too.
        Discount = theirs.DiscountType == "entity_level" ? theirs.DiscountTotal : null,
        Shipping = theirs.ShippingCharge,
        Tax = theirs.TaxTotal,
        Adjustment = theirs.Adjustment,
        Page = settings.Page(kind.Resource, theirs.Id),
    };

    /// <summary>A payment.</summary>
    public static ErpDocument Of(Payment theirs, ZohoSettings settings) => new(theirs.PaymentNumber, null, Known(theirs.CurrencyCode), theirs.Amount)
    {
        Date = Day(theirs.Date), Customer = Known(theirs.CustomerName), Reference = Known(theirs.ReferenceNumber), Page = settings.Page("paymentsreceived", theirs.PaymentId),
    };

    /// <summary>A customer.</summary>
    public static ErpDocument Of(Contact theirs, ZohoSettings settings) => new(Known(theirs.ContactNumber), Known(theirs.Status), Known(theirs.CurrencyCode), null)
    {
        Customer = theirs.ContactName, Page = settings.Page("contacts", theirs.ContactId),
    };

    private static string? Known(string? text) => text is { Length: > 0 } ? text : null;

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

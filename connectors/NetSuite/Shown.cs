using System.Globalization;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>NetSuite's documents as people compare them with what was captured. Pure.</summary>
internal static class Shown
{
    /// <summary>A sales order, an estimate or a cash sale.</summary>
    public static ErpDocument Of(SalesKind kind, SalesRecord theirs) => new(
        theirs.TranId, kind.IsVoid(theirs) ? "closed" : theirs.Status?.RefName ?? theirs.OrderStatus?.RefName, theirs.Currency?.RefName, theirs.Total)
    {
        Date = Day(theirs.TranDate),
        Customer = theirs.Entity?.RefName,
        Reference = theirs.OtherRefNum,
        PricesIncludeTax = false,
        Lines = [.. theirs.Lines.Select(line => new ErpLine(line.Item?.RefName, line.Description, line.Quantity ?? 0, line.Units?.RefName, line.Rate ?? 0, null, null, line.Amount))],
        Subtotal = theirs.Subtotal,
        Discount = theirs.DiscountTotal is { } discount and not 0 ? Math.Abs(discount) : null,
        Tax = theirs.TaxTotal,
    };

    /// <summary>A deposit or a payment.</summary>
    public static ErpDocument Of(ReceiptRecord theirs) => new(theirs.TranId, theirs.Status?.RefName, theirs.Currency?.RefName, theirs.Payment)
    {
        Date = Day(theirs.TranDate), Customer = theirs.Customer?.RefName, Reference = theirs.Memo,
    };

    /// <summary>A customer.</summary>
    public static ErpDocument Of(CustomerRecord theirs) => new(theirs.EntityId, theirs.IsInactive == true ? "inactive" : "active", theirs.Currency?.RefName, null)
    {
        Customer = theirs.CompanyName ?? theirs.EntityId,
    };

    /// <summary>A day as NetSuite shows it.</summary>
    public static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

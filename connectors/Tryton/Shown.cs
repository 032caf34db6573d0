using System.Globalization;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Tryton's documents as people compare them with what was captured. Pure.</summary>
internal static class Shown
{
    /// <summary>A sale.</summary>
    public static ErpDocument Of(Sale theirs) => new(theirs.Number ?? theirs.Id.ToString(CultureInfo.InvariantCulture), theirs.State, theirs.Currency?.Code, theirs.TotalAmount)
    {
        Date = theirs.SaleDate,
        Customer = theirs.PartyNamed?.Name,
        Reference = theirs.Reference,
        PricesIncludeTax = false,
        Lines = [.. (theirs.Lines ?? []).Where(line => line.Type == "line").Select(line => new ErpLine(
            line.ProductNamed?.Code, line.Description, line.Quantity ?? 0, line.Unit?.Symbol, line.UnitPrice ?? 0, null, line.Taxes?.Sum(tax => tax.Percent), line.Amount))],
        Subtotal = theirs.UntaxedAmount,
        Tax = theirs.TaxAmount,
    };

    /// <summary>Money received.</summary>
    public static ErpDocument Of(Move theirs) => new(theirs.PostNumber ?? theirs.Number, theirs.State, null, theirs.Received?.Credit)
    {
        Date = theirs.Date, Customer = theirs.Received?.PartyNamed?.Name, Reference = theirs.Received?.Description,
    };

    /// <summary>A party.</summary>
    public static ErpDocument Of(Party theirs) => new(theirs.Code, theirs.Active ? "active" : "inactive", null, null) { Customer = theirs.Name };
}

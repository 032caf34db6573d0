using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>QuickBooks' documents as people compare them with what was captured. Pure.</summary>
internal static class Shown
{
    /// <summary>An estimate, an invoice or a sales receipt.</summary>
    public static ErpDocument Of(SalesKind kind, SalesDocument theirs, QuickBooksSettings settings) => new(
        theirs.DocNumber, kind.StateOf(theirs), theirs.CurrencyRef?.Value, theirs.TotalAmt)
    {
        Date = theirs.TxnDate,
        Customer = theirs.CustomerRef?.Name,
        PricesIncludeTax = theirs.GlobalTaxCalculation is { } tax ? tax == "TaxInclusive" : null,
        Lines = [.. theirs.Sold.Select(line => new ErpLine(
            null, line.Description ?? line.SalesItemLineDetail!.ItemRef?.Name, line.SalesItemLineDetail!.Qty ?? 1, null, line.SalesItemLineDetail.UnitPrice ?? line.Amount ?? 0, null, null,
            line.SalesItemLineDetail.TaxInclusiveAmt ?? line.Amount))],
        Discount = theirs.Discount,
        Tax = theirs.TxnTaxDetail?.TotalTax,
        Page = settings.Page(kind.Page, theirs.Id),
    };

    /// <summary>A payment.</summary>
    public static ErpDocument Of(Payment theirs, QuickBooksSettings settings) => new(theirs.PaymentRefNum, null, theirs.CurrencyRef?.Value, theirs.TotalAmt)
    {
        Date = theirs.TxnDate, Customer = theirs.CustomerRef?.Name, Reference = theirs.PaymentRefNum, Page = settings.Page("recvpayment?txnId", theirs.Id),
    };

    /// <summary>A customer.</summary>
    public static ErpDocument Of(CustomerRow theirs, QuickBooksSettings settings) => new(theirs.Id, theirs.Active == false ? "inactive" : "active", theirs.CurrencyRef?.Value, null)
    {
        Customer = theirs.DisplayName, Page = settings.Page("customerdetail?nameId", theirs.Id),
    };
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>One thing of an organisation as HTML: a line that opens to all that is in it.</summary>
internal static class ZohoCards
{
    /// <summary>A document with its lines and sums, or a payment with what it paid.</summary>
    public static string Document(ZohoOrganisation one, IZohoDocument row)
    {
        var html = Open(row.Number, row.CustomerName, $"{Money(row.Total, one)} {one.Settings.CurrencyCode}", row.Status).Append("<table>");
        if (row is ZohoDocument document)
            Lines(html, one, document);
        if (row is ZohoInvoice invoice)
            Sum(html, "Balance", invoice.Balance, one);
        if (row is ZohoPayment payment)
        {
            foreach (var applied in payment.Invoices)
                Sum(html, $"Invoice {applied.InvoiceNumber}", applied.AmountApplied, one);
            Sum(html, $"Not used, paid by {payment.PaymentMode}", payment.UnusedAmount, one);
        }

        html.Append("</table><p class=soft>");
        html.AppendJoin(" · ", new[]
        {
            Labelled("Date", row.Date), Labelled("Reference", row.ReferenceNumber), Labelled("Sold by", (row as ZohoDocument)?.SalespersonName), Labelled("At", (row as ZohoDocument)?.LocationName),
            Labelled("Of order", (row as ZohoInvoice)?.SalesorderNumber), Labelled("Invoiced", (row as ZohoSalesOrder)?.InvoicedStatus), Labelled("Paid", (row as ZohoSalesOrder)?.PaidStatus),
            Labelled("Notes", (row as ZohoDocument)?.Notes),
        }.Where(text => text.Length > 0));
        return Close(html, row.CustomField("cf_ordersync_id"));
    }

    /// <summary>A contact with its addresses.</summary>
    public static string Contact(ZohoContact contact)
    {
        var html = Open(contact.ContactName, contact.Email, "", contact.Status).Append("<p class=soft>");
        html.AppendJoin(" · ", new[]
        {
            Labelled("Phone", contact.Phone), Labelled("Mobile", contact.Mobile), Labelled("Number", contact.ContactNumber), Labelled("Price list", contact.PricebookName),
            Labelled("Bill to", Address(contact.BillingAddress)), Labelled("Ship to", Address(contact.ShippingAddress)), Labelled("Terms", contact.PaymentTermsLabel),
        }.Where(text => text.Length > 0));
        return Close(html, contact.CustomField("cf_ordersync_id"));
    }

    /// <summary>An item with its stock.</summary>
    public static string Item(ZohoOrganisation one, ZohoItem item)
    {
        var html = Open(item.Sku, item.Name, $"{Money(item.Rate, one)} {one.Settings.CurrencyCode}", item.Status).Append("<table>");
        foreach (var place in ZohoStock.Shown(one, item).Locations)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Text(place.LocationName)}<td class=sum>{place.LocationStockOnHand:0.######} in stock, {place.LocationCommittedStock:0.######} promised</tr>");
        }

        html.Append("</table><p class=soft>");
        html.AppendJoin(" · ", new[]
        {
            Labelled("Unit", item.Unit), Labelled("Category", item.CategoryName), Labelled("Group", item.GroupName), Labelled(item.AttributeName1, item.AttributeOptionName1),
            Labelled("EAN", item.Ean), Labelled("Tax", item.TaxName),
        }.Where(text => text.Length > 0));
        return Close(html, null);
    }

    /// <summary>A price list with its rates.</summary>
    public static string Pricebook(ZohoOrganisation one, ZohoPricebook book)
    {
        var what = book.PricebookType == "per_item" ? $"{book.PricebookItems.Count} items"
            : string.Create(CultureInfo.InvariantCulture, $"{(book.IsIncrease ? '+' : '−')}{book.Percentage:0.##} %");
        var html = Open(book.Name, "", what, book.Status).Append("<table>");
        foreach (var item in book.PricebookItems)
        {
            if (item.PricebookRate is { } rate)
                Sum(html, item.Name, rate, one);
            foreach (var bracket in item.PriceBrackets)
                Sum(html, string.Create(CultureInfo.InvariantCulture, $"{item.Name}, from {bracket.StartQuantity:0.##}"), bracket.PricebookRate, one);
        }

        return Close(html.Append("</table><p class=soft>"), null);
    }

    private static void Lines(StringBuilder html, ZohoOrganisation one, ZohoDocument document)
    {
        foreach (var line in document.LineItems)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{line.Quantity:0.######} {Text(line.Unit)} × {Text(line.Name)} at {line.Rate:0.00####}");
            html.Append(CultureInfo.InvariantCulture, $"{(line.Discount.Length > 0 ? $", less {Text(line.Discount)}" : "")}<td class=sum>{Money(line.ItemTotal, one)}</tr>");
        }

        html.Append("<tr class=rule><td><td></tr>");
        foreach (var (label, amount) in new[]
        {
            ("Discount", -document.DiscountTotal), ("Tax", document.TaxTotal), ("Shipping", document.ShippingCharge), ("Adjustment", document.Adjustment), ("Rounding", document.RoundoffValue),
        })
        {
            if (amount != 0)
                Sum(html, label, amount, one);
        }

        Sum(html, "Total", document.Total, one);
    }

    private static StringBuilder Open(string number, string who, string sum, string state) => new StringBuilder("<details class=card><summary>")
        .Append(CultureInfo.InvariantCulture, $"<b>{Text(number)}</b><span class=who>{Text(who)}</span><span class=state>{Text(state.Replace('_', ' '))}</span><span class=sum>{Text(sum)}</span></summary>");

    private static string Close(StringBuilder html, string? ours) =>
        html.Append(CultureInfo.InvariantCulture, $"</p>{(ours is null ? "" : $"<p class=soft>OrderSync record {Text(ours)}</p>")}</details>").ToString();

    private static void Sum(StringBuilder html, string label, decimal amount, ZohoOrganisation one) =>
        html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(label)}<td class=sum>{Money(amount, one)}</tr>");

    private static string Labelled(string label, string? text) => string.IsNullOrEmpty(text) ? "" : $"{Text(label)}: {Text(text.Replace('_', ' '))}";

    private static string Address(ZohoAddress? address) => address is null ? ""
        : string.Join(", ", new[] { address.Attention, address.Address, address.Street2, address.Zip, address.City, address.State, address.Country }.Where(part => part.Length > 0));

    private static string Money(decimal amount, ZohoOrganisation one) => amount.ToString($"N{one.Settings.PricePrecision}", CultureInfo.InvariantCulture);

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}

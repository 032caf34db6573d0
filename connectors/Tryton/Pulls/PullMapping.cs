using System.Globalization;
using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;

namespace OrderSync.Tryton;

/// <summary>What Tryton holds as our collections. Pure.</summary>
internal static class PullMapping
{
    public static ItemLevel Item(Product product)
    {
        var tax = product.Template?.AccountCategory?.CustomerTaxes is { Count: 1 } taxes ? taxes[0] : null;
        return new(
            product.Code, product.Name ?? "", product is { Active: true, Salable: true }, product.SaleUom?.Symbol, product.ListPrice, tax?.Name, tax?.Percent,
            Categories: Some((product.Template?.Categories ?? []).Select(category => category.Name)),
            Barcodes: Some((product.Identifiers ?? []).Where(one => one.Type is "ean" or "isan" or "isbn" or "isil" or "isin" or "ismn").Select(one => one.Code)),
            Description: product.Description is { Length: > 0 } text ? text : null);
    }

    public static CustomerLevel Customer(Party party) => new(
        new CustomerBody(
            party.Name ?? "", null, null, Reach(party, "email"), Reach(party, "phone") ?? Reach(party, "mobile") ?? Reach(party, "other"), party.Identifiers is [var first, ..] ? first.Code : null, party.Code,
            Address(party, address => address.Invoice), Address(party, address => address.Delivery), null, party.CustomerPaymentTerm?.Name, null),
        party.Active);

    public static DocumentLevel Order(Sale sale) => new(
        sale.Number ?? Id(sale.Id), sale.State, sale.TotalAmount, Currency: sale.Currency?.Code, Date: sale.SaleDate, Customer: sale.Party is { } party ? Id(party) : null);

    public static DocumentLevel Invoice(Invoice invoice) => new(
        invoice.Number ?? Id(invoice.Id), invoice.State, invoice.TotalAmount, invoice.AmountToPay, invoice.Currency?.Code, invoice.InvoiceDate,
        Customer: invoice.Party is { } party ? Id(party) : null, Order: invoice.Sales is [var sale, ..] ? Id(sale) : null);

    /// <summary>Our id of theirs.</summary>
    public static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The later of the dates that a row shows; one that was never changed has only that of its making.</summary>
    public static DateTime? Latest(params ReadOnlySpan<DateTime?> dates)
    {
        DateTime? latest = null;
        foreach (var date in dates)
        {
            if (date is not null && (latest is null || date > latest))
                latest = date;
        }

        return latest;
    }

    private static string? Reach(Party party, string type) => party.ContactMechanisms?.FirstOrDefault(one => one.Type == type)?.Value;

    private static AddressBody? Address(Party party, Func<PartyAddress, bool> marked)
    {
        var all = (party.Addresses ?? []).OrderBy(address => address.Id).ToList();
        if ((all.Find(one => marked(one)) ?? all.FirstOrDefault()) is not { } address)
            return null;
        var street = (address.Street ?? "").ReplaceLineEndings("\n").Split('\n', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var body = new AddressBody(address.PartyName, street.ElementAtOrDefault(0), street.ElementAtOrDefault(1), address.City, null, address.PostalCode, address.Country?.Code);
        return body == new AddressBody(null, null, null, null, null, null, null) ? null : body;
    }

    private static List<string>? Some(IEnumerable<string?> texts) => texts.Where(text => text is { Length: > 0 }).Select(text => text!).ToList() is { Count: > 0 } some ? some : null;
}

using OrderSync.Email.Rendering;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Email.Documents;

/// <summary>A captured receipt as the document that is sent.</summary>
internal static class ReceiptMapping
{
    /// <param name="receipt">As captured.</param>
    /// <param name="numbers">Numbers of the orders it pays, as far as they were mailed from here.</param>
    /// <param name="settings">Who sends it.</param>
    public static Document ToDocument(Receipt receipt, IReadOnlyDictionary<Guid, string> numbers, EmailSettings settings)
    {
        var (info, body, customer) = (receipt.Info, receipt.Body, receipt.Customer?.Body);
        var words = Words.In(settings.Language);
        var pays = (body.Allocations ?? []).Select(part => new PaidDocument(NameOf(part.Order, part.Document), part.Amount)).ToList();
        return new Document
        {
            Kind = info.Kind,
            From = new Letterhead(settings.FromName, settings.LetterheadLines),
            Number = info.Number ?? body.Reference ?? info.RecordId.ToString("D"),
            Reference = body.Reference,
            Revision = info.Revision,
            Date = body.ReceivedOn ?? info.Date,
            CapturedAt = info.CapturedAt,
            BillTo = Parties.Of(customer?.Billing, Parties.NameOf(receipt.Customer, body.Customer)),
            CustomerCode = receipt.Customer?.ErpNumber ?? customer?.Code ?? body.Customer?.Number ?? body.Customer?.Code,
            CustomerTaxNumber = customer?.TaxNumber,
            Rep = info.Rep?.Name,
            Currency = body.Currency,
            Decimals = Currencies.Decimals(body.Currency) ?? 2,
            Payment = new Payment(body.Amount, body.Method, pays, body.Amount - pays.Sum(part => part.Amount)),
            Notes = body.Notes,
            Terms = settings.Terms,
            Sha256 = info.Sha256,
        };

        // An order that was not mailed from here is named by the start of its id, which is what people can search for.
        string NameOf(Guid? order, string? document) => document is { Length: > 0 } named ? named
            : order is { } id ? $"{words.Of(Contracts.Records.Kinds.Order).Name} {numbers.GetValueOrDefault(id) ?? id.ToString("D")[..8]}" : "";
    }
}

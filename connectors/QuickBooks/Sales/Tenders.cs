using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>How a sale was paid, in QuickBooks' terms. Pure.</summary>
internal static class Tenders
{
    private const int ReferenceLength = 21;

    /// <summary>Those that brought money.</summary>
    public static IReadOnlyList<TenderBody> Paid(SaleBody sale) => [.. sale.Tenders.Where(tender => tender.Method is not (SaleBody.OnAccount or SaleBody.LayBy))];

    /// <summary>The last day for the rest; null where nobody gave one.</summary>
    public static DateOnly? DueDate(SaleBody sale) => sale.Tenders.Where(tender => tender.Method is SaleBody.OnAccount or SaleBody.LayBy).Max(tender => tender.DueDate);

    /// <summary>The payment method of a sales receipt, which has one only; null where the tenders have several, or none that is mapped.</summary>
    public static Reference? Method(SaleBody sale, Connection connection) =>
        sale.Tenders.Select(tender => connection.Mapped(QuickBooksMappings.PaymentMethod, tender.Method)).Distinct().ToList() is [{ } only] ? new(only) : null;

    /// <summary>What the single tender of a sales receipt refers to, such as the slip of a terminal; null where it does not fit.</summary>
    public static string? Reference(SaleBody sale) => sale.Tenders is [{ Reference: { Length: > 0 and <= ReferenceLength } only }] ? only : null;

    /// <summary>How it was paid, in words, as far as no field says so.</summary>
    public static string? Note(SaleBody sale, Connection connection)
    {
        if (Method(sale, connection) is not null && sale.Tenders.All(tender => tender.Reference is null || Reference(sale) is not null))
            return null;
        return $"Paid by: {string.Join(", ", sale.Tenders.Select(Words))}";
    }

    /// <summary>The payment that a tender becomes beside an invoice.</summary>
    public static NewPayment ToPayment(Sale sale, TenderBody tender, string reference, string customerId, IReadOnlyList<PaymentLine>? parts, Connection connection)
    {
        var method = connection.Mapped(QuickBooksMappings.PaymentMethod, tender.Method);
        var note = Texts.Paragraphs($"Sale {sale.Info.Number}", method is null ? $"Paid by: {tender.Method}" : null, tender.Reference);
        return new(new(customerId), tender.Amount, sale.Info.Date, reference, method is null ? null : new(method), null, OurMark.On(note, sale.Info.RecordId, Receipts.NoteLength), parts);
    }

    /// <summary>The reference of the payment: the sale's number, counted where there are several; a part of the record id where that does not fit.</summary>
    public static string PaymentReference(Sale sale, int at, int all)
    {
        var count = all == 1 ? "" : $"-{at + 1}";
        return sale.Info.Number is { Length: > 0 } number && number.Length + count.Length <= ReferenceLength ? number + count : sale.Info.RecordId.ToString("N")[^(ReferenceLength - count.Length)..] + count;
    }

    private static string Words(TenderBody tender) =>
        $"{tender.Method} {QuickBooksMoney.Plain(tender.Amount)}{(tender.Reference is { Length: > 0 } reference ? $" ({reference})" : "")}{(tender.DueDate is { } due ? $", due {due:yyyy-MM-dd}" : "")}";
}

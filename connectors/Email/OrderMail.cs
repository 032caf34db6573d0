using OrderSync.Email.Rendering;
using OrderSync.Email.Sending;
using OrderSync.Email.Storage;
using OrderSync.Framework;

namespace OrderSync.Email;

/// <summary>The mail about an order for one recipient: all get the same document, under a subject that tells each what it is.</summary>
internal static class OrderMail
{
    public static Mail Write(Order order, OrderDocument document, Recipient recipient, Rendered rendered, EmailSettings settings)
    {
        var words = Words.In(settings.Language);
        return new Mail
        {
            MessageId = MessageId.Of(order.Info.CompanyId, order.Info.RecordId, recipient.Occasion, recipient.Address),
            From = settings.From,
            FromName = settings.FromName,
            ReplyTo = settings.ReplyTo,
            To = recipient.Address,
            Subject = Subject(order, document, recipient, words),
            Text = rendered.Text,
            Html = rendered.Html,
            Pdf = rendered.Pdf,
            FileName = FileName(document.Number),
        };
    }

    private static string Subject(Order order, OrderDocument document, Recipient recipient, Words words)
    {
        var toCustomer = recipient.Occasion == Recipient.Confirmed && Recipients.Addresses(order.Customer?.Body.Email).Contains(recipient.Address);
        var figures = new Figures(words, document.Decimals);
        var subject = toCustomer
            ? $"{words.Title} {document.Number}"
            : $"{words.Order} {document.Number}: {OrderMapping.NameOf(order)}, {document.Currency} {figures.Amount(document.Totals.Total)}";
        // A line break in a name would be a second header.
        return string.Concat(subject.Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static string FileName(string number) =>
        string.Concat(number.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')) + ".pdf";
}

using OrderSync.Email.Documents;
using OrderSync.Email.Rendering;
using OrderSync.Email.Sending;
using OrderSync.Framework;

namespace OrderSync.Email;

/// <summary>The short mail that takes an order back: to whom it was confirmed, below the mail that confirmed it.</summary>
internal static class CancellationMail
{
    public static Mail Write(DocumentInfo info, Document document, Recipient recipient, bool toCustomer, EmailSettings settings)
    {
        var words = Words.In(settings.Language);
        var look = Look.Of(document.Kind, settings);
        return new()
        {
            MessageId = MessageId.Of(info.CompanyId, info.RecordId, Recipient.Cancelled, recipient.Address),
            InReplyTo = MessageId.Of(info.CompanyId, info.RecordId, recipient.Occasion, recipient.Address),
            From = settings.From,
            FromName = settings.FromName,
            ReplyTo = settings.ReplyTo,
            To = recipient.Address,
            Subject = words.Cancellation.SubjectOf(document, toCustomer),
            Text = $"{document.From.Name}\r\n\r\n{words.Cancellation.Title} {document.Number}\r\n\r\n{words.Cancellation.Text(document, words)}\r\n",
            Html = Page.Cancellation(document, words, look),
            Logo = look.Logo,
        };
    }
}

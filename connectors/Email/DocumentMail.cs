using OrderSync.Email.Documents;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;
using OrderSync.Email.Sending;
using OrderSync.Email.Templates;
using OrderSync.Framework;

namespace OrderSync.Email;

/// <summary>The mail about a document for one recipient: all get the same document, under a subject that tells each what it is.</summary>
internal static class DocumentMail
{
    public static Mail Write(DocumentInfo info, Document document, Recipient recipient, bool toCustomer, Rendered rendered, EmailSettings settings) => new()
    {
        MessageId = MessageId.Of(info.CompanyId, info.RecordId, recipient.Occasion, recipient.Address),
        From = settings.From,
        FromName = settings.FromName,
        ReplyTo = settings.ReplyTo,
        To = recipient.Address,
        Subject = SubjectOf(document, toCustomer, settings),
        Text = rendered.Text,
        Html = rendered.Html,
        Logo = rendered.Logo,
        Pdf = new Attachment(FileName(document.Number), rendered.Pdf),
    };

    private static string SubjectOf(Document document, bool toCustomer, EmailSettings settings)
    {
        var words = Words.In(settings.Language);
        try
        {
            return Subject.Of(document, words, settings, toCustomer);
        }
        catch (TemplateException)
        {
            // It was checked when it was saved; what no longer fits must not stop a mail.
            return Subject.Standard(document, words, toCustomer);
        }
    }

    private static string FileName(string number) =>
        string.Concat(number.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')) + ".pdf";
}

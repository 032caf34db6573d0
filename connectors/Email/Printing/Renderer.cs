using System.Security.Cryptography;
using OrderSync.Email.Documents;
using OrderSync.Email.Rendering;
using OrderSync.Email.Templates;

namespace OrderSync.Email.Printing;

/// <summary>A document as it goes out. Remark says, where it is so, why it does not look as the company wished.</summary>
internal sealed record Rendered(string Html, string Text, byte[] Pdf, string PdfSha256, Logo? Logo, string Look, string? Remark);

/// <summary>Makes the HTML, the text and the PDF of a document. A company's own look that cannot be used gives way to the standard one: it never stops an order.</summary>
internal sealed partial class Renderer(Printer printer, ILogger<Renderer> log)
{
    private const int LargestPdf = 15_000_000;

    public async Task<Rendered> RenderAsync(Guid company, Document document, EmailSettings settings, CancellationToken stop)
    {
        var look = Look.Of(document.Kind, settings);
        if (!look.Own)
            return await MakeAsync(document, settings, look, null, stop);
        try
        {
            return await MakeAsync(document, settings, look, null, stop);
        }
        catch (Exception trouble) when (trouble is TemplateException or TimeoutException or OversizeException)
        {
            LogFallback(company, document.Kind, trouble.Message);
            var why = trouble is TimeoutException ? "It took too long to print." : trouble.Message;
            return await MakeAsync(document, settings, look.Standard, $"The company's own template could not be used, so the standard one was. {why}", stop);
        }
    }

    private async Task<Rendered> MakeAsync(Document document, EmailSettings settings, Look look, string? remark, CancellationToken stop)
    {
        var words = Words.In(settings.Language);
        var html = Page.Mail(document, words, look);
        var pdf = await printer.PrintAsync(Page.Print(document, words, look), document.CapturedAt, stop);
        if (look.Own && pdf.Length > LargestPdf)
            throw new OversizeException();
        return new Rendered(html, TextBody.Write(document, words), pdf, Convert.ToHexStringLower(SHA256.HashData(pdf)), look.Logo, look.NameOf(document.Kind), remark);
    }

    [LoggerMessage(LogLevel.Warning, "The own template of company {Company} for {Kind} could not be used: {Reason}")]
    private partial void LogFallback(Guid company, string kind, string reason);

    private sealed class OversizeException() : Exception("Its PDF is too large for mail.");
}

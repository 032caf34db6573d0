using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Office;

/// <summary>A confirmation as it lies in the mail box.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="PdfText">What its PDF says.</param>
internal sealed record ReceivedMail(string Subject, string PdfText)
{
    private static readonly Regex Sum = new(@"^\s*(?:Total|Amount received).*?(?<amount>\d[\d,]*\.\d+)\s*(?:[A-Z]{3})?\s*$", RegexOptions.Multiline | RegexOptions.NonBacktracking);

    /// <summary>The total that the customer reads; null if the PDF says none.</summary>
    public decimal? Total => Sum.Matches(PdfText).LastOrDefault() is { } found ? decimal.Parse(found.Groups["amount"].Value, CultureInfo.InvariantCulture) : null;
}

/// <summary>The page of the local mail server, by maildev's API: what was really sent, past all our own parts.</summary>
internal sealed class MailPage(Http page, Patience patience)
{
    private sealed record Row(string Id, string Subject, string MessageId, IReadOnlyList<Attachment>? Attachments);

    private sealed record Attachment(string GeneratedFileName, string ContentType);

    /// <summary>All mails to an address, with their PDFs.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> ToAsync(string address, CancellationToken stop)
    {
        var rows = await RowsAsync(address, stop);
        var mails = new List<ReceivedMail>();
        foreach (var row in rows)
        {
            var pdf = row.Attachments?.FirstOrDefault(attachment => attachment.ContentType == "application/pdf");
            mails.Add(new ReceivedMail(row.Subject, pdf is null ? "" : await TextOfAsync(await page.BytesAsync($"email/{row.Id}/attachment/{Uri.EscapeDataString(pdf.GeneratedFileName)}", stop), stop)));
        }

        return mails;
    }

    /// <summary>The Message-ID of each mail to an address: a mail that was sent twice is here twice.</summary>
    public async Task<IReadOnlyList<string>> MessageIdsAsync(string address, CancellationToken stop) => [.. (await RowsAsync(address, stop)).Select(row => row.MessageId)];

    // By the envelope: what the header says maildev reads as Latin-1.
    private Task<IReadOnlyList<Row>> RowsAsync(string address, CancellationToken stop) => patience.AskAsync(
        again => page.AskAsync<IReadOnlyList<Row>>("mail page", Http.Request(HttpMethod.Get, $"email?envelope.to.address={Uri.EscapeDataString(address)}"), again), stop);

    private static async Task<string> TextOfAsync(byte[] pdf, CancellationToken stop)
    {
        try
        {
            using var reader = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", "-enc", "UTF-8", "-", "-"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            var text = reader.StandardOutput.ReadToEndAsync(stop);
            await reader.StandardInput.BaseStream.WriteAsync(pdf, stop);
            reader.StandardInput.Close();
            await reader.WaitForExitAsync(stop);
            return await text;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new CannotReplay($"The PDFs cannot be read: {missing.Message} Install poppler-utils, then run it again.");
        }
    }
}

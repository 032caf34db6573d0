using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using OrderSync.Email.Rendering;

namespace OrderSync.Email.Sending;

/// <summary>A mail as it goes over the line (RFC 5322, 2045–2047): seven bits, lines of at most 76 characters. The same mail at the same moment gives the same bytes.</summary>
internal static class Mime
{
    private const string Line = "\r\n";
    private const int WordBytes = 42;
    private const int LongestPlain = 60;

    public static byte[] Write(Mail mail, DateTimeOffset at)
    {
        var boundary = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mail.MessageId)).AsSpan(0, 12));
        var text = new StringBuilder();
        Header(text, "Date", at.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal));
        Header(text, "From", $"{Phrase(mail.FromName)} <{AddressOf(mail.From)}>");
        Header(text, "To", AddressOf(mail.To));
        if (mail.ReplyTo is { } replyTo)
            Header(text, "Reply-To", AddressOf(replyTo));
        Header(text, "Subject", Words(mail.Subject));
        Header(text, "Message-ID", mail.MessageId);
        if (mail.InReplyTo is { } earlier)
        {
            Header(text, "In-Reply-To", earlier);
            Header(text, "References", earlier);
        }

        // RFC 3834: keeps absence notes and the like from being answered to a machine.
        Header(text, "Auto-Submitted", "auto-generated");
        Header(text, "MIME-Version", "1.0");

        if (mail.Pdf is { } pdf)
        {
            Begin(text, "multipart/mixed", boundary, "m");
            Open(text, boundary, "m");
            Body(text, boundary, mail);
            Open(text, boundary, "m");
            Header(text, "Content-Disposition", $"attachment; filename=\"{pdf.FileName}\"");
            Base64(text, $"application/pdf; name=\"{pdf.FileName}\"", pdf.Bytes);
            Close(text, boundary, "m");
        }
        else
        {
            Body(text, boundary, mail);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // The text, or the page with its picture, as the reader's program chooses.
    private static void Body(StringBuilder text, string boundary, Mail mail)
    {
        Begin(text, "multipart/alternative", boundary, "a");
        Part(text, boundary, "a", "text/plain; charset=utf-8", mail.Text);
        if (mail.Logo is { } logo)
        {
            Open(text, boundary, "a");
            Begin(text, "multipart/related", boundary, "r");
            Part(text, boundary, "r", "text/html; charset=utf-8", mail.Html);
            Open(text, boundary, "r");
            Header(text, "Content-ID", $"<{Page.LogoId}>");
            Header(text, "Content-Disposition", "inline");
            Base64(text, logo.MediaType, logo.Bytes);
            Close(text, boundary, "r");
        }
        else
        {
            Part(text, boundary, "a", "text/html; charset=utf-8", mail.Html);
        }

        Close(text, boundary, "a");
    }

    /// <summary>An address as servers take it: a domain of other letters in its ASCII form.</summary>
    public static string AddressOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 0 || Ascii.IsValid(address.AsSpan(at)) ? address : $"{address[..at]}@{new IdnMapping().GetAscii(address[(at + 1)..])}";
    }

    /// <summary>Whether an address can be written to.</summary>
    public static bool IsAddress(string address)
    {
        try
        {
            return MailAddress.TryCreate(address, out var read) && read.Address == address && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>') && AddressOf(address).Length <= 254;
        }
        catch (ArgumentException)
        {
            // The part behind the @ is no domain in any writing.
            return false;
        }
    }

    // What stands before an address is made of atoms (RFC 5322, 3.2.3), or encoded.
    private static string Phrase(string text) =>
        text.Length <= LongestPlain && text.All(c => char.IsAsciiLetterOrDigit(c) || " !#$%&'*+-/^_`{|}~".Contains(c, StringComparison.Ordinal)) ? text : Encoded(text);

    /// <summary>Words in a header: as they are where they are ASCII, else in encoded words that no character is cut by (RFC 2047).</summary>
    internal static string Words(string text) =>
        text.Length <= LongestPlain && text.All(c => c is >= ' ' and < '\x7f') && !text.Contains("=?", StringComparison.Ordinal) ? text : Encoded(text);

    private static string Encoded(string text)
    {
        var words = new List<string>();
        var bytes = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            var next = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + next.Length > WordBytes)
                End();
            bytes.AddRange(next);
        }

        End();
        return string.Join($"{Line} ", words);

        void End()
        {
            if (bytes.Count > 0)
                words.Add($"=?utf-8?B?{Convert.ToBase64String(bytes.ToArray())}?=");
            bytes.Clear();
        }
    }

    private static void Header(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append(Line);

    private static void Begin(StringBuilder text, string type, string boundary, string level) =>
        Header(text, "Content-Type", $"{type};{Line} boundary=\"={level}_{boundary}\"");

    private static void Open(StringBuilder text, string boundary, string level) => text.Append(Line).Append("--=").Append(level).Append('_').Append(boundary).Append(Line);

    private static void Close(StringBuilder text, string boundary, string level) => text.Append(Line).Append("--=").Append(level).Append('_').Append(boundary).Append("--").Append(Line);

    private static void Part(StringBuilder text, string boundary, string level, string type, string content)
    {
        Open(text, boundary, level);
        Header(text, "Content-Type", type);
        Header(text, "Content-Transfer-Encoding", "quoted-printable");
        text.Append(Line);
        QuotedPrintable.Write(text, content);
    }

    private static void Base64(StringBuilder text, string type, byte[] bytes)
    {
        Header(text, "Content-Type", type);
        Header(text, "Content-Transfer-Encoding", "base64");
        text.Append(Line).Append(Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks));
    }
}

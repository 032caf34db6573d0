using System.Globalization;
using System.Text;

namespace OrderSync.Email.Printing;

/// <summary>Chromium writes the moment of printing into a PDF and has no switch for it; with the document's own date instead, the same order gives the same bytes.</summary>
internal static class PdfDates
{
    /// <summary>Overwrites both dates in place. They stand uncompressed in the first object, so no offset moves.</summary>
    public static void Fix(byte[] pdf, DateTimeOffset date)
    {
        var info = pdf.AsSpan(0, Math.Max(0, pdf.AsSpan().IndexOf("endobj"u8)));
        var text = Encoding.ASCII.GetBytes(date.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        Overwrite(info, "/CreationDate (D:"u8, text);
        Overwrite(info, "/ModDate (D:"u8, text);
    }

    private static void Overwrite(Span<byte> info, ReadOnlySpan<byte> key, ReadOnlySpan<byte> date)
    {
        // A title before it cannot contain the key: PDF escapes parentheses.
        var at = info.IndexOf(key);
        if (at < 0 || at + key.Length + date.Length > info.Length)
            throw new InvalidDataException("The PDF has no date where Chromium writes it; was the browser's version changed?");
        date.CopyTo(info[(at + key.Length)..]);
    }
}

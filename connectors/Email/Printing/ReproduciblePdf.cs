using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrderSync.Email.Printing;

/// <summary>
/// Makes equal documents equal bytes. Chromium writes two things into a PDF that are not the document's, and has no switch for them: the moment
/// of printing, and its own count of HTML elements as their names. Both have a fixed length and stand uncompressed, so no offset moves.
/// </summary>
internal static class ReproduciblePdf
{
    private const int Digits = 8;

    /// <summary>Dates the PDF as given and names its elements from 1, in place.</summary>
    public static void Make(byte[] pdf, DateTimeOffset date)
    {
        var info = pdf.AsSpan(0, Math.Max(0, pdf.AsSpan().IndexOf("endobj"u8)));
        var text = Encoding.ASCII.GetBytes(date.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        Overwrite(info, "/CreationDate (D:"u8, text);
        Overwrite(info, "/ModDate (D:"u8, text);
        NameElements(pdf);
    }

    private static void Overwrite(Span<byte> info, ReadOnlySpan<byte> key, ReadOnlySpan<byte> date)
    {
        // A title before it cannot contain the key: PDF escapes parentheses.
        var at = info.IndexOf(key);
        if (at < 0 || at + key.Length + date.Length > info.Length)
            throw new InvalidDataException("The PDF has no date where Chromium writes it; was the browser's version changed?");
        date.CopyTo(info[(at + key.Length)..]);
    }

    // Names keep their order, which the list of names in the file is sorted by.
    private static void NameElements(byte[] pdf)
    {
        var places = new List<(int At, int Number)>();
        var key = "(node"u8;
        for (var at = 0; pdf.AsSpan(at).IndexOf(key) is var next and >= 0;)
        {
            at += next + key.Length;
            if (at + Digits < pdf.Length && pdf[at + Digits] == ')' && Utf8Parser.TryParse(pdf.AsSpan(at, Digits), out int number, out var read) && read == Digits)
                places.Add((at, number));
        }
        var names = places.Select(place => place.Number).Distinct().Order().Index().ToDictionary(pair => pair.Item, pair => pair.Index + 1);
        foreach (var (at, number) in places)
            Utf8Formatter.TryFormat(names[number], pdf.AsSpan(at, Digits), out _, new System.Buffers.StandardFormat('D', Digits));
    }
}

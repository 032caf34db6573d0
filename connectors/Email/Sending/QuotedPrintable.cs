using System.Text;

namespace OrderSync.Email.Sending;

/// <summary>Text in seven bits that stays readable (RFC 2045).</summary>
internal static class QuotedPrintable
{
    private const int Longest = 75;

    public static void Write(StringBuilder output, string text)
    {
        foreach (var (index, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (index > 0)
                output.Append("\r\n");
            Line(output, Encoding.UTF8.GetBytes(line));
        }
    }

    private static void Line(StringBuilder output, byte[] line)
    {
        var written = 0;
        for (var i = 0; i < line.Length; i++)
        {
            // White space at the end of a line would be lost on the way.
            var plain = line[i] is (> 32 and < 127 and not (byte)'=') || line[i] is 32 or 9 && i < line.Length - 1;
            var length = plain ? 1 : 3;
            if (written + length > Longest)
            {
                output.Append("=\r\n");
                written = 0;
            }

            if (plain)
                output.Append((char)line[i]);
            else
                output.Append('=').Append(line[i].ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            written += length;
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrderSync.Email.Sending;

/// <summary>What a mail server said.</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Enhanced">Such as 5.1.1 (RFC 3463); null where it gives none.</param>
/// <param name="Lines">Its words, line by line.</param>
internal sealed partial record SmtpReply(int Code, string? Enhanced, IReadOnlyList<string> Lines)
{
    public SmtpReply(int code, string? enhanced, string text) : this(code, enhanced, [text])
    {
    }

    /// <summary>The reply's words without its codes.</summary>
    public string Words => string.Join(' ', Lines.Select(line => Status().Replace(line, ""))).Trim();

    /// <summary>Takes the words of a reply and finds its enhanced code.</summary>
    public static SmtpReply Of(int code, IReadOnlyList<string> lines) => new(code, Status().Match(lines[^1]) is { Success: true } status ? status.Groups[1].Value : null, lines);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {string.Join(' ', Lines)}");

    [GeneratedRegex(@"\A([245]\.\d{1,3}\.\d{1,3})\s*")]
    private static partial Regex Status();
}

/// <summary>Reads replies from a line; what a server may say has an end.</summary>
internal sealed class SmtpReader(Stream stream)
{
    private const int MostLines = 100;
    private const int LongestLine = 2000;
    private readonly byte[] buffer = new byte[4096];
    private int at;
    private int filled;

    /// <summary>Whether more was said than was read.</summary>
    public bool HasMore => at < filled;

    /// <exception cref="IOException">The line ended, or what it says is no reply.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken stop)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await LineAsync(stop);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || line.Length > 3 && line[3] is not (' ' or '-'))
                throw new IOException("The mail server does not speak SMTP.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
                return SmtpReply.Of(code, lines);
        }

        throw new IOException("The mail server's answer has no end.");
    }

    private async Task<string> LineAsync(CancellationToken stop)
    {
        var line = new List<byte>();
        while (true)
        {
            if (at == filled)
            {
                (at, filled) = (0, await stream.ReadAsync(buffer, stop));
                if (filled == 0)
                    throw new IOException("The mail server closed the line.");
            }

            var next = buffer[at++];
            if (next == '\n')
                return Encoding.UTF8.GetString(line.ToArray()).TrimEnd('\r');
            line.Add(next);
            if (line.Count > LongestLine)
                throw new IOException("The mail server's answer has no end.");
        }
    }
}

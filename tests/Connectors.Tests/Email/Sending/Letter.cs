using System.Text;
using System.Text.RegularExpressions;

namespace OrderSync.Connectors.Tests.Email.Sending;

/// <summary>A mail as it came over the line, read the way a mail program does.</summary>
internal sealed class Letter(string raw)
{
    private readonly string raw = raw.ReplaceLineEndings("\n");

    public string MessageId => Header("Message-ID")!;

    public string To => Header("To")!;

    public string Subject => Regex.Replace(
        Header("Subject")!, @"=\?utf-8\?B\?(.*?)\?=\s*", word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));

    /// <summary>The attached PDF; null where none is.</summary>
    public byte[]? Pdf => Regex.Match(raw, @"Content-Type: application/pdf.*?\n\n(.*?)\n--", RegexOptions.Singleline) is { Success: true } part
        ? Convert.FromBase64String(part.Groups[1].Value) : null;

    /// <summary>What readers of text see.</summary>
    public string Text => Decoded(Regex.Match(raw, @"Content-Type: text/plain.*?\n\n(.*?)\n--", RegexOptions.Singleline).Groups[1].Value);

    /// <summary>What the others see.</summary>
    public string Html => Decoded(Regex.Match(raw, @"Content-Type: text/html.*?\n\n(.*?)\n--", RegexOptions.Singleline).Groups[1].Value);

    public string? Header(string name) => Regex.Match(raw.Split("\n\n")[0], $@"^{name}: (.*(?:\n .*)*)", RegexOptions.Multiline | RegexOptions.IgnoreCase) is { Success: true } header
        ? header.Groups[1].Value : null;

    private static string Decoded(string quotedPrintable) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Regex.Replace(
        quotedPrintable.Replace("=\n", "", StringComparison.Ordinal), "=([0-9A-F]{2})", one => ((char)Convert.ToByte(one.Groups[1].Value, 16)).ToString())));
}

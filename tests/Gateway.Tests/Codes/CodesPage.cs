using System.Globalization;
using System.Text;
using OrderSync.Gateway.Sync;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Codes;

/// <summary>One code, what sort of word it is, and what people read for it.</summary>
public sealed record CodeRow(string Code, string Sort, string En, string De);

/// <summary>docs/codes.md, made of the sentences of the gateway and, for all other codes, of docs/codes.tsv.</summary>
public static class CodesPage
{
    public static readonly IReadOnlyList<(string Sort, string Title, string About)> Sorts =
    [
        ("refused", "Refused", "The record is kept and does not go on. The person on the device mends it, or sends it again once the cause is gone."),
        ("held", "Held", "The record is stored and accepted. The office mends it; it then goes on by itself."),
        ("waits", "Waits", "The record is stored. It goes on by itself once what it needs is there."),
        ("flagged", "Flagged", "The record goes on, and something about it is said."),
        ("conflict", "Conflict", "Something else stands under this id. It stays; what came is kept beside it."),
        ("temporary", "Temporary", "Our own trouble, or the line's: nothing was decided about any record. The same again later, by itself. Never a refusal."),
        ("access", "Access", "Who asks is not known, or may not. Nothing was taken, nothing is lost."),
        ("request", "Request", "The call as a whole was not taken. Whoever calls mends the call."),
        ("destination", "Destination", "An ERP or a mail server did not take it, or would not take it as it is. It stands in Needs attention; after mending the cause, Retry."),
        ("remark", "Remark", "It is done, and something about it is said."),
        ("office", "Notices of the office", "What the office is told, and what to do about it."),
        ("device", "On the device", "What the device library says, and what to do about it."),
    ];

    public static string File { get; } = Path.Combine(Repository.Root, "docs/codes.md");

    public static IReadOnlyList<CodeRow> Rows { get; } = [.. System.IO.File.ReadLines(Path.Combine(Repository.Root, "docs/codes.tsv")).Skip(1).Select(line => line.Split('\t')).Select(Row)];

    public static string Text()
    {
        var page = new StringBuilder("""
            # All codes

            Every code that gateway, connectors and device library can say, with what it means and what to do about it. Written by the tests of the gateway (`ORDERSYNC_APPROVE=1`) from `services/Gateway/Sync/Sentences.cs`,
            the sentences of each kind of record and `codes.tsv`; not to be edited. Codes are stable, sentences may improve. `{names}` are put in when the sentence is made.

            """.ReplaceLineEndings("\n"));
        foreach (var (sort, title, about) in Sorts)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{about}\n\n| code | English | Deutsch |\n|---|---|---|\n");
            foreach (var row in Rows.Where(row => row.Sort == sort).OrderBy(row => row.Code, StringComparer.Ordinal))
                page.Append(CultureInfo.InvariantCulture, $"| `{row.Code}` | {row.En} | {row.De} |\n");
        }

        return page.ToString();
    }

    private static CodeRow Row(string[] cells) => cells switch
    {
        [var code, var sort] => new CodeRow(code, sort, Sentences.Codes.Contains(code) ? Sentences.Of(code).En : "", Sentences.Codes.Contains(code) ? Sentences.Of(code).De : ""),
        [var code, var sort, var en, var de] => new CodeRow(code, sort, en, de),
        _ => throw new InvalidDataException($"docs/codes.tsv: {string.Join('|', cells)}"),
    };
}

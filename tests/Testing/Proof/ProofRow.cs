using System.Text.RegularExpressions;

namespace OrderSync.Testing.Proof;

/// <summary>One behaviour that is promised, as docs/rows.csv has it.</summary>
/// <param name="Name">Such as F036.</param>
/// <param name="About">In a few words.</param>
/// <param name="IsOurs">Whether it is ours to prove.</param>
public sealed partial record ProofRow(string Name, string About, bool IsOurs)
{
    /// <summary>All rows, in their order.</summary>
    public static IReadOnlyList<ProofRow> All { get; } = Read(File.ReadAllLines(Path.Combine(Repository.Root, "docs/rows.csv")));

    /// <summary>The rows that a test's name carries: those it begins with. A helper, or a number further on, carries none.</summary>
    /// <param name="test">Name of a test, with or without its class before it and its arguments behind it.</param>
    public static IReadOnlyList<string> CarriedBy(string test)
    {
        var method = test.Split('(')[0].Split('.')[^1];
        return Carried().Match(method).Groups["row"].Captures.Select(row => row.Value).ToArray();
    }

    private static List<ProofRow> Read(IEnumerable<string> lines) => [.. lines.Skip(1).Where(line => line.Length > 0).Select(line =>
        line.Split(',') is [var name, var about, var note] ? new ProofRow(name, about, note != "not ours") : throw new InvalidDataException($"docs/rows.csv: {line}"))];

    [GeneratedRegex(@"^(?:(?<row>F(?!000)\d{3})_)+(?=[A-Z])")]
    private static partial Regex Carried();
}

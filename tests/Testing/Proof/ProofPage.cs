using System.Globalization;
using System.Text;

namespace OrderSync.Testing.Proof;

/// <summary>docs/proof.md: each promised behaviour, and whether tests whose names carry it ran and passed.</summary>
public static class ProofPage
{
    private const string Proven = "proven";
    private const string NotYet = "not yet";

    /// <summary>Where it stands.</summary>
    public static string File { get; } = Path.Combine(Repository.Root, "docs/proof.md");

    /// <summary>The page for a run of all tests.</summary>
    /// <param name="passed">Names of the tests that passed.</param>
    /// <param name="failed">Names of those that did not.</param>
    public static string Of(IEnumerable<string> passed, IEnumerable<string> failed)
    {
        var proofs = passed.SelectMany(test => ProofRow.CarriedBy(test).Select(row => (Row: row, Class: ClassOf(test)))).ToLookup(proof => proof.Row, proof => proof.Class);
        var broken = failed.SelectMany(ProofRow.CarriedBy).ToHashSet();
        var states = ProofRow.All.Select(row => (Row: row, State: !row.IsOurs ? "not ours" : proofs.Contains(row.Name) && !broken.Contains(row.Name) ? Proven : NotYet)).ToList();
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Proof: the promised behaviours and the tests that prove them

            Written by `./ordersync test --ci --proof` from the run itself; not to be edited. A row is proven when tests whose names begin with it ran, and none of them failed. What each promises is in few words
            in `rows.csv`; figures of long runs are in `figures.md`.

            {Count(Proven)} proven, {Count(NotYet)} not yet, {Count("not ours")} not ours.

            | row | behaviour | state | tests | in |
            |---|---|---|---|---|

            """));
        foreach (var (row, state) in states)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.About} | {state} | {proofs[row.Name].Count()} | {string.Join(", ", proofs[row.Name].Distinct().Order(StringComparer.Ordinal))} |\n");
        return text.ToString().ReplaceLineEndings("\n");

        int Count(string state) => states.Count(one => one.State == state);
    }

    /// <summary>Rows of a page, and what it says of each.</summary>
    /// <param name="page">Its text.</param>
    public static IReadOnlyList<(string Row, string State)> Read(string page) =>
        [.. page.Split('\n').Where(line => line.StartsWith("| F", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => (cells[1], cells[3]))];

    private static string ClassOf(string test) => test.Split('(')[0].Split('.') is [.., var name, _] ? name : "";
}

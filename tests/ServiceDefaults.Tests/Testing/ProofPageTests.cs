using System.Text.RegularExpressions;
using OrderSync.Testing;
using OrderSync.Testing.Proof;

namespace OrderSync.ServiceDefaults.Tests.Testing;

public sealed partial class ProofPageTests
{
    [Fact]
    public void There_are_137_rows_and_six_of_them_are_not_ours()
    {
        Assert.Equal(Enumerable.Range(1, 137).Select(number => $"F{number:000}"), ProofRow.All.Select(row => row.Name));
        Assert.Equal(["F085", "F086", "F092", "F094", "F118", "F119"], ProofRow.All.Where(row => !row.IsOurs).Select(row => row.Name));
        Assert.All(ProofRow.All, row => Assert.InRange(row.About.Length, 10, 160));
    }

    [Theory]
    [InlineData("OrderSync.Gateway.Tests.PushTests.F036_F037_An_acknowledged_order_survives(policy: \"F001_x\")", "F036 F037")]
    [InlineData("F040_The_first_stays", "F040")]
    [InlineData("OrderSync.Tests.F055.A_test_of_F055_that_only_speaks_of_it", "")]
    [InlineData("OrderSync.Tests.X.F12_Too_short", "")]
    [InlineData("OrderSync.Tests.X.F000_Helper", "")]
    [InlineData("OrderSync.Tests.X.F040", "")]
    public void A_test_carries_the_rows_its_name_begins_with_and_no_others(string test, string rows) => Assert.Equal(rows, string.Join(' ', ProofRow.CarriedBy(test)));

    [Fact]
    public void A_row_is_proven_when_tests_that_carry_it_passed_and_none_failed()
    {
        var states = ProofPage.Read(ProofPage.Of(
            ["N.PushTests.F036_It_survives", "N.PushTests.F037_F040_It_is_kept", "N.T.F085_Not_ours"], ["N.LateTests.F037_It_is_not_kept", "N.T.F041_It_is_not"])).ToDictionary(one => one.Row, one => one.State);

        Assert.Equal(137, states.Count);
        Assert.Equal(("proven", "not yet", "proven", "not yet", "not yet", "not ours"), (states["F036"], states["F037"], states["F040"], states["F041"], states["F042"], states["F085"]));
    }

    [Fact]
    public void The_page_names_all_rows_and_each_that_is_proven_has_a_test_in_the_sources()
    {
        var page = ProofPage.Read(File.ReadAllText(ProofPage.File));
        var carried = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(file => Test().Matches(File.ReadAllText(file))).SelectMany(test => ProofRow.CarriedBy(test.Groups["name"].Value)).ToHashSet();

        Assert.Equal(ProofRow.All.Select(row => row.Name), page.Select(row => row.Row));
        Assert.DoesNotContain(page, row => row.State == "proven" && !carried.Contains(row.Row));
        Assert.Equal(ProofRow.All.Where(row => !row.IsOurs).Select(row => row.Name), page.Where(row => row.State == "not ours").Select(row => row.Row));
    }

    // A method that xunit runs: a helper with such a name has no attribute above it.
    [GeneratedRegex(@"\[(?:Fact|Theory|SkippableFact|SkippableTheory)\b[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public [\w<>\[\] ]*?\b(?<name>F\d{3}_\w+)\s*\(")]
    private static partial Regex Test();
}

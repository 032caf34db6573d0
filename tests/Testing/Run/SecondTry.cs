namespace OrderSync.Testing.Run;

/// <summary>
/// A few tests that failed beside ten others are run once more, alone: one that fails then too has failed, one that passes is named as unsteady.
/// See docs/decisions/0026.
/// </summary>
internal static class SecondTry
{
    // More than these are no accident of a crowded machine.
    private const int Most = 5;

    /// <summary>Whether a second try can be told from hiding: few failed, and each can be named. A row of a theory and a process that died cannot.</summary>
    public static bool IsFor(IReadOnlyCollection<TestResults> results) =>
        results.Sum(result => result.Failures.Count) is > 0 and <= Most && results.All(result => result.Failures.All(failure => !failure.Test.EndsWith(')')));

    /// <summary>The filter that runs what failed, and nothing else.</summary>
    public static string FilterOf(TestResults first) => string.Join('|', first.Failures.Select(failure => $"FullyQualifiedName={failure.Test}"));

    /// <summary>What counts after the second try, and the tests that only passed alone. A test that was not found again has not passed.</summary>
    public static (TestResults Results, IReadOnlyList<string> Unsteady) Judge(TestResults first, TestResults again)
    {
        var failed = again.Failures.Select(failure => failure.Test).ToHashSet();
        if (again.Passed + failed.Count != first.Failures.Count || !failed.IsSubsetOf(first.Failures.Select(failure => failure.Test)))
            return (first, []);
        List<string> unsteady = [.. first.Failures.Select(failure => failure.Test).Where(test => !failed.Contains(test))];
        return (first with { Passed = first.Passed + again.Passed, Failures = [.. first.Failures.Where(failure => failed.Contains(failure.Test))], Names = [.. first.Names, .. unsteady] }, unsteady);
    }
}

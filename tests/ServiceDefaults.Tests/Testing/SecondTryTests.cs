using OrderSync.Testing.Run;

namespace OrderSync.ServiceDefaults.Tests.Testing;

/// <summary>What failed beside others is tried once more, and never taken for passed when it was not seen to pass.</summary>
public sealed class SecondTryTests
{
    private static readonly TestResults First = new(10, 1, [("A.One", "late"), ("A.Two", "wrong")]);

    [Fact]
    public void What_passes_alone_counts_as_passed_and_is_named() =>
        AssertJudged(new TestResults(2, 0, []), passed: 12, failed: "", unsteady: "A.One A.Two");

    [Fact]
    public void What_fails_again_has_failed_and_what_failed_beside_it_need_not() =>
        AssertJudged(new TestResults(1, 0, [("A.Two", "wrong")]), passed: 11, failed: "A.Two", unsteady: "A.One");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void When_the_second_try_did_not_run_just_these_the_first_counts(int passed) =>
        AssertJudged(new TestResults(passed, 0, []), passed: 10, failed: "A.One A.Two", unsteady: "");

    [Fact]
    public void A_process_that_died_instead_has_failed() =>
        AssertJudged(new TestResults(1, 0, [("A (the whole project)", "killed")]), passed: 10, failed: "A.One A.Two", unsteady: "");

    [Theory]
    [InlineData(0, "A.One", false)]
    [InlineData(1, "A.One", true)]
    [InlineData(5, "A.One", true)]
    [InlineData(6, "A.One", false)]
    [InlineData(1, "A.One(row: 1)", false)]
    [InlineData(1, "A (the whole project)", false)]
    public void Only_a_few_that_can_be_named_are_tried_again(int failures, string test, bool tried) =>
        Assert.Equal(tried, SecondTry.IsFor([new TestResults(100, 0, [.. Enumerable.Repeat((test, "late"), failures)]), TestResults.None]));

    [Fact]
    public void The_filter_names_each() => Assert.Equal("FullyQualifiedName=A.One|FullyQualifiedName=A.Two", SecondTry.FilterOf(First));

    private static void AssertJudged(TestResults again, int passed, string failed, string unsteady)
    {
        var (results, named) = SecondTry.Judge(First, again);

        Assert.Equal((passed, 1, failed, unsteady), (results.Passed, results.Skipped, string.Join(' ', results.Failures.Select(failure => failure.Test)), string.Join(' ', named)));
    }
}

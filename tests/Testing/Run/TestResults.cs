using System.Xml.Linq;

namespace OrderSync.Testing.Run;

/// <summary>What a report in Visual Studio's trx format says.</summary>
internal sealed record TestResults(int Passed, int Skipped, IReadOnlyList<(string Test, string Message)> Failures)
{
    public static readonly TestResults None = new(0, 0, []);

    /// <summary>Names of the tests that passed.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public static TestResults Read(string report)
    {
        XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        var results = XDocument.Load(report).Descendants(trx + "UnitTestResult").ToList();
        var passed = results.Where(result => (string?)result.Attribute("outcome") == "Passed").ToList();
        var skipped = results.Where(result => (string?)result.Attribute("outcome") == "NotExecuted").ToList();
        return new TestResults(passed.Count, skipped.Count,
        [
            .. results.Except(passed).Except(skipped).Select(result => (
                (string?)result.Attribute("testName") ?? "?",
                string.Join(Environment.NewLine, result.Descendants(trx + "ErrorInfo").Elements().Select(part => part.Value)))),
        ]) { Names = [.. passed.Select(result => (string?)result.Attribute("testName") ?? "?")] };
    }
}

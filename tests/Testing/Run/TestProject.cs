namespace OrderSync.Testing.Run;

/// <summary>One project under tests/ whose name ends in `.Tests`.</summary>
internal sealed record TestProject(string Name)
{
    public static List<TestProject> All() =>
    [
        .. Directory.GetDirectories(Path.Combine(Repository.Root, "tests"), "*.Tests")
            .Where(folder => File.Exists(Path.Combine(folder, Path.GetFileName(folder) + ".csproj")))
            .Select(folder => new TestProject(Path.GetFileName(folder)))
            // The longest begins first, so that it does not run alone at the end.
            .OrderBy(project => Array.IndexOf(LongestFirst, project.Name) is >= 0 and var place ? place : LongestFirst.Length).ThenBy(project => project.Name, StringComparer.Ordinal),
    ];

    private static readonly string[] LongestFirst = ["Gateway.Tests", "Connectors.Tests", "EndToEnd.Tests", "Console.Tests", "AppHost.Tests"];

    public async Task<TestResults> RunAsync(
        IReadOnlyDictionary<string, string> environment, string? filter, TimeSpan limit, CancellationToken stop, string report = "")
    {
        var file = $"{Name}{report}.trx";
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults")).FullName;
        var path = Path.Combine(folder, file);
        File.Delete(path);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(limit);
        try
        {
            var (exitCode, output) = await Child.RunAsync(
                ["test", Repository.ProgramOf($"tests/{Name}"), "--logger", $"trx;LogFileName={file}", "--results-directory", folder,
                    // A test that stands still is named, and ends its project before the limit does.
                    "--blame-hang-timeout", $"{limit.TotalMinutes / 2:0}m", "--blame-hang-dump-type", "none",
                    .. filter is null ? Array.Empty<string>() : ["--filter", filter]],
                environment, patience.Token);
            var results = File.Exists(path) ? TestResults.Read(path) : TestResults.None;
            // A test process that dies takes its results with it: never count that as a pass.
            return exitCode != 0 && results.Failures.Count == 0 ? results with { Failures = [($"{Name} (the whole project)", output)] } : results;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return TestResults.None with { Failures = [($"{Name} (the whole project)", $"did not end within {limit.TotalMinutes:0} minutes")] };
        }
    }
}

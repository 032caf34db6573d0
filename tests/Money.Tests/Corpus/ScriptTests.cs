using System.Diagnostics;

namespace OrderSync.Money.Tests.Corpus;

public sealed class ScriptTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("corpus");

    [WithPython]
    [Trait("tier", "ci")]
    public async Task The_committed_corpus_is_what_its_script_writes()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Corpus", "corpus.py");

        using var python = Process.Start(new ProcessStartInfo(WithPythonAttribute.Python!, [script, folder.FullName]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await Task.WhenAll(python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();

        Assert.True(python.ExitCode == 0, string.Concat(said));
        Assert.Equal("seed 20261122, 5000 orders", said[0].Trim());
        foreach (var file in new[] { "corpus.jsonl.gz", "quantities.jsonl" })
            Assert.True(MoneyCorpus.Lines(file).SequenceEqual(MoneyCorpus.LinesIn(folder.FullName, file)), $"{file} differs: run corpus.py and commit what it writes.");
    }

    public void Dispose() => folder.Delete(recursive: true);
}

/// <summary>A test that runs Python where there is one, and says that it did not where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WithPythonAttribute : FactAttribute
{
    public WithPythonAttribute()
    {
        if (Python is null)
            Skip = "No python3 on this machine: whether the committed corpus is what its script writes was not checked.";
    }

    public static string? Python { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "python3")).FirstOrDefault(File.Exists);
}

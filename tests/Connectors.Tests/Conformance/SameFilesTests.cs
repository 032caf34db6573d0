using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Who knows one connector finds everything in the next, and whoever adds one touches its own folders, one line of the list of parts and one of the solution.</summary>
public sealed class SameFilesTests
{
    private static readonly string[] NoErp = ["Framework", "Email"];

    [Fact]
    public void Every_connector_has_the_same_files_and_folders()
    {
        var connectors = Connectors();
        var model = Names(connectors[0]);
        Assert.All(connectors, folder => Assert.Equal(model, Names(folder)));
        Assert.True(connectors.Count >= 4, $"only {connectors.Count} connectors");
    }

    [Fact]
    public void No_service_and_no_other_connector_names_a_connector()
    {
        var code = new[] { "services", "connectors", "ServiceDefaults" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")).ToList();
        var parts = File.ReadAllLines(Path.Combine(Repository.Root, "AppHost", "Program.cs"));
        foreach (var name in Connectors().Select(folder => Path.GetFileName(folder)))
        {
            Assert.Single(parts, line => line.Contains($"Projects.{name}>", StringComparison.Ordinal));
            Assert.Equal([], code.Where(file => !file.Split(Path.DirectorySeparatorChar).Contains(name)).Where(file => File.ReadLines(Path.Combine(Repository.Root, file))
                .Any(line => line.Contains(name, StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal))));
        }
    }

    private static List<string> Connectors() =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "connectors")).Where(folder => !NoErp.Contains(Path.GetFileName(folder)))];

    private static List<string> Names(string folder) =>
    [
        .. Directory.GetFileSystemEntries(folder).Select(entry => Path.GetFileName(entry).Replace(Path.GetFileName(folder), "Erp", StringComparison.Ordinal))
            .Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal),
    ];
}

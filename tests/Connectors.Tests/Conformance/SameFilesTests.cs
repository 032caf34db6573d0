using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Who knows one connector finds everything in the next.</summary>
public sealed class SameFilesTests
{
    private static readonly string[] NoErp = ["Framework", "Email"];

    [Fact]
    public void Every_connector_has_the_same_files_and_folders()
    {
        var connectors = Directory.GetDirectories(Path.Combine(Repository.Root, "connectors")).Where(folder => !NoErp.Contains(Path.GetFileName(folder))).ToList();
        var model = Names(connectors[0]);
        Assert.All(connectors, folder => Assert.Equal(model, Names(folder)));
        Assert.True(connectors.Count >= 4, $"only {connectors.Count} connectors");
    }

    private static List<string> Names(string folder) =>
    [
        .. Directory.GetFileSystemEntries(folder).Select(entry => Path.GetFileName(entry).Replace(Path.GetFileName(folder), "Erp", StringComparison.Ordinal))
            .Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal),
    ];
}

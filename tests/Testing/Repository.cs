namespace OrderSync.Testing;

/// <summary>The checkout the tests were built in.</summary>
public static class Repository
{
    /// <summary>The folder of OrderSync.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: services are taken from the same configuration as the tests.</summary>
    public static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!;

    /// <summary>The program built from a project folder such as `services/Gateway`.</summary>
    public static string ProgramOf(string project) => Path.Combine(
        Root, project, "bin", Configuration, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), $"OrderSync.{Path.GetFileName(project)}.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OrderSync.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No OrderSync.sln above {AppContext.BaseDirectory}.");
    }
}

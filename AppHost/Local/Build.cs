using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace OrderSync.AppHost.Local;

/// <summary>Builds the projects that are about to run, all at once.</summary>
internal static class Build
{
    /// <summary>The program a project's build leaves behind.</summary>
    public static string OutputOf(ProjectResource project)
    {
        var name = Path.GetFileNameWithoutExtension(project.Path);
        return Path.Combine(Path.GetDirectoryName(project.Path)!, "bin/Debug/net10.0", $"OrderSync.{name}.dll");
    }

    /// <summary>Null when it went well, else what the compiler said.</summary>
    public static async Task<string?> RunAsync(IEnumerable<ProjectResource> projects, string folder, Action<string> built, CancellationToken stop)
    {
        var checkout = StateFolder.Checkout();
        // A solution filter: what belongs together is built together, in parallel, each project once.
        var filter = Path.Combine(folder, "parts.slnf");
        await File.WriteAllTextAsync(filter, JsonSerializer.Serialize(new
        {
            solution = new
            {
                path = Path.Combine(checkout, "OrderSync.sln"),
                projects = projects.Select(project => Path.GetRelativePath(checkout, project.Path).Replace('/', '\\')).Distinct().ToList(),
            },
        }), stop);

        // Without build servers, which would outlive us, and without the analyzers, which take half of the time and have had their say in the tests.
        var start = new ProcessStartInfo("dotnet",
        [
            "build", filter, "--nologo", "-v", "minimal", "-tl:off", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:Aspire=false",
        ])
        { WorkingDirectory = checkout, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment[StateFolder.Mark] = folder;
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var build = Process.Start(start)!;
        build.StandardInput.Close();
        List<string> errors = [];
        try
        {
            while (await build.StandardOutput.ReadLineAsync(stop) is { } line)
                if (line.Contains("error", StringComparison.Ordinal) && !errors.Contains(line.Trim()))
                    errors.Add(line.Trim());
                else if (line.Split(" -> ") is [var project, _])
                    built(project.Trim());
            await build.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            build.Kill(entireProcessTree: true);
            throw;
        }
        return build.ExitCode == 0 ? null : errors.Count > 0 ? string.Join(Environment.NewLine, errors) : $"dotnet build ended with code {build.ExitCode}.";
    }
}

using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local.Running;
using OrderSync.AppHost.Local.Servers;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>What has to be there before anything can start: programs of the machine, the mail page, our own programs built.</summary>
internal sealed class Preparation(Screen screen, string folder, IReadOnlyList<RunningResource> needed)
{
    /// <summary>False when it did not work; the screen says why.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        if (!await InstallAsync(stop))
            return false;
        // One waits for the network, the other for the processor.
        var mail = FetchMailPageAsync(stop);
        var built = await BuildAsync(stop);
        return await mail && built;
    }

    private async Task<bool> InstallAsync(CancellationToken stop)
    {
        var missing = Install.Missing(tryton: needed.OfType<ContainerResource>().Any(container => container.IsTryton));
        if (missing.Count == 0)
            return true;
        var watch = Stopwatch.StartNew();
        screen.Line($"  Missing on this machine: {string.Join(", ", missing.Select(Install.Plain))}");
        screen.Working("fetching the list of packages");
        var log = Path.Combine(folder, "logs", "install.log");
        if (await Install.RunAsync(missing, log, package => screen.Working($"installing: {package} ({Screen.Seconds(watch.Elapsed.TotalSeconds)})"), stop) is { } trouble)
        {
            screen.Failed("install", trouble);
            return false;
        }
        screen.Done("install", Screen.Count(missing.Count, "package"), watch.Elapsed.TotalSeconds);
        return true;
    }

    private async Task<bool> FetchMailPageAsync(CancellationToken stop)
    {
        var tools = StartPart.ToolsIn(folder);
        if (!needed.OfType<ContainerResource>().Any(container => !container.IsTryton))
            return true;
        const string authorities = "NODE_EXTRA_CA_CERTS";
        const string debian = "/etc/ssl/certs/ca-certificates.crt";
        // npm brings its own list of authorities; a network may have one more, which the machine knows.
        if (Environment.GetEnvironmentVariable(authorities) is null && File.Exists(debian))
            Environment.SetEnvironmentVariable(authorities, debian);
        var watch = Stopwatch.StartNew();
        try
        {
            await MailServer.InstallAsync(tools, stop);
            if (watch.Elapsed > TimeSpan.FromSeconds(1))
                screen.Done("mail page", "fetched from npm", watch.Elapsed.TotalSeconds);
            return true;
        }
        catch (InvalidOperationException failure)
        {
            screen.Failed("mail page", failure.Message);
            return false;
        }
    }

    private async Task<bool> BuildAsync(CancellationToken stop)
    {
        var projects = needed.OfType<ProjectResource>().ToList();
        if (projects.Count == 0)
            return true;
        var watch = Stopwatch.StartNew();
        screen.Working("building");
        if (await Build.RunAsync(projects, folder, project => screen.Working($"building: {project} ({Screen.Seconds(watch.Elapsed.TotalSeconds)})"), stop) is { } errors)
        {
            screen.Failed("build", $"the compiler says:{Environment.NewLine}{errors}");
            return false;
        }
        screen.Done("build", Screen.Count(projects.Select(project => project.Path).Distinct().Count(), "program"), watch.Elapsed.TotalSeconds);
        return true;
    }
}

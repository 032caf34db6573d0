using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>`./ordersync epoch --new`: the gateway's own command, with the administrator's connection to the database.</summary>
internal static class BeginEpoch
{
    /// <summary>The part that has that connection.</summary>
    private const string Part = "gateway-schema";

    public static async Task<int> RunAsync(DistributedApplicationModel model, string folder, IEnumerable<string> options, CancellationToken stop)
    {
        var project = model.InStartOrder.OfType<ProjectResource>().FirstOrDefault(known => known.Name == Part) ?? throw new DistributedApplicationException($"There is no part {Part} here.");
        if (!File.Exists(Build.OutputOf(project)) && await Build.RunAsync([project], folder, _ => { }, stop) is { } trouble)
            throw new DistributedApplicationException(trouble);
        var start = new ProcessStartInfo("dotnet", [Build.OutputOf(project), "epoch", .. options]) { WorkingDirectory = Path.GetDirectoryName(project.Path)! };
        foreach (var (name, value) in StartPart.EnvironmentOf(project, new Machine(folder)))
            start.Environment[name] = value;
        using var gateway = Process.Start(start)!;
        await gateway.WaitForExitAsync(stop);
        return gateway.ExitCode;
    }
}

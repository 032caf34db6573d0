using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>`./ordersync env PART`: what a project is given, to run it from an editor or debugger beside the other parts.</summary>
internal static class ShowEnvironment
{
    public static int Run(DistributedApplicationModel model, string folder, string part)
    {
        if (model.InStartOrder.OfType<ProjectResource>().FirstOrDefault(known => known.Name == part) is not { } project)
            throw new DistributedApplicationException(
                $"'{part}' is no project. Projects: {string.Join(", ", model.InStartOrder.OfType<ProjectResource>().Select(known => known.Name))}.");
        foreach (var (name, value) in StartPart.EnvironmentOf(project, new Machine(folder)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Console.WriteLine($"{name}={value}");
        return 0;
    }
}

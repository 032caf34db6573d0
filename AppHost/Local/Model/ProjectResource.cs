namespace Aspire.Hosting.ApplicationModel;

/// <summary>A project of the solution that runs as a process.</summary>
internal sealed class ProjectResource(string name, string path) : RunningResource(name)
{
    public string Path => path;
}

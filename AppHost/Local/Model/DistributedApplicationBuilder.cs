using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local;

namespace Aspire.Hosting;

/// <summary>Collects the resources of Program.cs.</summary>
internal sealed class DistributedApplicationBuilder(string[] args)
{
    private readonly List<IResource> resources = [];

    /// <summary>Where a part may keep files. Nothing is written beside the sources here: it is the state folder, which `down --purge` empties.</summary>
    public string AppHostDirectory { get; } = StateFolder.Find();

    public DistributedApplication Build() => new(Model(), args);

    public DistributedApplicationModel Model() => new(resources);

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (resources.Find(known => known.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)) is not null)
            throw new DistributedApplicationException($"Two resources have the name '{resource.Name}'.");
        resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    private sealed record ResourceBuilder<T>(DistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T> where T : IResource;
}

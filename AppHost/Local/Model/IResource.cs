namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something the application is made of: a server, a service, a parameter, a connection string.</summary>
internal interface IResource
{
    string Name { get; }
}

/// <summary>A resource that others reach by a connection string.</summary>
internal interface IResourceWithConnectionString : IResource
{
    IValueProvider ConnectionString { get; }
}

/// <summary>A resource that runs: it has an environment, endpoints, and waits for others.</summary>
internal abstract class RunningResource(string name) : IResource
{
    public string Name => name;
    public List<Endpoint> Endpoints { get; } = [];
    /// <summary>Pages worth knowing: the last screen of `up` shows those that answer.</summary>
    public List<(IValueProvider Url, string Name)> Urls { get; } = [];
    public List<string> Arguments { get; } = [];
    public Dictionary<string, IValueProvider> Environment { get; } = [];
    public List<RunningResource> WaitsFor { get; } = [];
    public string? HealthPath { get; set; }

    /// <summary>True for a run that does its work and ends; others wait for its end, not for its health.</summary>
    public bool RunsToCompletion { get; set; }

    public Endpoint Endpoint(string endpoint) =>
        Endpoints.Find(known => known.Name == endpoint)
        ?? throw new DistributedApplicationException($"'{name}' has no endpoint '{endpoint}'.");
}

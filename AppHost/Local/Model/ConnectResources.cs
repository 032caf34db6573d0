using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Says what a part is given, where it listens and what it waits for.</summary>
internal static class ConnectResources
{
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args) where T : RunningResource
    {
        builder.Resource.Arguments.AddRange(args);
        return builder;
    }

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string value) where T : RunningResource =>
        builder.Set(name, new Literal(value));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : RunningResource =>
        builder.Set(name, parameter.Resource);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : RunningResource =>
        builder.Set(name, endpointReference);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : RunningResource =>
        builder.Set(name, value);

    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null)
        where T : RunningResource =>
        builder.Set($"ConnectionStrings__{connectionName ?? source.Resource.Name}", source.Resource.ConnectionString);

    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<ProjectResource> source)
        where T : RunningResource
    {
        foreach (var endpoint in source.Resource.Endpoints)
            builder.Set($"services__{source.Resource.Name}__{endpoint.Name}__0", new EndpointReference(source.Resource, endpoint.Name));
        return builder;
    }

    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null)
        where T : RunningResource =>
        builder.WithEndpoint(port, targetPort, "http", "http");

    /// <summary>The target port is one inside a container; here the part listens on the outer port itself.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string scheme = "tcp", string? name = null)
        where T : RunningResource
    {
        var endpoint = new Endpoint(builder.Resource.Name, name ?? scheme, scheme, port);
        if (targetPort is <= 0 || builder.Resource.Endpoints.Exists(known => known.Name == endpoint.Name))
            throw new DistributedApplicationException($"Endpoint '{endpoint.Key}' is there twice or has no valid target port.");
        builder.Resource.Endpoints.Add(endpoint);
        return builder;
    }

    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, ReferenceExpression url, string displayText) where T : RunningResource
    {
        builder.Resource.Urls.Add((url, displayText));
        return builder;
    }

    public static EndpointReference GetEndpoint(this IResourceBuilder<RunningResource> builder, string name) => new(builder.Resource, name);

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : RunningResource => builder;

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string path) where T : RunningResource
    {
        builder.Resource.HealthPath = path;
        return builder;
    }

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : RunningResource
    {
        builder.Resource.WaitsFor.Add(dependency.Resource switch
        {
            RunningResource part => part,
            PostgresDatabaseResource database => database.Parent,
            _ => throw new DistributedApplicationException($"'{builder.Resource.Name}' cannot wait for '{dependency.Resource.Name}': it does not run."),
        });
        return builder;
    }

    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<RunningResource> dependency)
        where T : RunningResource
    {
        dependency.Resource.RunsToCompletion = true;
        return builder.WaitFor(dependency);
    }

    private static IResourceBuilder<T> Set<T>(this IResourceBuilder<T> builder, string name, IValueProvider value) where T : RunningResource
    {
        builder.Resource.Environment[name] = value;
        return builder;
    }
}

using OrderSync.AppHost.Local;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a resource listens; always on the loopback address.</summary>
/// <param name="Port">The port people expect; null takes any.</param>
internal sealed record Endpoint(string Resource, string Name, string Scheme, int? Port)
{
    public const string Host = "127.0.0.1";
    public string Key => $"{Resource}/{Name}";
}

internal enum EndpointProperty { Url, Host, Port }

/// <summary>An endpoint as a value of somebody's environment: its URL.</summary>
internal sealed class EndpointReference(RunningResource resource, string endpoint) : IValueProvider
{
    public EndpointReferenceExpression Property(EndpointProperty property) => new(resource, endpoint, property);

    public string GetValue(Machine machine) => Property(EndpointProperty.Url).GetValue(machine);
}

/// <summary>One property of an endpoint.</summary>
internal sealed record EndpointReferenceExpression(RunningResource Resource, string Endpoint, EndpointProperty Property) : IValueProvider
{
    public string GetValue(Machine machine)
    {
        var endpoint = Resource.Endpoint(Endpoint);
        return Property switch
        {
            EndpointProperty.Host => ApplicationModel.Endpoint.Host,
            EndpointProperty.Port => $"{machine.Ports.Of(endpoint)}",
            _ => $"{endpoint.Scheme}://{ApplicationModel.Endpoint.Host}:{machine.Ports.Of(endpoint)}",
        };
    }
}

namespace Aspire.Hosting;

/// <summary>A connection string put together from other resources.</summary>
internal sealed class ConnectionStringResource(string name, ApplicationModel.IValueProvider value) : ApplicationModel.IResourceWithConnectionString
{
    public string Name => name;
    public ApplicationModel.IValueProvider ConnectionString => value;
}

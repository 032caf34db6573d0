namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the extension methods of Program.cs work on.</summary>
internal interface IResourceBuilder<out T> where T : IResource
{
    DistributedApplicationBuilder ApplicationBuilder { get; }
    T Resource { get; }
}

namespace Aspire.Hosting;

/// <summary>The list of parts makes no sense.</summary>
internal sealed class DistributedApplicationException(string message) : Exception(message);

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrderSync.ErpSandbox;

/// <summary>Unhealthy once a write could not be kept.</summary>
internal sealed class JournalHealth(Journal journal) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(journal.Failure is { } failure
            ? HealthCheckResult.Unhealthy("The journal cannot be written.", failure)
            : HealthCheckResult.Healthy());
}

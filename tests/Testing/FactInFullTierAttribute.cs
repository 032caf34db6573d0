using Xunit;

namespace OrderSync.Testing;

/// <summary>A proof that is run for an issue, with <c>./ordersync test --full</c>, and shown as skipped in every other run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactInFullTierAttribute : FactAttribute
{
    /// <summary>Skips it outside the full tier.</summary>
    public FactInFullTierAttribute()
    {
        if (!Servers.Full)
            Skip = "In the full tier only.";
    }
}

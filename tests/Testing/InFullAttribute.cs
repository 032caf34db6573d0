using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrderSync.Testing;

/// <summary>
/// A proof that CI has no time for, while another there notices most of what it notices: only <c>./ordersync test --full</c> runs it. See docs/decisions/0021.
/// </summary>
[TraitDiscoverer($"OrderSync.Testing.{nameof(InFullTrait)}", "OrderSync.Testing")]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class InFullAttribute : Attribute, ITraitAttribute;

/// <summary>What the attribute means to the runner's filters.</summary>
public sealed class InFullTrait : ITraitDiscoverer
{
    /// <summary>The filter of CI.</summary>
    public const string LeftOut = "tier!=full";

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) => [new("tier", "full")];
}

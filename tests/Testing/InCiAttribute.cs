using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrderSync.Testing;

/// <summary>
/// A proof that costs much beside what it adds to the run before a commit: many kills, real outages, real waits, or cases that a cheaper test covers in
/// small. <c>./ordersync test</c> leaves it out; CI (<c>test --ci</c>) and <c>test --full</c> run it. See docs/decisions/0021.
/// </summary>
[TraitDiscoverer($"OrderSync.Testing.{nameof(InCiTrait)}", "OrderSync.Testing")]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class InCiAttribute : Attribute, ITraitAttribute;

/// <summary>What the attribute means to the runner's filter.</summary>
public sealed class InCiTrait : ITraitDiscoverer
{
    /// <summary>The filter of a run without such tests.</summary>
    public const string LeftOut = $"tier!=ci&{InFullTrait.LeftOut}";

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) => [new("tier", "ci")];
}

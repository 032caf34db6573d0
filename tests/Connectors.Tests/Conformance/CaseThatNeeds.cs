using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A case that only ERPs can have that have all of these.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("OrderSync.Connectors.Tests.Conformance.CaseDiscoverer", "OrderSync.Connectors.Tests")]
public sealed class CaseThatNeedsAttribute(params Ability[] abilities) : FactAttribute
{
    public IReadOnlyList<Ability> Abilities => abilities;
}

/// <summary>Skips a case, visibly, where the connector declares that its ERP lacks what it needs.</summary>
public sealed class CaseDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needed = factAttribute.GetNamedArgument<IReadOnlyList<Ability>>(nameof(CaseThatNeedsAttribute.Abilities));
        var (display, options) = (discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault());
        var lacking = testMethod.TestClass.Class.GetCustomAttributes(typeof(WithoutAttribute).AssemblyQualifiedName!)
            .FirstOrDefault(without => needed.Contains(without.GetNamedArgument<Ability>(nameof(WithoutAttribute.Ability))));
        yield return lacking is null
            ? new XunitTestCase(messages, display, options, testMethod)
            : new XunitSkippedDataRowTestCase(messages, display, options, testMethod, lacking.GetNamedArgument<string>(nameof(WithoutAttribute.Reason)));
    }
}

using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What not every ERP has.</summary>
public enum Ability
{
    /// <summary>Each refresh gives a new refresh token and ends the old one.</summary>
    RotatingTokens,

    /// <summary>Orders are created as drafts and then confirmed.</summary>
    Drafts,

    /// <summary>A request already sent may take effect later.</summary>
    AmbiguityWindow,

    /// <summary>A visible line or field that takes up a rounding difference.</summary>
    AdjustmentLine,
}

/// <summary>Stands on a connector's conformance: what its ERP does not have, and how one knows. Cases that need it are reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WithoutAttribute(Ability ability, string reason) : Attribute
{
    public Ability Ability => ability;

    public string Reason => reason;
}

/// <summary>A case that only some ERPs can have.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("OrderSync.Connectors.Tests.Conformance.CaseDiscoverer", "OrderSync.Connectors.Tests")]
public sealed class CaseThatNeedsAttribute(Ability ability) : FactAttribute
{
    public Ability Ability => ability;
}

/// <summary>Skips a case, visibly, where the connector declares that its ERP lacks what it needs.</summary>
public sealed class CaseDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needed = factAttribute.GetNamedArgument<Ability>(nameof(CaseThatNeedsAttribute.Ability));
        var (display, options) = (discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault());
        var lacking = testMethod.TestClass.Class.GetCustomAttributes(typeof(WithoutAttribute).AssemblyQualifiedName!)
            .FirstOrDefault(without => without.GetNamedArgument<Ability>(nameof(WithoutAttribute.Ability)) == needed);
        yield return lacking is null
            ? new XunitTestCase(messages, display, options, testMethod)
            : new XunitSkippedDataRowTestCase(messages, display, options, testMethod, lacking.GetNamedArgument<string>(nameof(WithoutAttribute.Reason)));
    }
}

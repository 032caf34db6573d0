using OrderSync.NetSuite;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The promises every connector keeps, for NetSuite with orders that somebody approves there.</summary>
[Everyday(typeof(OnceOnlyCases), typeof(ChangeCases), typeof(RoundingCases))]
[Without(Ability.RotatingTokens, NoRefreshTokens)]
[Without(Ability.Twins, NoTwins)]
[Without(Ability.Voiding, NoTwins)]
[Without(Ability.Drafts, "Orders that somebody approves in NetSuite are final for us as they are created.")]
[InCi]
public sealed class NetSuiteConformance(NetSuiteStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<NetSuiteStage>
{
    internal const string NoRefreshTokens = "NetSuite gives no refresh tokens: each access token is asked for with a new signed assertion.";
    internal const string NoTwins = "An external id stands on one record of its kind.";
}

/// <summary>The same with orders that are approved from here once they are equal.</summary>
[Everyday]
[Without(Ability.RotatingTokens, NetSuiteConformance.NoRefreshTokens)]
[Without(Ability.Twins, NetSuiteConformance.NoTwins)]
[Without(Ability.Voiding, NetSuiteConformance.NoTwins)]
[InCi]
public sealed class NetSuiteApprovedConformance(NetSuiteApprovedStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<NetSuiteApprovedStage>;

/// <summary>NetSuite's side: the stand-in of services/ErpSandbox.</summary>
public sealed class NetSuiteStage() : ConformanceStage(new NetSuiteSide());

/// <summary>NetSuite's side where orders are to be approved.</summary>
public sealed class NetSuiteApprovedStage() : ConformanceStage(new NetSuiteSide(OrderStatus.PendingFulfilment));

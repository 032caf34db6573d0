namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What not every ERP has.</summary>
public enum Ability
{
    /// <summary>Each refresh gives a new refresh token and ends the old one.</summary>
    RotatingTokens,

    /// <summary>Orders are created as drafts and then confirmed.</summary>
    Drafts,

    /// <summary>Quotes are too, where orders are.</summary>
    QuoteDrafts,

    /// <summary>An order in its final state can be changed and made void.</summary>
    Changes,

    /// <summary>A request already sent may take effect later.</summary>
    AmbiguityWindow,

    /// <summary>A visible line or field that takes up a rounding difference.</summary>
    AdjustmentLine,

    /// <summary>It can hold two documents of one record, and shows them all when asked.</summary>
    Twins,

    /// <summary>What was created can be made void without a person.</summary>
    Voiding,

    /// <summary>Its items can be brought back.</summary>
    Items,

    /// <summary>It takes quotes.</summary>
    Quotes,

    /// <summary>Orders and quotes are numbered apart: one number can stand on one of each.</summary>
    NumbersByKind,

    /// <summary>It takes money that was received.</summary>
    Receipts,
}

/// <summary>
/// Stands on the conformance of a connector's second edition, whose first runs whole every day: of this one only these groups do, all of them in
/// the full tier.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EverydayAttribute(params Type[] groups) : Attribute
{
    public IReadOnlyList<Type> Groups => groups;
}

/// <summary>
/// Stands on the conformance of a connector whose ERP costs much to start: its groups of every day run one after the other on one stage, and side by side, each on its own, in the
/// full tier only.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OneStageAttribute : Attribute;

/// <summary>
/// Stands on a group of cases that the framework alone decides, whatever the ERP: every day they run for the small ERP of the tests, for a
/// real connector in the full tier.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OfTheFrameworkAttribute : Attribute;

/// <summary>Stands on the conformance that proves the framework: every group runs every day.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ProvesTheFrameworkAttribute : Attribute;

/// <summary>Stands on a connector's conformance: what its ERP does not have, and how one knows. Cases that need it are reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WithoutAttribute(Ability ability, string reason) : Attribute
{
    public Ability Ability => ability;

    public string Reason => reason;
}

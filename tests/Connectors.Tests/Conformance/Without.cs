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

    /// <summary>It can hold two documents of one record, and shows them all when asked.</summary>
    Twins,

    /// <summary>What was created can be made void without a person.</summary>
    Voiding,

    /// <summary>Its items can be brought back.</summary>
    Items,

    /// <summary>It takes quotes.</summary>
    Quotes,

    /// <summary>It takes money that was received.</summary>
    Receipts,
}

/// <summary>
/// Stands on a connector's conformance of which only these groups run every day: those in which the connector has a say, or, on a second edition, those
/// in which it differs from the first. All run in the full tier; what is the framework's alone the small ERP of the tests proves every day.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EverydayAttribute(params Type[] groups) : Attribute
{
    public IReadOnlyList<Type> Groups => groups;
}

/// <summary>Stands on a connector's conformance: what its ERP does not have, and how one knows. Cases that need it are reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WithoutAttribute(Ability ability, string reason) : Attribute
{
    public Ability Ability => ability;

    public string Reason => reason;
}

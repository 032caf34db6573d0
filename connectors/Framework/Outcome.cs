using OrderSync.Framework.Mappings;

namespace OrderSync.Framework;

/// <summary>What a destination said about one document.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>The document is there, complete, read back and equal; or void, where that is wanted.</summary>
    /// <param name="ExternalId">Its id there; empty where it was to be void and was never written.</param>
    /// <param name="Number">Its number there.</param>
    /// <param name="Total">Total the destination reached; null where it has none.</param>
    /// <param name="Code">A remark's stable code, such as "amountDiffers" or "mail.internalOnly"; usually null.</param>
    /// <param name="Reason">The remark in plain words.</param>
    public sealed record Done(string ExternalId, string? Number, decimal? Total, string? Code = null, string? Reason = null) : Outcome;

    /// <summary>A person must act; it is not tried again before that.</summary>
    /// <param name="Code">Stable, dotted camelCase.</param>
    /// <param name="Reason">What happened, to which thing, in plain words.</param>
    /// <param name="Fix">What to do.</param>
    /// <param name="Unmapped">What the office would have to map for it; once it has, the document is tried again by itself.</param>
    public sealed record Refused(string Code, string Reason, string Fix, Unmapped? Unmapped = null) : Outcome;

    /// <summary>Nothing was sent that could take effect; it needs time.</summary>
    /// <param name="Reason">Why, in plain words.</param>
    /// <param name="After">As the destination asked (Retry-After); null = our back-off.</param>
    /// <param name="WholeAccount">True pauses the account, not only this document (limits, an outage).</param>
    public sealed record Later(string Reason, TimeSpan? After = null, bool WholeAccount = false) : Outcome;

    /// <summary>The connection needs new credentials.</summary>
    /// <param name="Reason">Why, in plain words.</param>
    public sealed record Reconnect(string Reason) : Outcome;

    /// <summary>It may have taken effect: the window is waited out, then one looks.</summary>
    /// <param name="Reason">Why, in plain words.</param>
    public sealed record Ambiguous(string Reason) : Outcome;

    /// <summary>The document is void there, as wanted.</summary>
    public static Done Cancelled(string title, string externalId, string? number, decimal? total) =>
        new(externalId, number, total, "cancelled", $"It is void in {title}{(number is null ? "" : $" as {number}")}.");

    /// <summary>The document was to be void and is not there: it is not going to be written.</summary>
    public static Done NeverWritten(string title) => new("", null, null, "cancelled.unwritten", $"It was cancelled before it was written; {title} does not have it.");

    internal static Outcome Uncancellable(string connector, string kind) => new Refused(
        "cancel.unsupported", $"A {kind} cannot be cancelled in {connector} from here.", $"Make it void in {connector} by hand, then Stop it here.");

    internal static Outcome Unsupported(string connector, string kind) =>
        new Refused("kind.unsupported", $"{connector} does not take a record of kind {kind}.", "Take this kind off the connection, or connect a destination that takes it.");
}

/// <summary>
/// A destination's definite word, thrown by a client where the story of the connector cannot go on. Expected outcomes of a step are values;
/// this carries them through the client's layers and is caught once, in the worker.
/// </summary>
public sealed class OutcomeException(Outcome outcome, Exception? cause = null) : Exception(outcome.ToString(), cause)
{
    /// <summary>What the worker is to note.</summary>
    public Outcome Outcome { get; } = outcome;
}

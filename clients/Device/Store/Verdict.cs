using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Device;

/// <summary>The gateway's answer to one revision of a record.</summary>
/// <param name="Id">The record.</param>
/// <param name="Rev">Its revision.</param>
/// <param name="Outcome">accepted, duplicate, waiting, refused, conflict or retryLater.</param>
/// <param name="Code">Why, stable.</param>
/// <param name="Field">Which field the reason speaks of.</param>
/// <param name="Message">What happened and what to do, in the device's language.</param>
/// <param name="Number">The final number, where the kind has one.</param>
/// <param name="State">State of what stands at the gateway: held needs the office.</param>
/// <param name="Proof">Signed by the gateway: shown to it beside the record if that is offered again.</param>
public sealed record Verdict(
    Guid? Id, int Rev, string Outcome, string? Code = null, string? Field = null, string? Message = null, string? Number = null, string? State = null, string? Proof = null)
{
    /// <summary>Stored, and it goes on.</summary>
    public const string Accepted = "accepted";

    /// <summary>Stored before.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>Stored; it goes on by itself.</summary>
    public const string Waiting = "waiting";

    /// <summary>The person on the device must mend it.</summary>
    public const string Refused = "refused";

    /// <summary>Other content stands under the same id and revision.</summary>
    public const string Conflict = "conflict";

    /// <summary>The server's own trouble: it stays in the outbox.</summary>
    public const string RetryLater = "retryLater";

    private const string Superseded = "superseded";

    /// <summary>What becomes of the record on the device; null: it stays in the outbox.</summary>
    internal RecordState? Leads => Outcome switch
    {
        Duplicate when State == Superseded => RecordState.Replaced,
        Accepted or Duplicate => RecordState.Accepted,
        Waiting => RecordState.Waiting,
        Refused => RecordState.Refused,
        Conflict => RecordState.Conflict,
        // An outcome of a newer server: the record is as safe here as before.
        _ => null,
    };

    internal static Verdict Read(JsonElement received) => received.Deserialize<Verdict>(ContractJson.Options)!;
}

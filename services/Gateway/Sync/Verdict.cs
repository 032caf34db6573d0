namespace OrderSync.Gateway.Sync;

/// <summary>The answer for one record.</summary>
/// <param name="Id">The record; null when its bytes had no usable id, then <paramref name="Line"/> says which it was.</param>
/// <param name="Rev">Its revision.</param>
/// <param name="Outcome">accepted, duplicate, conflict, refused, waiting or retryLater.</param>
/// <param name="Code">Stable code of the reason.</param>
/// <param name="Field">Field the reason speaks of.</param>
/// <param name="Message">What happened and what to do, in the reader's language.</param>
/// <param name="Number">Final number, where the kind has one.</param>
/// <param name="State">State of what is stored, for a duplicate.</param>
/// <param name="Line">Place in the request, from 1, for a record without an id.</param>
/// <param name="Proof">Signed: to be kept, and shown beside the record if it is offered again. Only where something is stored that goes on.</param>
internal sealed record Verdict(
    Guid? Id, int Rev, string Outcome, string? Code = null, string? Field = null, string? Message = null, string? Number = null, string? State = null, int? Line = null, string? Proof = null);

/// <summary>Answer to a push: one verdict a record, in the order sent. Without <paramref name="End"/> the answer was cut off: send again.</summary>
/// <param name="Verdicts">In the order sent.</param>
/// <param name="Received">How many records came.</param>
/// <param name="End">Always true where the answer is whole.</param>
/// <param name="Epoch">Another one than the device knows means that the server was set back: it reads everything anew and offers again what was acknowledged.</param>
internal sealed record PushAnswer(IReadOnlyList<Verdict> Verdicts, int Received, bool End, Guid? Epoch = null);

using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Office.Duplicates;

/// <summary>One of two customers that may be one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Body">Name, addresses and terms, as it stands or was captured.</param>
/// <param name="Number">Number in the ERP.</param>
/// <param name="Code">Customer code.</param>
/// <param name="Source">The connection that brings it.</param>
/// <param name="Captured">Whether a device made it.</param>
/// <param name="Published">False = it waits for the decision: no device and no ERP has it yet.</param>
/// <param name="Rep">Who captured it.</param>
/// <param name="CapturedAt">When.</param>
/// <param name="Records">How many orders, quotes and receipts speak of it.</param>
/// <param name="Waiting">How many of them wait.</param>
/// <param name="InErp">Connections that have it.</param>
internal sealed record DuplicateSide(
    Guid Id, CustomerBody Body, string? Number, string? Code, string? Source, bool Captured, bool Published, string? Rep, DateTimeOffset? CapturedAt, long Records, long Waiting,
    IReadOnlyList<string> InErp);

/// <summary>What stays in an ERP under the customer that was merged away.</summary>
/// <param name="Record">The record: an order, or the customer itself.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Number">Its number here.</param>
/// <param name="Connection">Where it is.</param>
/// <param name="ExternalNumber">Its number or id there.</param>
internal sealed record LeftRow(Guid Record, string Kind, string? Number, string Connection, string? ExternalNumber);

/// <summary>Two customers that may be one.</summary>
/// <param name="Id">The pair.</param>
/// <param name="Keys">What they share: taxNumber, email, namePostcode.</param>
/// <param name="FoundAt">When it was seen.</param>
/// <param name="First">Who was there first.</param>
/// <param name="Second">Who came second.</param>
/// <param name="Decision">merged or kept; absent = not decided.</param>
/// <param name="Survivor">The one that stayed.</param>
/// <param name="DecidedAt">When it was decided.</param>
/// <param name="DecidedBy">Who decided; absent = the rule.</param>
/// <param name="Left">What stays in an ERP under the one that went: look at it there.</param>
internal sealed record DuplicateRow(
    Guid Id, IReadOnlyList<string> Keys, DateTimeOffset FoundAt, DuplicateSide First, DuplicateSide Second, string? Decision, Guid? Survivor, DateTimeOffset? DecidedAt, string? DecidedBy,
    IReadOnlyList<LeftRow> Left);

/// <param name="Duplicates">Open ones oldest first, decided ones newest first.</param>
/// <param name="Open">How many are not decided, counted up to 1,000.</param>
/// <param name="Next">The value of <c>after</c> for the next page.</param>
internal sealed record DuplicateList(IReadOnlyList<DuplicateRow> Duplicates, long Open, Guid? Next);

/// <param name="Survivor">Id of the one that stays.</param>
internal sealed record MergeRequest(Guid Survivor);

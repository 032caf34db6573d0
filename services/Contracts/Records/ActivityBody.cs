using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace OrderSync.Contracts.Records;

/// <summary>
/// Body of an activity, schema 1. The <paramref name="Type"/> says which part must be there; a type that is not known here may have any others, and is
/// kept and passed on as it is.
/// </summary>
/// <param name="Type">"visit", "form", "attendance", "audit", "stockCount", "location", or any other word.</param>
/// <param name="Customer">Whom it is about.</param>
/// <param name="Position">Where it was done.</param>
/// <param name="Visit">Of a visit; of anything else: during which visit it was done.</param>
/// <param name="Form">Of a form.</param>
/// <param name="Attendance">Of attendance.</param>
/// <param name="Count">Of an audit or a stock count.</param>
/// <param name="Location">Of a saved location.</param>
/// <param name="AttachmentsExpected">How many files of it, such as photos, are still to come.</param>
/// <param name="Reference">The device's own reference.</param>
/// <param name="Notes">Free text.</param>
/// <param name="CustomFields">Names and values the company defined.</param>
public sealed record ActivityBody(
    [property: Required, MaxLength(40)] string Type,
    CustomerReference? Customer = null,
    PositionBody? Position = null,
    VisitBody? Visit = null,
    FormBody? Form = null,
    AttendanceBody? Attendance = null,
    [property: MaxLength(5_000)] IReadOnlyList<CountBody>? Count = null,
    LocationBody? Location = null,
    [property: Range(0, 100)] int? AttachmentsExpected = null,
    [property: MaxLength(60)] string? Reference = null,
    [property: MaxLength(10_000)] string? Notes = null,
    [property: MaxLength(200)] IReadOnlyDictionary<string, string>? CustomFields = null);

/// <summary>A step of a visit. All records of one visit carry its id.</summary>
/// <param name="Id">Made on the device when the visit begins.</param>
/// <param name="Step">"checkIn", "note", "photo" or "complete"; null where something else was done during the visit.</param>
public sealed record VisitBody([property: Required] Guid Id, [property: AllowedValues("checkIn", "note", "photo", "complete")] string? Step = null);

/// <summary>A form as it was filled in.</summary>
/// <param name="Name">Which form.</param>
/// <param name="Version">Its version on the device then; the answers are judged by that one.</param>
/// <param name="Answers">An object: each answer by the name of its field.</param>
public sealed record FormBody(
    [property: Required, MaxLength(100)] string Name, [property: Required, Range(1, 1_000_000)] int Version, [property: Required] JsonElement Answers);

/// <summary>The beginning or end of work.</summary>
/// <param name="Direction">"in" or "out".</param>
public sealed record AttendanceBody([property: Required, AllowedValues("in", "out")] string Direction);

/// <summary>How much of an item was counted.</summary>
/// <param name="Sku">Stock-keeping unit.</param>
/// <param name="Quantity">Up to three decimals.</param>
/// <param name="Unit">Unit of measure.</param>
/// <param name="Place">Shelf, bin or shop.</param>
/// <param name="Notes">Free text.</param>
public sealed record CountBody(
    [property: Required, MaxLength(100)] string Sku,
    [property: Required, Figure(0, 1e9, 3)] decimal Quantity,
    [property: MaxLength(50)] string? Unit = null,
    [property: MaxLength(100)] string? Place = null,
    [property: MaxLength(2_000)] string? Notes = null);

/// <summary>A location that the rep saves; the rep's other devices have it too.</summary>
/// <param name="Id">Made on the device when it is saved first; saved again under it, it changes.</param>
/// <param name="Name">As shown.</param>
/// <param name="Position">Where it is.</param>
/// <param name="Removed">True takes it away.</param>
public sealed record LocationBody(
    [property: Required] Guid Id, [property: Required, MaxLength(200)] string Name, [property: Required] PositionBody Position, bool? Removed = null);

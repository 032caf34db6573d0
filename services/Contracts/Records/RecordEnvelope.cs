using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace OrderSync.Contracts.Records;

/// <summary>What surrounds every record a device uploads.</summary>
/// <param name="Kind">Kind of record, see <see cref="Kinds"/>.</param>
/// <param name="Id">Made on the device, version 7 advised; the record's identity for ever.</param>
/// <param name="Rev">Revision, from 1.</param>
/// <param name="Schema">Version of the body's shape.</param>
/// <param name="Seq">The device's own counter: the order of capture. At most what every JSON reader holds exactly.</param>
/// <param name="CapturedAt">RFC 3339 with offset; its local date is the document date.</param>
/// <param name="DependsOn">Ids of records that come first, such as a customer captured offline.</param>
/// <param name="Body">The content, by kind.</param>
public sealed record RecordEnvelope(
    [property: Required, StringLength(40, MinimumLength = 1)] string Kind,
    [property: Required] Guid Id,
    [property: Range(1, 10_000)] int Rev,
    [property: Required, Range(1, 1_000)] int Schema,
    [property: Range(0, 9_007_199_254_740_991)] long Seq,
    [property: Required] DateTimeOffset CapturedAt,
    [property: MaxLength(100)] IReadOnlyList<Guid>? DependsOn,
    [property: Required] JsonElement Body);

/// <summary>Names of the record kinds.</summary>
public static class Kinds
{
    /// <summary>A sales order.</summary>
    public const string Order = "order";

    /// <summary>A new or changed customer.</summary>
    public const string Customer = "customer";

    /// <summary>A quotation, an estimate.</summary>
    public const string Quote = "quote";

    /// <summary>Money received from a customer.</summary>
    public const string Receipt = "receipt";

    /// <summary>A finished sale at a till.</summary>
    public const string Sale = "sale";

    /// <summary>Somebody who may become a customer.</summary>
    public const string Lead = "lead";

    /// <summary>Something a rep has done: a visit, a form, a count …</summary>
    public const string Activity = "activity";
}

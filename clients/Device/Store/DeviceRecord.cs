using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>A revision of a record as the device keeps it.</summary>
/// <param name="Id">Its identity for ever.</param>
/// <param name="Rev">Its revision.</param>
/// <param name="Kind">Kind of record.</param>
/// <param name="Seq">Its place in the order of capture.</param>
/// <param name="CapturedAt">When it was captured, by the device's clock.</param>
/// <param name="State">How far it is.</param>
/// <param name="Verdict">The gateway's last answer.</param>
/// <param name="Bytes">The record as it is sent: always the same bytes.</param>
/// <param name="ExportedAt">When it was last written into a bundle, by the device's clock; null if never.</param>
public sealed record DeviceRecord(
    Guid Id, int Rev, string Kind, long Seq, DateTimeOffset CapturedAt, RecordState State, Verdict? Verdict, ReadOnlyMemory<byte> Bytes, DateTimeOffset? ExportedAt = null)
{
    /// <summary>Its body, to be shown.</summary>
    public JsonElement Body => JsonSerializer.Deserialize<RecordEnvelope>(Bytes.Span, ContractJson.Options)!.Body;
}

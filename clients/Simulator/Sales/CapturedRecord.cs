using System.Text.Json;

namespace OrderSync.Simulator.Sales;

/// <summary>A record of the file as a device takes it over.</summary>
/// <param name="Kind">Kind of the record.</param>
/// <param name="Id">Its identity for ever.</param>
/// <param name="Name">What people call it: an order's number in the file, a customer's address.</param>
/// <param name="Customer">The customer it is about; all records of a customer are captured on one device.</param>
/// <param name="Bytes">The record as it is sent, always the same bytes.</param>
internal sealed record CapturedRecord(string Kind, Guid Id, string Name, Guid Customer, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The total of an order as it was captured.</summary>
    public decimal Total()
    {
        using var record = JsonDocument.Parse(Bytes);
        return record.RootElement.GetProperty("body").GetProperty("totals").GetProperty("total").GetDecimal();
    }
}

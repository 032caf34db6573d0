using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;

namespace OrderSync.Framework.Storage;

/// <summary>What the ledger keeps of a message to write one document: everything, so that nobody is asked again.</summary>
internal sealed record Payload(
    string? Number, DateTimeOffset CapturedAt, DateOnly Date, DateTimeOffset ReceivedAt, RepSnapshot? Rep, string Sha256,
    string Body, CustomerSnapshot? Customer, string? ErpNumber, string? TraceParent, string? Branch = null, bool MayExist = false)
{
    /// <summary>What a planned document needs of the message it came with.</summary>
    public static Payload Of(DeliverRecord record, PlannedDocument planned)
    {
        var companion = planned.RecordId == record.Customer?.Id && planned.RecordId != record.RecordId;
        return new(
            companion ? null : record.Number, record.CapturedAt, record.DocumentDate, record.ReceivedAt, record.Rep, record.Sha256,
            planned.Body, companion ? null : record.Customer, companion ? record.Customer!.ErpNumber : null, record.TraceParent, record.Branch, record.MayExist);
    }

    /// <summary>The customer an order speaks of.</summary>
    public CustomerOfOrder? CustomerOfOrder() =>
        Customer is { } customer ? new(customer.Id, customer.ErpNumber, PlannedDocument.Read<CustomerBody>(customer.Body)) : null;

    public string ToJson() => JsonSerializer.Serialize(this, ContractJson.Options);

    public static Payload Read(string json) => JsonSerializer.Deserialize<Payload>(json, ContractJson.Options)!;
}

using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;

namespace OrderSync.Framework;

/// <summary>One document of the ledger, whatever its kind.</summary>
/// <param name="CompanyId">Whose it is.</param>
/// <param name="ConnectionId">The connection it goes through.</param>
/// <param name="Account">The account at the destination: the ledger's key, so that a connection removed and added again goes on with the old rows.</param>
/// <param name="Key">Name of the document inside the account: the record's id, with a suffix where one record becomes several (a mail for each recipient).</param>
/// <param name="RecordId">The record.</param>
/// <param name="Revision">Revision to push.</param>
/// <param name="Kind">Kind of the record.</param>
/// <param name="Target">Suffix of the key: what the document is beside the record itself, such as "confirmed/a@b.example"; empty for the record's own document.</param>
/// <param name="Number">Final number.</param>
/// <param name="CapturedAt">As the device said.</param>
/// <param name="Date">Document date.</param>
/// <param name="ReceivedAt">When the gateway stored it.</param>
/// <param name="Rep">Who captured it.</param>
/// <param name="Sha256">Lower-case hex of the captured bytes.</param>
/// <param name="Branch">Code of the branch it was captured for.</param>
/// <param name="MayExist">It may be at the destination already although the ledger does not know it: a backup was restored. A connector that cannot look asks a person.</param>
public sealed record DocumentInfo(
    Guid CompanyId, Guid ConnectionId, string Account, string Key, Guid RecordId, int Revision, string Kind, string Target, string? Number,
    DateTimeOffset CapturedAt, DateOnly Date, DateTimeOffset ReceivedAt, RepSnapshot? Rep, string Sha256, string? Branch = null, bool MayExist = false);

/// <summary>A sales order to push.</summary>
/// <param name="Info">The ledger's view.</param>
/// <param name="Body">As captured.</param>
/// <param name="Customer">Its customer as known when the message was made; its ERP id is asked of <see cref="Steps"/>.</param>
public sealed record Order(DocumentInfo Info, OrderBody Body, CustomerOfOrder? Customer);

/// <summary>A quote to push.</summary>
/// <param name="Info">The ledger's view.</param>
/// <param name="Body">As captured.</param>
/// <param name="Customer">Its customer as known when the message was made.</param>
public sealed record Quote(DocumentInfo Info, QuoteBody Body, CustomerOfOrder? Customer);

/// <summary>A receipt to push.</summary>
/// <param name="Info">The ledger's view.</param>
/// <param name="Body">As captured.</param>
/// <param name="Customer">Who paid, as known when the message was made.</param>
public sealed record Receipt(DocumentInfo Info, ReceiptBody Body, CustomerOfOrder? Customer);

/// <summary>A finished sale to push.</summary>
/// <param name="Info">The ledger's view.</param>
/// <param name="Body">As captured.</param>
/// <param name="Customer">Its customer as known when the message was made; a sale over the counter has none.</param>
public sealed record Sale(DocumentInfo Info, SaleBody Body, CustomerOfOrder? Customer);

/// <summary>The customer an order, a quote, a sale or a receipt speaks of.</summary>
/// <param name="Id">Its record id at the gateway.</param>
/// <param name="ErpNumber">Number in the ERP, where known.</param>
/// <param name="Body">As it stands.</param>
public sealed record CustomerOfOrder(Guid Id, string? ErpNumber, CustomerBody Body);

/// <summary>A customer to push.</summary>
/// <param name="Info">The ledger's view.</param>
/// <param name="ErpNumber">Number in the ERP where the office gave one: then it is found by it and never created.</param>
/// <param name="Body">As it stands.</param>
public sealed record Customer(DocumentInfo Info, string? ErpNumber, CustomerBody Body);

/// <summary>A ledger row that a record asks for.</summary>
/// <param name="RecordId">The record the row stands for: the customer's own id for a customer.</param>
/// <param name="Revision">Revision wanted.</param>
/// <param name="Kind">Kind of the row's record.</param>
/// <param name="Target">See <see cref="DocumentInfo.Target"/>.</param>
/// <param name="Body">Body as JSON text.</param>
/// <param name="DependsOn">Keys of documents of the same account that must be done first.</param>
/// <param name="Reports">Whether this row's state is part of the record's report (a customer that comes along with an order is not).</param>
public sealed record PlannedDocument(
    Guid RecordId, int Revision, string Kind, string Target, string Body, IReadOnlyList<string> DependsOn, bool Reports)
{
    /// <summary>Key of the ledger row inside its account.</summary>
    public string Key => KeyOf(RecordId, Target);

    /// <summary>The key of a record's document.</summary>
    public static string KeyOf(Guid recordId, string target = "") => target.Length == 0 ? recordId.ToString("D") : $"{recordId:D}/{target}";

    /// <summary>The record's own document, after its customer's and, for a receipt, after the orders it pays as far as the gateway names them.</summary>
    public static IReadOnlyList<PlannedDocument> RecordAndCustomer(DeliverRecord record)
    {
        var dependsOn = record.DependsOn.Select(id => KeyOf(id)).ToList();
        if (record.Customer is not { } customer)
            return [new(record.RecordId, record.Revision, record.Kind, "", record.Body, dependsOn, Reports: true)];

        if (!dependsOn.Contains(KeyOf(customer.Id)))
            dependsOn.Add(KeyOf(customer.Id));
        return
        [
            new(customer.Id, customer.Revision, Kinds.Customer, "", customer.Body, [], Reports: false),
            new(record.RecordId, record.Revision, record.Kind, "", record.Body, dependsOn, Reports: true),
        ];
    }

    /// <summary>Reads a body that the gateway wrote.</summary>
    public static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, ContractJson.Options) ?? throw new JsonException("The body is empty.");
}

using System.Text.Json;
using OrderSync.Contracts.Records;

namespace OrderSync.Framework.Work;

/// <summary>Which of a connector's methods a document goes to, by its kind and by what is wanted of it.</summary>
internal static class Route
{
    /// <summary>Runs the method; what the connection does not take is refused in its words.</summary>
    public static Task<Outcome> TakeAsync(IConnector connector, ConnectorInfo info, Job job, CancellationToken stop)
    {
        var document = job.Document;
        try
        {
            if (connector.Capabilities(job.Steps.Connection).FirstOrDefault(one => one.Name == document.Kind && !one.Taken) is { } not)
                return Task.FromResult<Outcome>(new Outcome.Refused("kind.unsupported", not.Why!, not.Fix!));
            return job.Claim.Wish == "cancel" ? CancelAsync(connector, info, job, stop) : PushAsync(connector, info, job, stop);
        }
        catch (JsonException unreadable)
        {
            // Its text speaks of types and byte positions; people need to know where in the record the trouble is.
            var where = unreadable.Path?.TrimStart('$', '.') is { Length: > 0 } path ? $" at {path}" : "";
            return Task.FromResult<Outcome>(new Outcome.Refused(
                "record.unreadable", $"The {document.Kind} cannot be read{where}.", "Correct the record and send it again as a new revision."));
        }
    }

    private static Task<Outcome> PushAsync(IConnector connector, ConnectorInfo info, Job job, CancellationToken stop)
    {
        var (_, payload, document, steps) = job;
        return document.Kind switch
        {
            // A change names the customer as it is to be; what that is at the destination is the customer's own document, which comes before.
            Kinds.Customer when payload.Customer is { } changed => connector.ChangeCustomerAsync(
                new(document with { RecordId = changed.Id, Revision = changed.Revision }, changed.ErpNumber, PlannedDocument.Read<CustomerBody>(changed.Body)), steps, stop),
            Kinds.Customer or Kinds.Lead => connector.PushCustomerAsync(new(document, payload.ErpNumber, PlannedDocument.Read<CustomerBody>(payload.Body)), steps, stop),
            Kinds.Order => connector.PushOrderAsync(OrderOf(job), steps, stop),
            Kinds.Quote => connector.PushQuoteAsync(new(document, PlannedDocument.Read<QuoteBody>(payload.Body), payload.CustomerOfOrder()), steps, stop),
            Kinds.Sale => connector.PushSaleAsync(new(document, PlannedDocument.Read<SaleBody>(payload.Body), payload.CustomerOfOrder()), steps, stop),
            Kinds.Receipt => connector.PushReceiptAsync(new(document, PlannedDocument.Read<ReceiptBody>(payload.Body), payload.CustomerOfOrder()), steps, stop),
            _ => Task.FromResult(Outcome.Unsupported(info.Title, document.Kind)),
        };
    }

    private static Task<Outcome> CancelAsync(IConnector connector, ConnectorInfo info, Job job, CancellationToken stop) => job.Document.Kind switch
    {
        Kinds.Order => connector.CancelOrderAsync(OrderOf(job), job.Steps, stop),
        _ => Task.FromResult(Outcome.Uncancellable(info.Title, job.Document.Kind)),
    };

    private static Order OrderOf(Job job) => new(job.Document, PlannedDocument.Read<OrderBody>(job.Payload.Body), job.Payload.CustomerOfOrder());
}

using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Orders;

/// <summary>A sales order.</summary>
internal sealed class OrderKind : IRecordKind
{
    private static readonly SalesDocument Rules = new(Kinds.Order);

    public string Name => Kinds.Order;

    public string? Series => "SO-";

    public Type Body => typeof(OrderBody);

    public IReadOnlyList<Func<JsonElement, JsonElement>> Steps { get; } = [SalesDocument.StateRounding];

    public IReadOnlyList<string> GoesTo => ["erp", "email"];

    public IReadOnlyDictionary<string, (string En, string De)> Sentences => OrderSentences.All;

    public IEnumerable<Awaited> Awaits(object body) => SalesDocument.Awaits((OrderBody)body);

    public void Want(PushedRecord record, object body, Wanted wanted) => SalesDocument.Want((OrderBody)body, wanted);

    public void Judge(Judged judged, object body, Known known) => Rules.Judge(judged, (OrderBody)body, known);
}

using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Coupons;
using OrderSync.Gateway.Credit;
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

    public void Want(PushedRecord record, object body, Wanted wanted)
    {
        var order = (OrderBody)body;
        SalesDocument.Want(order, wanted);
        CouponRule.Want(order.Coupons, wanted);
        wanted.Raising.Add(record.Id!.Value);
        wanted.Terms |= order.PaymentTerms is { Length: > 0 };
    }

    public void Judge(Judged judged, object body, Known known)
    {
        var order = (OrderBody)body;
        Rules.Judge(judged, order, known);
        CreditRule.CompareTerms(judged, known, order.PaymentTerms);
        CreditRule.Apply(judged, known, judged.Total ?? 0);
        CouponRule.Apply(judged, known, order.Coupons);
        CreditRule.Note(judged, known, judged.Total ?? 0);
        judged.Source = order.SourceQuote is { } quote && quote != Guid.Empty ? quote : null;
    }
}

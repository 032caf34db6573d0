using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Orders;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Quotes;

/// <summary>A quote: an order's rules and a series of its own. A last day that has passed is no fault: the device may have been offline since.</summary>
internal sealed class QuoteKind : IRecordKind
{
    private static readonly SalesDocument Rules = new(Kinds.Quote);

    public string Name => Kinds.Quote;

    public string? Series => "QU-";

    public Type Body => typeof(QuoteBody);

    public IReadOnlyList<Func<JsonElement, JsonElement>> Steps { get; } = [SalesDocument.StateRounding];

    public IReadOnlyList<string> GoesTo => ["erp", "email"];

    public IReadOnlyDictionary<string, (string En, string De)> Sentences => QuoteSentences.All;

    public IEnumerable<Awaited> Awaits(object body) => SalesDocument.Awaits((QuoteBody)body);

    public void Want(PushedRecord record, object body, Wanted wanted) => SalesDocument.Want((QuoteBody)body, wanted);

    public void Judge(Judged judged, object body, Known known) => Rules.Judge(judged, (QuoteBody)body, known);
}

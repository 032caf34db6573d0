using OrderSync.Contracts.Records;
using OrderSync.Device;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Replay;

/// <summary>What became of the records at the gateway's door.</summary>
internal sealed class Outcomes(Stages stages)
{
    private readonly Lock _lock = new();
    private readonly List<(CapturedRecord Record, Verdict Verdict)> _turnedAway = [];

    /// <summary>Orders the gateway has: now accepted, or known before.</summary>
    public int OrdersStored { get; private set; }

    /// <summary>Those of them that it had before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Customers that stand at the gateway with other details than in this file; their orders go on.</summary>
    public int CustomersKnownOtherwise { get; private set; }

    public void Note(CapturedRecord record, Verdict verdict)
    {
        lock (_lock)
        {
            var isOrder = record.Kind == Kinds.Order;
            if (verdict.Outcome is Verdict.Accepted or Verdict.Duplicate or Verdict.Waiting)
            {
                OrdersStored += isOrder ? 1 : 0;
                Duplicates += isOrder && verdict.Outcome == Verdict.Duplicate ? 1 : 0;
            }
            else if (!isOrder && verdict.Outcome == Verdict.Conflict)
                CustomersKnownOtherwise++;
            else
            {
                _turnedAway.Add((record, verdict));
                return;
            }
        }

        if (record.Kind == Kinds.Order)
            stages.OrderStored();
        else
            stages.CustomerStored();
    }

    /// <summary>What was not taken, in words: one sentence for each kind and reason.</summary>
    public IEnumerable<string> TurnedAway() =>
        from one in _turnedAway
        group one by (one.Record.Kind, one.Verdict.Outcome, one.Verdict.Code) into alike
        let names = string.Join(", ", alike.Take(3).Select(o => o.Record.Name)) + (alike.Count() > 3 ? " …" : "")
        let why = alike.First().Verdict.Message is { } message ? $": {message}" : ""
        select $"{alike.Count()} × {alike.Key.Kind} {alike.Key.Outcome} {alike.Key.Code} ({names}){why}";
}

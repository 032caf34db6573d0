using Npgsql;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Live;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// What records claim for themselves in the transaction that stores them: match keys of customers, quotes that orders come from. On the fast path a claim that
/// another one has ends the transaction; the careful path then judges who came second.
/// </summary>
internal static class Claims
{
    /// <summary>Claims of records that are new.</summary>
    public static void AddNew(NpgsqlBatch batch, Guid company, IReadOnlyList<Judged> rows)
    {
        CustomerKeys.AddNew(batch, company, Customers(rows));
        Conversions.AddNew(batch, company, Sources(rows));
    }

    /// <summary>Claims of records that are stored or replaced; a record that comes second is judged so. Nothing is asked when nobody claims anything.</summary>
    /// <returns>Records whose judgement changed: their rows are to be written anew.</returns>
    public static async Task<IReadOnlyList<Judged>> TakeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Push push, IReadOnlyList<Judged> changed, IReadOnlySet<Guid> fresh, CancellationToken stop)
    {
        var company = push.Device.CompanyId;
        var again = new List<Judged>();
        var sources = Sources(changed);
        var replaced = changed.Where(judged => !fresh.Contains(judged.Record.Id!.Value)).Select(judged => judged.Record.Id!.Value).ToArray();
        if (sources.Count > 0 || replaced.Length > 0)
        {
            var taken = await Conversions.ClaimAsync(connection, transaction, company, replaced, sources, stop);
            foreach (var judged in changed.Where(judged => taken.ContainsKey(judged.Record.Id!.Value)))
            {
                var (id, name) = taken[judged.Record.Id!.Value];
                again.Add(judged.ComesTwice(id, name));
            }
        }

        var doubted = await CustomerKeys.ClaimAsync(connection, transaction, company, Customers(changed), push.ReceivedAt, stop);
        foreach (var one in doubted)
        {
            // One that came in the same push has no row yet.
            var other = changed.FirstOrDefault(judged => judged.Record.Id == one.Other)?.Customer?.Name;
            again.Add(changed.First(judged => judged.Record.Id == one.Id).Hold(FaultOf(other is null ? one : one with { Name = other })));
        }

        return again;
    }

    /// <summary>What is said of a customer that may be there already.</summary>
    public static Fault FaultOf(Doubted one) => new(PossibleDuplicate, null, new Dictionary<string, string> { ["which"] = one.Name, ["id"] = one.Other.ToString() });

    /// <summary>Code of a customer that may be there already.</summary>
    public const string PossibleDuplicate = "customer.possibleDuplicate";

    // In the order sent: of twins in one push the first is the first.
    private static List<(Guid Id, string Body)> Customers(IReadOnlyList<Judged> rows) =>
        [.. rows.OrderBy(judged => judged.Record.Index).Where(judged => judged is { State: "accepted", Customer: not null }).Select(judged => (judged.Record.Id!.Value, judged.Customer!.Body))];

    private static List<(Guid Source, Guid Target)> Sources(IReadOnlyList<Judged> rows) =>
        [.. rows.OrderBy(judged => judged.Record.Index).Where(judged => judged is { Source: not null } and not { State: "refused" }).Select(judged => (judged.Source!.Value, judged.Record.Id!.Value))];
}

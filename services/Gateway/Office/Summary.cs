using System.Globalization;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office;

/// <summary>Counts and sums of a company, by kind, state and destination: what progress bars and checks ask.</summary>
internal sealed class Summary(NpgsqlDataSource database)
{
    public async Task<IResult> GetAsync(OfficeIdentity office, string? since, CancellationToken stop)
    {
        var from = DateTimeOffset.MinValue;
        if (since is not null && !DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
            return Problems.Bad("summary.since", "since is an RFC 3339 time, such as 2026-11-21T08:00:00Z.");

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select kind, state, count(*) from record where company_id = $1 and received_at >= $2 group by 1, 2", office.CompanyId, from.ToUniversalTime());
        batch.Add("""
            select currency, count(*), sum(total) from record
            where company_id = $1 and received_at >= $2 and kind = 'order' and state = 'accepted' group by 1
            """, office.CompanyId, from.ToUniversalTime());
        batch.Add("""
            select c.name, c.connector, r.kind, d.state, r.currency, count(*), sum(d.external_total)
            from delivery d join record r on r.company_id = d.company_id and r.record_id = d.record_id
            join connection c on c.company_id = d.company_id and c.connection_id = d.connection_id
            where d.company_id = $1 and r.received_at >= $2 group by 1, 2, 3, 4, 5 order by 1, 3
            """, office.CompanyId, from.ToUniversalTime());

        await using var reader = await batch.ReadAsync(stop);
        var records = new SortedDictionary<string, SortedDictionary<string, long>>();
        while (await reader.ReadAsync(stop))
            (records.TryGetValue(reader.GetString(0), out var states) ? states : records[reader.GetString(0)] = [])[reader.GetString(1)] = reader.GetInt64(2);

        await reader.NextResultAsync(stop);
        var orders = new OrderSums(0, []);
        while (await reader.ReadAsync(stop))
        {
            orders = orders with { Count = orders.Count + reader.GetInt64(1) };
            if (!reader.IsDBNull(0))
                orders.Total[reader.GetString(0)] = reader.GetDecimal(2);
        }

        await reader.NextResultAsync(stop);
        var destinations = new Dictionary<(string, string), DestinationSums>();
        while (await reader.ReadAsync(stop))
        {
            var key = (reader.GetString(0), reader.GetString(2));
            var sums = destinations.TryGetValue(key, out var found) ? found : destinations[key] = new(key.Item1, reader.GetString(1), key.Item2);
            sums.Add(reader.GetString(3), reader.GetInt64(5));
            if (!reader.IsDBNull(4) && !reader.IsDBNull(6) && reader.GetString(3) == "done")
                sums.Total[reader.GetString(4)] = sums.Total.GetValueOrDefault(reader.GetString(4)) + reader.GetDecimal(6);
        }

        return Results.Ok(new SummaryAnswer(records, orders, [.. destinations.Values]));
    }
}

internal sealed record SummaryAnswer(
    IReadOnlyDictionary<string, SortedDictionary<string, long>> Records, OrderSums Orders, IReadOnlyList<DestinationSums> Destinations);

internal sealed record OrderSums(long Count, SortedDictionary<string, decimal> Total);

/// <summary>One connection and kind: how many deliveries stand where, and what the destination's documents sum up to.</summary>
internal sealed record DestinationSums(string Connection, string Connector, string Kind)
{
    public long Pending { get; private set; }

    public long InProgress { get; private set; }

    public long Waiting { get; private set; }

    public long Done { get; private set; }

    public long Attention { get; private set; }

    public long Reconnect { get; private set; }

    public long Stopped { get; private set; }

    /// <summary>A later revision has taken their place.</summary>
    public long Superseded { get; private set; }

    public SortedDictionary<string, decimal> Total { get; } = [];

    public void Add(string state, long count)
    {
        switch (state)
        {
            case "pending": Pending += count; break;
            case "inProgress": InProgress += count; break;
            case "waiting": Waiting += count; break;
            case "done": Done += count; break;
            case "attention": Attention += count; break;
            case "reconnect": Reconnect += count; break;
            case "stopped": Stopped += count; break;
            case "superseded": Superseded += count; break;
            default: throw new InvalidOperationException($"A delivery has the unknown state {state}.");
        }
    }
}

using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Receipts;

/// <summary>Something a record waits for and how it stands: null = it has not come.</summary>
internal sealed record AwaitedRow(Guid Id, string? Kind, string? State, string? Name, string? Code);

/// <summary>A receipt that pays an order, and how much of it.</summary>
internal sealed record PaidByRow(Guid Id, string? Number, string? Reference, string State, string? Currency, decimal Amount, DateTimeOffset ReceivedAt);

/// <summary>What a receipt pays.</summary>
internal sealed record AllocationRow(Guid? Order, string? Number, string? Document, decimal Amount);

/// <summary>The records around one record: what it waits for as it stands now, which receipts pay it, what it pays.</summary>
internal sealed record Related(IReadOnlyList<AwaitedRow> Awaits, IReadOnlyList<PaidByRow> Receipts, IReadOnlyList<AllocationRow> Allocations)
{
    /// <summary>Adds three statements, to be read by <see cref="ReadAsync"/>.</summary>
    public static void Add(NpgsqlBatch batch, Guid company, Guid id)
    {
        batch.Add("""
            select a.id, coalesce(d.kind, case when c.customer_id is not null then 'customer' end), coalesce(d.state, case when c.customer_id is not null then 'accepted' end),
                coalesce(c.name, d.reference), d.code
            from record r cross join unnest(r.awaits) with ordinality as a (id, ord)
            left join record d on d.company_id = $1 and d.record_id = a.id
            left join customer c on c.company_id = $1 and c.customer_id = a.id
            where r.company_id = $1 and r.record_id = $2 order by a.ord
            """, company, id);
        batch.Add("""
            select r.record_id, n.number, r.reference, r.state, r.currency, sum(a.amount), r.received_at
            from allocation a
            join record r on r.company_id = $1 and r.record_id = a.record_id and r.rev = a.rev
            left join record_number n on n.company_id = $1 and n.record_id = r.record_id
            where a.company_id = $1 and a.order_id = $2 group by 1, 2, 3, 4, 5, 7 order by r.received_at, r.record_id
            """, company, id);
        batch.Add("""
            select a.order_id, n.number, a.document, a.amount
            from record r join allocation a on a.company_id = $1 and a.record_id = r.record_id and a.rev = r.rev
            left join record_number n on n.company_id = $1 and n.record_id = a.order_id
            where r.company_id = $1 and r.record_id = $2 order by a.allocation_no
            """, company, id);
    }

    /// <summary>Reads the three results that come next.</summary>
    public static async Task<Related> ReadAsync(NpgsqlDataReader reader, CancellationToken stop)
    {
        var awaits = new List<AwaitedRow>();
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            awaits.Add(new(reader.GetGuid(0), Text(1), Text(2), Text(3), Text(4)));

        var receipts = new List<PaidByRow>();
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            receipts.Add(new(reader.GetGuid(0), Text(1), Text(2), reader.GetString(3), Text(4), reader.GetDecimal(5), reader.GetFieldValue<DateTimeOffset>(6)));

        var allocations = new List<AllocationRow>();
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            allocations.Add(new(reader.IsDBNull(0) ? null : reader.GetGuid(0), Text(1), Text(2), reader.GetDecimal(3)));
        return new Related(awaits, receipts, allocations);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}

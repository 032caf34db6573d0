using Npgsql;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sums;

/// <summary>
/// Writes what records come to: a piece of the feed is one transaction. Rows are only added; what a record comes to now less what it came to before is the next of its rows, so that the same piece
/// read twice, a duplicate or a record that stands as it stood adds nothing. What no longer counts is taken back as of when it counted.
/// </summary>
internal sealed class SumRows(NpgsqlDataSource database, FeedSignal feed)
{
    private const int Piece = 1_000;

    private const string Begin = "insert into sum_position (company_id, pos) values ($1, 0) on conflict do nothing";

    // Whether anything is asked of this company's records at all: where not, its position only follows.
    private const string Next = $"""
        select s.pos, case when a.asked then least(f.pos, s.pos + $2) else f.pos end, a.asked
        from sum_position s join company_feed f using (company_id) cross join (
            select exists (select from customer c where c.company_id = $1 and c.credit_limit is not null) or exists (select from record r where r.company_id = $1 and r.kind = '{Kinds.Sale}')
                or exists (select from company_setting t where t.company_id = $1 and t.name = '{Policy.OrdersTakeStock}') as asked) a
        where s.company_id = $1 and s.pos < f.pos for update of s skip locked
        """;

    private const string Changed = """
        changed as materialized (
            select f.key::uuid as record_id, max(f.at) as at from feed f where f.company_id = $1 and f.pos > $2 and f.pos <= $3 and f.collection = 'verdicts' group by 1)
        """;

    // What it comes to now, and what was noted of it, taken away.
    private const string Commitments = $"""
        with {Changed},
        both_sides as (
            select r.record_id, r.customer_id, r.currency, r.total as amount, c.at as now_at, null::timestamptz as before_at from changed c
            join record r on r.company_id = $1 and r.record_id = c.record_id join customer x on x.company_id = $1 and x.customer_id = r.customer_id
            where r.kind = '{Kinds.Order}' and r.state = 'accepted' and r.total is not null and r.currency is not null and x.credit_limit is not null
            union all
            select e.record_id, e.customer_id, e.currency, e.amount, c.at, null from changed c
            join record r on r.company_id = $1 and r.record_id = c.record_id join customer_entry e on e.company_id = $1 and e.record_id = c.record_id
            join customer x on x.company_id = $1 and x.customer_id = e.customer_id where r.state = 'accepted' and x.credit_limit is not null
            union all
            select m.record_id, m.customer_id, m.currency, -m.amount, null, m.at from changed c join customer_commitment m on m.company_id = $1 and m.record_id = c.record_id),
        added as (
            insert into customer_commitment (company_id, record_id, line, customer_id, amount, currency, at)
            select $1, d.record_id, (select coalesce(max(m.line), 0) from customer_commitment m where m.company_id = $1 and m.record_id = d.record_id)
                + row_number() over (partition by d.record_id order by d.customer_id, d.currency), d.customer_id, d.amount, d.currency, d.at
            from (select record_id, customer_id, currency, sum(amount) as amount, coalesce(max(now_at), max(before_at)) as at from both_sides group by 1, 2, 3 having sum(amount) <> 0) d
            returning customer_id, currency, amount, at)
        insert into customer_open (company_id, customer_id, currency, as_of, amount)
        select $1, c.customer_id, c.credit_currency, c.credit_as_of, ordered_since($1, c.customer_id, c.credit_currency, c.credit_as_of) + coalesce(sum(a.amount) filter (where a.at > c.credit_as_of), 0)
        from added a join customer c on c.company_id = $1 and c.customer_id = a.customer_id and c.credit_currency = a.currency
        where c.credit_limit is not null and c.credit_as_of is not null group by c.customer_id, c.credit_currency, c.credit_as_of
        on conflict (company_id, customer_id, currency) do update set as_of = excluded.as_of, amount = excluded.amount
        """;

    private const string Moves = $"""
        with {Changed},
        both_sides as (
            select r.record_id, r.branch_id, l.sku, l.quantity, c.at as now_at, null::timestamptz as before_at from changed c
            join record r on r.company_id = $1 and r.record_id = c.record_id
            join order_line l on l.company_id = $1 and l.record_id = r.record_id and l.rev = r.rev
            where r.state = 'accepted' and (r.kind = '{Kinds.Sale}' or r.kind = '{Kinds.Order}'
                and exists (select from company_setting t where t.company_id = $1 and t.name = '{Policy.OrdersTakeStock}' and t.value = 'true'))
            union all
            select m.record_id, m.branch_id, m.sku, -m.quantity, null, m.at from changed c join stock_move m on m.company_id = $1 and m.record_id = c.record_id)
        insert into stock_move (company_id, record_id, line, sku, branch_id, quantity, at)
        select $1, d.record_id, (select coalesce(max(m.line), 0) from stock_move m where m.company_id = $1 and m.record_id = d.record_id)
            + row_number() over (partition by d.record_id order by d.sku, d.branch_id), d.sku, d.branch_id, d.quantity, d.at
        from (select record_id, branch_id, sku, sum(quantity) as quantity, coalesce(max(now_at), max(before_at)) as at from both_sides group by 1, 2, 3 having sum(quantity) <> 0) d
        returning sku
        """;

    /// <summary>Takes the next piece; false when there is none, or another replica has it.</summary>
    public async Task<bool> FollowAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await NextAsync(connection, transaction, company, stop) is not { } piece)
            return false;

        var skus = new HashSet<string>(StringComparer.Ordinal);
        await using (var batch = CompanyBatch.ForRecords(connection, company, transaction))
        {
            if (piece.Asked)
            {
                batch.Add(Commitments, company, piece.After, piece.Upto);
                batch.Add(Moves, company, piece.After, piece.Upto);
            }

            batch.Add("update sum_position set pos = $2 where company_id = $1", company, piece.Upto);
            await using var reader = await batch.ReadAsync(stop);
            do
            {
                while (await reader.ReadAsync(stop))
                    skus.Add(reader.GetString(0));
            }
            while (await reader.NextResultAsync(stop));
        }

        await using var last = CompanyBatch.ForRecords(connection, company, transaction);
        if (skus.Count > 0)
        {
            // Words on stock wait meanwhile; the statement after this one sees those that were committed before.
            last.Add("select pg_advisory_xact_lock(hashtextextended('stock/' || $1, 0))", company.ToString());
            last.Add("call recount_stock($1, $2)", company, skus.ToArray());
        }

        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        if (skus.Count > 0)
            feed.Committed(company);
        return true;
    }

    private static async Task<(long After, long Upto, bool Asked)?> NextAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add(Begin, company);
        batch.Add(Next, company, (long)Piece);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2)) : null;
    }
}

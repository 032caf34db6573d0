using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Keeps the reasons of waiting records true: what was unknown may have come and been refused, and of two things one may be there. A reason that
/// changed goes to the device by the feed.
/// </summary>
internal sealed class WaitingReasons(NpgsqlDataSource database)
{
    /// <summary>Writes the reasons anew that are no longer true; a chunk at most, returns how many.</summary>
    public async Task<int> RefreshAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var changed = new List<Guid>();
        await using (var batch = CompanyBatch.For(connection, company, transaction))
        {
            // The first thing missing, in the order the rules look at them: customer, orders paid, records named by the envelope.
            batch.Add("""
                update record r set code = x.code, field = x.field, params = x.params
                from (select w.record_id, why.code, why.field, nullif(case when missing.id is null then '{}'
                        else jsonb_build_object('id', missing.id, 'which', coalesce(nullif(missing.reference, ''), missing.id::text)) end
                        || case when w.params ? 'insist' then jsonb_build_object('insist', w.params -> 'insist') else '{}' end, '{}') as params
                    from record w
                    join rep p on p.company_id = w.company_id and p.rep_id = w.rep_id
                    left join lateral (select a.id, d.state, d.reference from unnest(w.awaits) with ordinality as a (id, ord)
                        left join record d on d.company_id = $1 and d.record_id = a.id
                        where not exists (select from customer c where c.company_id = $1 and c.customer_id = a.id)
                            and (a.id = w.customer_id or d.state is distinct from 'accepted')
                        order by a.ord limit 1) missing on true
                    cross join lateral (select
                        case when missing.id is null then 'user.disabled'
                            else case when missing.id = w.customer_id then 'customer.' when paid.yes then 'receipt.order' else 'record.dependency' end
                                || case when missing.state = 'refused' then 'Refused' when missing.state = 'held' and missing.id = w.customer_id then 'Undecided' else 'Unknown' end end as spelled,
                        case when missing.id is null then null when missing.id = w.customer_id then 'customer' when paid.yes then 'allocations' else 'dependsOn' end as field
                        from (select exists (select from allocation l where l.company_id = $1 and l.record_id = w.record_id and l.rev = w.rev and l.order_id = missing.id) as yes) paid) said
                    cross join lateral (select replace(replace(replace(said.spelled, '.Refused', '.refused'), '.Unknown', '.unknown'), '.Undecided', '.undecided') as code, said.field) why
                    where w.company_id = $1 and w.state = 'waiting' and (missing.id is not null or p.disabled)
                        and (w.code, w.params ->> 'id') is distinct from (why.code, missing.id::text)
                    order by w.record_id limit $2 for update of w skip locked) x
                where r.company_id = $1 and r.record_id = x.record_id
                returning r.record_id
                """, company, PushLimits.Chunk);
            await using var reader = await batch.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
                changed.Add(reader.GetGuid(0));
        }

        if (changed.Count == 0)
            return 0;

        await using var last = CompanyBatch.For(connection, company, transaction);
        RecordRows.AddLast(last, company, [.. changed], []);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        return changed.Count;
    }
}

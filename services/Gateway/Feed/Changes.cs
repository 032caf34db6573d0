namespace OrderSync.Gateway.Feed;

/// <summary>Something that changed after a position, as one device has to hear of it.</summary>
/// <param name="Position">Where in the feed.</param>
/// <param name="Collection">Of what.</param>
/// <param name="Key">Which row.</param>
/// <param name="MayBeHeld">The device may hold the row, so it is told when it is gone.</param>
internal readonly record struct Change(long Position, string Collection, string Key, bool MayBeHeld)
{
    /// <summary>
    /// What a piece of the feed means for a device: $1 the company, $2 its scope keys (before and now), $3 and $4 the positions after which and up to which, $5 the device, $6
    /// and $7 collection and key in the first of them after which to go on, $8 how many. A change of who sees a customer or product is also one of what
    /// follows it, that of the length of histories one of them all; a record's verdict or status is one for its device and in its customer's history.
    /// </summary>
    public const string Statement = """
        with told as materialized (
            select f.pos, f.collection, f.key, f.before, f.after from feed f where f.company_id = $1 and f.pos > $3 and f.pos <= $4),
        seen as materialized (
            select *, before is distinct from after as moved from told where before = '{}' or after = '{}' or before && $2 or after && $2),
        ofrecord as materialized (
            select t.pos, t.collection, r.record_id::text as key, r.kind, r.customer_id, r.device_id = $5 as own
            from told t join record r on r.company_id = $1 and r.record_id = case when t.before is null and t.after is null then t.key::uuid end),
        change as (
            select pos, collection, key, true as held from seen where collection not in ('customerPrices', 'histories')
            union all
            select pos, 'history', key, before is not null from seen where collection = 'customers' and moved
            union all
            select s.pos, 'prices', p.connection_id || '/' || p.key, true
            from seen s join customer c on c.company_id = $1 and c.customer_id = case when s.collection = 'customers' and s.moved then s.key::uuid end
            join price p on p.company_id = $1 and p.customer = c.number
            union all
            select s.pos, 'prices', p.connection_id || '/' || p.key, true
            from seen s join price p on p.company_id = $1 and p.customer = case when s.collection = 'customerPrices' then s.key end
            union all
            select s.pos, 'images', i.sku || '/' || i.place, true
            from seen s join product_image i on i.company_id = $1 and i.sku = case when s.collection = 'products' and s.moved then s.key end
            union all
            select t.pos, 'ids', t.key, false
            from told t join record r on r.company_id = $1 and r.record_id = case when t.collection = 'customers' then t.key::uuid end and r.device_id = $5
            union all
            select t.pos, 'ids', m.customer_id::text, false
            from told t join customer m on m.company_id = $1 and m.merged_into = case when t.collection = 'customers' then t.key::uuid end
            join record r on r.company_id = $1 and r.record_id = m.customer_id and r.device_id = $5
            union all
            select s.pos, 'history', c.customer_id::text, true
            from seen s join customer c on c.company_id = case when s.collection = 'histories' then $1 end and (s.pos > $3 + 1 or ('history', c.customer_id::text) > ($6, $7))
                and (exists (select from record r where r.company_id = $1 and r.customer_id = c.customer_id and r.kind = 'order')
                    or exists (select from connection n join erp_document d on d.company_id = $1 and d.connection_id = n.connection_id and d.customer_key = c.number where n.company_id = $1))
            union all
            select pos, 'verdicts', key, false from ofrecord where own and collection = 'verdicts'
            union all
            select pos, 'status', key, false from ofrecord where own
            union all
            select pos, 'ids', key, false from ofrecord where own and kind in ('customer', 'lead')
            union all
            select pos, 'history', customer_id::text, false from ofrecord where kind = 'order' and customer_id is not null)
        select pos, collection, key, bool_or(held) from change where pos > $3 + 1 or (collection, key) > ($6, $7) group by 1, 2, 3 order by 1, 2, 3 limit $8
        """;
}

namespace OrderSync.Gateway.Feed.Collections;

/// <summary>How far a record is at each destination, what became of it there, and which order a quote became.</summary>
internal sealed class RecordStatus : OfRecords
{
    public override string Name => "status";

    public override int Shape => 2;

    protected override string Columns => """
        (select n.number from record_number n where n.company_id = t.company_id and n.record_id = t.record_id) as number,
        (select json_agg(s order by s.connection) from (
            select c.name as connection, d.state, d.external_number as "externalNumber", trim_scale(d.external_total) as total, d.code, d.reason
            from delivery d join connection c on c.company_id = d.company_id and c.connection_id = d.connection_id
            where d.company_id = t.company_id and d.record_id = t.record_id and d.rev = t.rev) s) as destinations,
        (select json_agg(e order by e.number) from (
            select x.number, x.status, trim_scale(x.balance) as balance from delivery d cross join lateral (
                select o.number, o.status, o.balance from erp_document o
                where o.company_id = d.company_id and o.connection_id = d.connection_id and o.collection = 'orders' and o.key = d.external_id
                union all
                select i.number, i.status, i.balance from erp_document i
                where i.company_id = d.company_id and i.connection_id = d.connection_id and i.order_key = d.external_id) x
            where d.company_id = t.company_id and d.record_id = t.record_id and d.rev = t.rev) e) as erp,
        (select json_build_object('id', v.target_id, 'number', n.number) from conversion v left join record_number n on n.company_id = v.company_id and n.record_id = v.target_id
            where v.company_id = t.company_id and v.source_id = t.record_id) as became
        """;
}

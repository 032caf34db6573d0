namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What a customer ordered: the last orders, as many as the setting orderHistory says, and what was bought in the last 200.</summary>
internal sealed class History : FeedCollection
{
    private const string Orders = "record r where r.company_id = t.company_id and r.customer_id = t.customer_id and r.kind = 'order' and r.state <> 'refused'";

    public override string Name => "history";

    public override string First => Guid.Empty.ToString();

    protected override string From => "customer t";

    protected override string Key => "t.customer_id::text";

    protected override string Scope => "t.scope";

    protected override string Live => $"not t.removed and exists (select from {Orders})";

    protected override string Columns => $"""
        (select json_agg(o) from (
            select r.record_id as id, n.number, r.reference, r.document_date as date, trim_scale(r.total) as total, r.currency, r.state,
                (select d.state from delivery d join connection c on c.company_id = d.company_id and c.connection_id = d.connection_id
                    where d.company_id = r.company_id and d.record_id = r.record_id and d.rev = r.rev and c.connector <> 'email' order by c.name limit 1) as status
            from {Orders.Replace(" where ", " left join record_number n on n.company_id = r.company_id and n.record_id = r.record_id where ", StringComparison.Ordinal)}
            order by r.received_at desc, r.record_id
            limit coalesce((select least(greatest((s.value #>> '{"{}"}')::int, 0), 200) from company_setting s where s.company_id = t.company_id and s.name = 'orderHistory'), 20)) o) as orders,
        (select json_agg(p) from (
            select l.sku, max(b.document_date) as last, count(distinct b.record_id) as times, trim_scale(sum(l.quantity)) as quantity
            from (select r.company_id, r.record_id, r.rev, r.document_date from {Orders} order by r.received_at desc, r.record_id limit 200) b
            join order_line l on l.company_id = b.company_id and l.record_id = b.record_id and l.rev = b.rev
            group by l.sku order by 2 desc, 1 limit 200) p) as purchased
        """;

    protected override string Order => "t.customer_id";

    protected override string After => "t.customer_id > $3::uuid";

    protected override string Among => "t.customer_id = any($3::uuid[])";
}

namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What a customer ordered: the newest orders, as many as the setting orderHistory says, and what was bought. Orders that a destination has from elsewhere are among them.</summary>
internal sealed class History : FeedCollection
{
    private readonly KeptHistory kept;

    public History() => kept = new(this);

    public override string Name => "history";

    /// <summary>The same rows as they are kept.</summary>
    public FeedCollection Kept => kept;

    // Made anew for each device, the hash of many customers' histories would take longer than a statement may.
    public override string Hash => kept.Hash;

    public override string First => Guid.Empty.ToString();

    // The setting stands apart, since only plain arguments let the function become a part of the statement.
    protected override string From => "customer t" + Joined;

    protected override string Key => "t.customer_id::text";

    protected override string Scope => "t.scope";

    protected override string Live => $"not t.removed and {IsThere}";

    protected override string Columns => "h.orders, h.purchased";

    protected override string Order => "t.customer_id";

    protected override string After => "t.customer_id > $3::uuid";

    protected override string Among => "t.customer_id = any($3::uuid[])";

    /// <summary>Of the company <c>$1</c>: brings what is kept up to date by one step. <c>$2</c> the shape, <c>$3</c> customers at most, <c>$4</c> positions at most.</summary>
    public string Step => $"""
        with standing as materialized (
            select h.pos, h.made_to, f.pos as head from history_standing h join company_feed f on f.company_id = h.company_id where h.company_id = $1 and h.shape = $2),
        told as materialized (
            select f.pos, f.collection, f.key, f.before, f.after from standing s join feed f on f.company_id = $1 and f.pos > s.pos and f.pos <= s.pos + $4 where s.made_to is null),
        changed as materialized (
            select customer_id, min(pos) as pos from ({Changed("told")}) c group by 1 order by 2, 1 limit $3 + 1),
        reach as materialized (
            select least(s.head, s.pos + $4, (select pos - 1 from changed order by pos offset $3)) as pos, s.made_to is not null as making,
                s.made_to is null and exists (select from told where collection = 'histories') as anew from standing s),
        part as materialized (
            select c.customer_id from standing s join customer c on c.company_id = $1 and c.customer_id > s.made_to order by c.customer_id limit $3),
        wanted as materialized (
            select customer_id from part union all select c.customer_id from changed c, reach r where c.pos <= r.pos and not r.anew),
        made as materialized (
            select t.customer_id, {Body} as body from wanted w join customer t on t.company_id = $1 and t.customer_id = w.customer_id {Joined} where {IsThere}),
        gone as (
            delete from history_row h using wanted w where h.company_id = $1 and h.customer_id = w.customer_id and not exists (select from made m where m.customer_id = h.customer_id)),
        put as (
            insert into history_row (company_id, customer_id, body, proof) select $1, customer_id, body, feed_proof(customer_id::text, body) from made
            on conflict (company_id, customer_id) do update set body = excluded.body, proof = excluded.proof where history_row.body <> excluded.body)
        update history_standing h set pos = case when r.making then h.pos when r.anew then (select max(pos) from told where collection = 'histories') else greatest(h.pos, r.pos) end,
            made_to = case when r.anew then '{Guid.Empty}'::uuid when r.making and (select count(*) from part) = $3 then (select customer_id from part order by customer_id desc limit 1) end
        from reach r, standing s where h.company_id = $1 returning h.made_to is null, h.pos, s.head
        """;

    // Whose history the changes of a piece of the feed may change.
    internal static string Changed(string told) => $"""
        select key::uuid as customer_id, pos from {told} where collection in ('history', 'customers')
        union all
        select r.customer_id, t.pos from {told} t join record r on r.company_id = $1 and r.record_id = case when t.before is null and t.after is null then t.key::uuid end
        where r.kind = 'order' and r.customer_id is not null
        """;

    internal string Made => Body;

    internal const string Joined = """

        cross join lateral (select coalesce((select (s.value #>> '{}')::int from company_setting s where s.company_id = t.company_id and s.name = 'orderHistory'), 20) as most) n
        cross join lateral customer_history(t.company_id, t.customer_id, n.most) h
        """;

    internal const string IsThere = "(h.orders::text <> '[]' or h.purchased::text <> '[]')";
}

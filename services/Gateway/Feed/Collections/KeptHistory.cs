namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Histories as they are kept: right up to a position of the feed, see <see cref="Histories"/>. What has changed since is made anew where it counts, in the hash.</summary>
internal sealed class KeptHistory(History history) : FeedCollection
{
    private const int MostBehind = 500;

    public override string Name => history.Name;

    public override int Shape => history.Shape;

    public override string First => history.First;

    protected override string From => "customer t join history_row h on h.company_id = t.company_id and h.customer_id = t.customer_id";

    protected override string Key => "t.customer_id::text";

    protected override string Scope => "t.scope";

    protected override string Live => "not t.removed";

    protected override string Columns => "h.body";

    protected override string Body => "h.body";

    protected override string Order => "t.customer_id";

    protected override string After => "t.customer_id > $3::uuid";

    protected override string Among => "t.customer_id = any($3::uuid[])";

    public override string Hash => $"""
        with standing as materialized (
            select h.pos from history_standing h join company_feed f on f.company_id = h.company_id
            where h.company_id = $1 and h.shape = {Shape} and h.made_to is null and f.pos <= h.pos + {MostBehind}),
        told as materialized (select f.pos, f.collection, f.key, f.before, f.after from standing s join feed f on f.company_id = $1 and f.pos > s.pos),
        changed as materialized (select distinct customer_id from ({History.Changed("told")}) c),
        proofs as (
            select h.proof from standing cross join {From} where t.company_id = $1 and {Live} and {Visible("$2")} and not exists (select from changed c where c.customer_id = t.customer_id)
            union all
            select feed_proof(t.customer_id::text, {history.Made}) from changed c join customer t on t.company_id = $1 and t.customer_id = c.customer_id {History.Joined}
            where {Live} and {History.IsThere} and {Visible("$2")})
        select count(*), case when exists (select from standing) and not exists (select from told where collection = 'histories') then coalesce(bit_xor(proof), 0) end from proofs
        """;
}

namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Who sells, for the devices of their branches. Nothing that opens anything.</summary>
internal sealed class Reps : FeedCollection
{
    public override string Name => "reps";

    public override string First => Guid.Empty.ToString();

    protected override string From => "rep t";

    protected override string Key => "t.rep_id::text";

    protected override string Scope => "rep_scope(t.company_id, t.rep_id, t.branches)";

    protected override string Live => "not t.disabled";

    protected override string Columns => """t.name, t.role, t.rights, t.price_list as "priceList", t.territories, t.email""";

    protected override string Order => "t.rep_id";

    protected override string After => "t.rep_id > $3::uuid";

    protected override string Among => "t.rep_id = any($3::uuid[])";
}

namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What a customer ordered: the newest orders, as many as the setting orderHistory says, and what was bought. Orders that a destination has from elsewhere are among them.</summary>
internal sealed class History : FeedCollection
{
    public override string Name => "history";

    // It is computed from records and documents when it is read: of 20,000 customers at once that would take longer than a statement may.
    public override bool Hashed => false;

    public override string First => Guid.Empty.ToString();

    // The setting stands apart, since only plain arguments let the function become a part of the statement.
    protected override string From => """
        customer t
        cross join lateral (select coalesce((select (s.value #>> '{}')::int from company_setting s where s.company_id = t.company_id and s.name = 'orderHistory'), 20) as most) n
        cross join lateral customer_history(t.company_id, t.customer_id, n.most) h
        """;

    protected override string Key => "t.customer_id::text";

    protected override string Scope => "t.scope";

    protected override string Live => "not t.removed and (h.orders::text <> '[]' or h.purchased::text <> '[]')";

    protected override string Columns => "h.orders, h.purchased";

    protected override string Order => "t.customer_id";

    protected override string After => "t.customer_id > $3::uuid";

    protected override string Among => "t.customer_id = any($3::uuid[])";
}

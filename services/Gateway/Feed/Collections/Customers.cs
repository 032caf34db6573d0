namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Who buys, for their reps and the reps of their territory; all of them where a customer has neither.</summary>
internal sealed class Customers : FeedCollection
{
    public override string Name => "customers";

    public override string First => Guid.Empty.ToString();

    protected override string From => "customer t";

    protected override string Key => "t.customer_id::text";

    protected override string Scope => "t.scope";

    protected override string Live => "not t.removed";

    protected override string Columns => "t.body";

    // What the office says of number and code stands above what was captured.
    protected override string Body => """
        json_strip_nulls((t.body::jsonb || jsonb_build_object('number', t.number, 'code', coalesce(t.code, t.captured_code), 'active', t.active, 'territory', t.territory, 'reps', t.reps,
            'creditLimit', trim_scale(t.credit_limit), 'balance', trim_scale(t.balance), 'currency', t.credit_currency,
            'balanceAsOf', to_char(t.credit_as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))::json)::text
        """;

    protected override string Order => "t.customer_id";

    protected override string After => "t.customer_id > $3::uuid";

    protected override string Among => "t.customer_id = any($3::uuid[])";

    protected override string Proof => "t.proof";
}

namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What is in stock, as of when: the word on it, less what was sold since.</summary>
internal sealed class Stock : OfConnections
{
    public override string Name => "stock";

    protected override string From => "stock t";

    protected override string Columns => """
        t.sku, t.location, t.location_name as "locationName", trim_scale(t.available - t.sold) as available, trim_scale(t.on_hand) as "onHand", trim_scale(t.committed) as committed,
        to_char(t.as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "asOf"
        """;

    protected override string Proof => "t.proof";
}

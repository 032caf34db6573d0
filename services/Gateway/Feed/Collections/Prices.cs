namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Prices of lists, and of customers for those who see the customer.</summary>
internal sealed class Prices : OfConnections
{
    public override string Name => "prices";

    protected override string From => "price t";

    protected override string Scope => "price_scope(t.company_id, t.customer)";

    protected override string Columns => """
        t.sku, t.connection_id || '/' || t.price_list as "priceList", t.customer, trim_scale(t.from_quantity) as "fromQuantity", trim_scale(t.to_quantity) as "toQuantity", trim_scale(t.unit_price) as "unitPrice", t.currency
        """;

    protected override string Visible(string keys) => $"(t.customer is null or {base.Visible(keys)})";

    protected override string Proof => "t.proof";
}

namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Price lists. Prices name theirs by <c>key</c>, customers by its name; an order line says of which <c>version</c> its price is.</summary>
internal sealed class PriceLists : OfConnections
{
    public override string Name => "priceLists";

    protected override string From => "price_list t";

    protected override string Columns => "t.connection_id || '/' || t.key as key, t.name, t.active, t.currency, trim_scale(t.percent) as percent, t.version";
}

using OrderSync.Contracts.Catalogue;

namespace OrderSync.Gateway.Collections;

/// <summary>What is in stock, as of when it was seen so first.</summary>
internal sealed class StockLevels : Levels<StockLevel>
{
    public override string Collection => CollectionNames.Stock;

    public override string RemoveLeftovers => """
        delete from stock where company_id = $1 and (connection_id, key) in (select connection_id, key from stock where company_id = $1 and owner <> $2 limit $3)
        """;

    protected override IReadOnlyList<(string Name, string Type)> Columns =>
        [("sku", "text"), ("location", "text"), ("location_name", "text"), ("available", "numeric"), ("on_hand", "numeric"), ("committed", "numeric")];

    protected override string Apply => """
        put as (
            insert into stock (company_id, connection_id, key, sku, location, location_name, available, on_hand, committed, as_of)
            select $1, $2, key, sku, location, location_name, available, on_hand, committed, at from news where not deleted and problem is null
            on conflict (company_id, connection_id, key) do update set sku = excluded.sku, location = excluded.location, location_name = excluded.location_name,
                available = excluded.available, on_hand = excluded.on_hand, committed = excluded.committed, as_of = excluded.as_of),
        gone as (delete from stock s using news where (news.deleted or news.problem is not null) and s.company_id = $1 and s.connection_id = $2 and s.key = news.key)
        """;

    protected override string? WhyNot(StockLevel body) =>
        NotAKey(body.Sku, 100, "SKU") ?? NotAKey(body.Location, 200, "location") ?? (Math.Abs(body.Available) > 1e12m ? "Its quantity is too large." : null);

    protected override object[] Values(StockLevel?[] bodies) =>
    [
        Texts(bodies, body => body.Sku, 100), Texts(bodies, body => body.Location, 200), Texts(bodies, body => body.LocationName, 200), Amounts(bodies, body => body.Available),
        Amounts(bodies, body => body.OnHand), Amounts(bodies, body => body.Committed),
    ];
}

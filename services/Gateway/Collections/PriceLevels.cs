using OrderSync.Contracts.Catalogue;

namespace OrderSync.Gateway.Collections;

/// <summary>Price lists.</summary>
internal sealed class PriceListLevels : Levels<PriceListLevel>
{
    public override string Collection => CollectionNames.PriceLists;

    public override string RemoveLeftovers => """
        delete from price_list where company_id = $1 and (connection_id, key) in (select connection_id, key from price_list where company_id = $1 and owner <> $2 limit $3)
        """;

    protected override IReadOnlyList<(string Name, string Type)> Columns => [("name", "text"), ("active", "boolean"), ("currency", "text"), ("percent", "numeric")];

    protected override string Apply => """
        put as (
            insert into price_list (company_id, connection_id, key, name, active, currency, percent)
            select $1, $2, key, name, active, currency, percent from news where not deleted and problem is null
            on conflict (company_id, connection_id, key) do update set name = excluded.name, active = excluded.active, currency = excluded.currency, percent = excluded.percent),
        gone as (delete from price_list p using news where (news.deleted or news.problem is not null) and p.company_id = $1 and p.connection_id = $2 and p.key = news.key)
        """;

    protected override string? WhyNot(PriceListLevel body) => NotAKey(body.Name, 500, "name");

    protected override object[] Values(PriceListLevel?[] bodies) =>
        [Texts(bodies, body => body.Name, 500), Flags(bodies, body => body.Active), Texts(bodies, body => body.Currency, 3), Amounts(bodies, body => body.Percent)];
}

/// <summary>Prices of lists and of customers.</summary>
internal sealed class PriceLevels : Levels<PriceLevel>
{
    public override string Collection => CollectionNames.Prices;

    public override string RemoveLeftovers => """
        delete from price where company_id = $1 and (connection_id, key) in (select connection_id, key from price where company_id = $1 and owner <> $2 limit $3)
        """;

    protected override IReadOnlyList<(string Name, string Type)> Columns =>
        [("sku", "text"), ("price_list", "text"), ("customer", "text"), ("from_quantity", "numeric"), ("to_quantity", "numeric"), ("unit_price", "numeric"), ("currency", "text")];

    protected override string Apply => """
        put as (
            insert into price (company_id, connection_id, key, sku, price_list, customer, from_quantity, to_quantity, unit_price, currency)
            select $1, $2, key, sku, price_list, customer, from_quantity, to_quantity, unit_price, currency from news where not deleted and problem is null
            on conflict (company_id, connection_id, key) do update set sku = excluded.sku, price_list = excluded.price_list, customer = excluded.customer,
                from_quantity = excluded.from_quantity, to_quantity = excluded.to_quantity, unit_price = excluded.unit_price, currency = excluded.currency),
        gone as (delete from price p using news where (news.deleted or news.problem is not null) and p.company_id = $1 and p.connection_id = $2 and p.key = news.key)
        """;

    protected override string? WhyNot(PriceLevel body) =>
        NotAKey(body.Sku, 100, "SKU") ?? (Math.Abs(body.UnitPrice) > 1e12m || Math.Abs(body.FromQuantity) > 1e12m ? "Its price or quantity is too large." : null);

    protected override object[] Values(PriceLevel?[] bodies) =>
    [
        Texts(bodies, body => body.Sku, 100), Texts(bodies, body => body.PriceList, 200), Texts(bodies, body => body.Customer, 200), Amounts(bodies, body => body.FromQuantity),
        Amounts(bodies, body => body.ToQuantity), Amounts(bodies, body => body.UnitPrice), Texts(bodies, body => body.Currency, 3),
    ];
}

using System.Text.Json;
using OrderSync.Contracts.Catalogue;

namespace OrderSync.Gateway.Collections;

/// <summary>Items. A destination's item takes the office's of the same SKU over; what the destination does not know stays as the office has it.</summary>
internal sealed class ItemLevels : Levels<ItemLevel>
{
    private const int MostWords = 100;

    public override string Collection => CollectionNames.Items;

    public override string RemoveLeftovers => """
        update item set removed = true, active = false, owner = null
        where company_id = $1 and sku in (select sku from item where company_id = $1 and owner <> $2 limit $3)
        """;

    protected override IReadOnlyList<(string Name, string Type)> Columns =>
    [
        ("sku", "text"), ("name", "text"), ("active", "boolean"), ("unit", "text"), ("price", "numeric"), ("tax_code", "text"), ("tax_rate", "numeric"),
        ("minimum_quantity", "numeric"), ("quantity_step", "numeric"), ("categories", "text"), ("barcodes", "text"), ("attributes", "text"), ("description", "text"),
    ];

    protected override string Target => "sku";

    // What it knew before and knows no more is gone; what it never knew is the office's. A SKU that was given up, and that no other row of the connection has, is removed.
    protected override string Apply => """
        put as (
            insert into item (company_id, sku, name, unit, price, tax_code, tax_rate, minimum_quantity, quantity_step, active, categories, barcodes, attributes, description, quantities_owned, known_there, owner)
            select distinct on (target) $1, target, name, unit, price, tax_code, tax_rate, minimum_quantity, quantity_step, active,
                array(select jsonb_array_elements_text(categories::jsonb)), array(select jsonb_array_elements_text(barcodes::jsonb)), coalesce(attributes::jsonb, '{}'), description,
                minimum_quantity is not null or quantity_step is not null, array_remove(array[
                    case when categories is not null then 'categories' end, case when barcodes is not null then 'barcodes' end,
                    case when attributes is not null then 'attributes' end, case when description is not null then 'description' end], null), $2
            from news where target is not null order by target, active desc, key
            on conflict (company_id, sku) do update set name = excluded.name, unit = coalesce(excluded.unit, item.unit), price = coalesce(excluded.price, item.price),
                tax_code = coalesce(excluded.tax_code, item.tax_code), tax_rate = coalesce(excluded.tax_rate, item.tax_rate),
                minimum_quantity = coalesce(excluded.minimum_quantity, item.minimum_quantity), quantity_step = coalesce(excluded.quantity_step, item.quantity_step),
                active = excluded.active, categories = case when 'categories' = any(excluded.known_there || item.known_there) then excluded.categories else item.categories end,
                barcodes = case when 'barcodes' = any(excluded.known_there || item.known_there) then excluded.barcodes else item.barcodes end,
                attributes = case when 'attributes' = any(excluded.known_there || item.known_there) then excluded.attributes else item.attributes end,
                description = case when 'description' = any(excluded.known_there || item.known_there) then excluded.description else item.description end, known_there = excluded.known_there,
                quantities_owned = excluded.quantities_owned, owner = excluded.owner, removed = false),
        gone as (
            update item set removed = true, active = false
            from (select distinct was from news where was is not null and was is distinct from target) given_up
            where item.company_id = $1 and item.sku = given_up.was and item.owner = $2
              and not exists (select from news n where n.target = given_up.was)
              and not exists (select from pulled_row o where o.company_id = $1 and o.connection_id = $2 and o.collection = $3 and o.target = given_up.was and o.key <> all($5)))
        """;

    protected override string? WhyNot(ItemLevel body) => NotAKey(body.Sku, 100, "SKU") ?? NotAKey(body.Name, 10_000, "name");

    protected override object[] Values(ItemLevel?[] bodies) =>
    [
        Texts(bodies, body => body.Sku, 100), Texts(bodies, body => body.Name, 500), Flags(bodies, body => body.Active), Texts(bodies, body => body.Unit, 50),
        Amounts(bodies, body => body.Price), Texts(bodies, body => body.TaxCode, 60), Amounts(bodies, body => body.TaxRate is >= 0 and <= 1000 ? body.TaxRate : null),
        Amounts(bodies, body => body.MinimumQuantity), Amounts(bodies, body => body.QuantityStep), Words(bodies, body => body.Categories), Words(bodies, body => body.Barcodes),
        bodies.Select(body => body?.Attributes is not { } attributes ? null : JsonSerializer.Serialize(attributes.Take(MostWords)
            .GroupBy(pair => Sync.Texts.Fit(pair.Key, 100)).ToDictionary(same => same.Key, same => Sync.Texts.Fit(same.First().Value, 1000)))).ToArray(),
        Texts(bodies, body => body.Description, 10_000),
    ];

    private static string?[] Words(ItemLevel?[] bodies, Func<ItemLevel, IReadOnlyList<string>?> words) =>
        [.. bodies.Select(body => body is not null && words(body) is { } known ? JsonSerializer.Serialize(known.Take(MostWords).Select(word => Sync.Texts.Fit(word, 200))) : null)];
}

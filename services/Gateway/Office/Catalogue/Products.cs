using Npgsql;

namespace OrderSync.Gateway.Office.Catalogue;

/// <param name="Sku">Stock-keeping unit, the key.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Unit">Unit of measure.</param>
/// <param name="Price">List price.</param>
/// <param name="TaxCode">One of the company's tax codes.</param>
/// <param name="MinimumQuantity">The least that is sold.</param>
/// <param name="QuantityStep">Sold in multiples of this.</param>
/// <param name="NeedsConnection">Whether it can be ordered only online.</param>
/// <param name="Active">Whether it is sold; yes if absent.</param>
/// <param name="Source">In an answer: the connection that brings it; absent = the office's own. What is sent here is not looked at.</param>
internal sealed record ProductRow(
    string? Sku, string? Name, string? Unit, decimal? Price, string? TaxCode, decimal? MinimumQuantity, decimal? QuantityStep, bool NeedsConnection, bool? Active, string? Source = null);

/// <param name="Products">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record ProductList(IReadOnlyList<ProductRow>? Products, string? Next = null);

/// <summary>What is sold.</summary>
internal sealed class Products : Collection<ProductRow>
{
    public override string Name => "products";

    // What a connection brings is the destination's: of such a row only that is taken which destinations do not know.
    public override string Write => """
        insert into item (company_id, sku, name, unit, price, tax_code, minimum_quantity, quantity_step, needs_connection, active)
        select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::numeric[], $8::numeric[], $9::boolean[], $10::boolean[])
        on conflict (company_id, sku) do update set
            name = case when item.owner is null then excluded.name else item.name end, unit = case when item.owner is null then excluded.unit else coalesce(item.unit, excluded.unit) end,
            price = case when item.owner is null then excluded.price else coalesce(item.price, excluded.price) end,
            tax_code = case when item.owner is null then excluded.tax_code else coalesce(item.tax_code, excluded.tax_code) end,
            minimum_quantity = case when item.quantities_owned then item.minimum_quantity else excluded.minimum_quantity end,
            quantity_step = case when item.quantities_owned then item.quantity_step else excluded.quantity_step end,
            needs_connection = excluded.needs_connection, active = case when item.owner is null then excluded.active else item.active end, removed = item.removed and item.owner is not null
        where item.owner is null and (item.name, item.unit, item.price, item.tax_code, item.minimum_quantity, item.quantity_step, item.needs_connection, item.active, item.removed) is distinct from
                (excluded.name, excluded.unit, excluded.price, excluded.tax_code, excluded.minimum_quantity, excluded.quantity_step, excluded.needs_connection, excluded.active, false)
            or item.owner is not null and (item.unit, item.price, item.tax_code, item.minimum_quantity, item.quantity_step, item.needs_connection) is distinct from
                (coalesce(item.unit, excluded.unit), coalesce(item.price, excluded.price), coalesce(item.tax_code, excluded.tax_code),
                case when item.quantities_owned then item.minimum_quantity else excluded.minimum_quantity end,
                case when item.quantities_owned then item.quantity_step else excluded.quantity_step end, excluded.needs_connection)
        """;

    public override string Owned => "select count(*)::int from item where company_id = $1 and sku = any($2) and owner is not null";

    public override string Read => """
        select i.sku, i.name, i.unit, i.price, i.tax_code, i.minimum_quantity, i.quantity_step, i.needs_connection, i.active, c.name
        from item i left join connection c on c.company_id = i.company_id and c.connection_id = i.owner
        where i.company_id = $1 and i.sku > $2 and not i.removed and ($3::text is null or lower(i.sku || ' ' || i.name) like lower($3)) order by i.sku limit $4
        """;

    public override string KeyOf(ProductRow row) => row.Sku!;

    public override IEnumerable<(string Column, string Why)?> Check(ProductRow row) =>
    [
        Text(row.Sku, "sku", 100), Text(row.Name, "name", 500), Optional(row.Unit, "unit", 50), Optional(row.TaxCode, "taxCode", 60), Range(row.Price, "price", 0, 1e12m),
        Range(row.MinimumQuantity, "minimumQuantity", 0, 1e9m), Range(row.QuantityStep, "quantityStep", 0, 1e9m),
    ];

    public override object[] Arrays(IReadOnlyList<ProductRow> rows) =>
    [
        rows.Select(r => r.Sku!).ToArray(), rows.Select(r => r.Name!).ToArray(), rows.Select(r => r.Unit).ToArray(), rows.Select(r => r.Price).ToArray(),
        rows.Select(r => r.TaxCode).ToArray(), rows.Select(r => r.MinimumQuantity).ToArray(), rows.Select(r => r.QuantityStep).ToArray(),
        rows.Select(r => r.NeedsConnection).ToArray(), rows.Select(r => r.Active ?? true).ToArray(),
    ];

    public override ProductRow Row(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), Optional(row, 2), Number(row, 3), Optional(row, 4), Number(row, 5), Number(row, 6), row.GetBoolean(7), row.GetBoolean(8), Optional(row, 9));

    private static string? Optional(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static decimal? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);
}

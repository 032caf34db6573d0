using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;

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
/// <param name="Description">What is told of it to who buys.</param>
/// <param name="Barcodes">EAN, UPC and such.</param>
/// <param name="Categories">From the widest to the narrowest.</param>
/// <param name="Collections">What it is shown with, such as "Spring".</param>
/// <param name="Attributes">What people choose by, such as colour.</param>
/// <param name="Specifications">What people look up, such as weight.</param>
/// <param name="HasModifiers">Whether it is sold with choices that are checked online: it can be ordered only there.</param>
/// <param name="Scope">Which devices it is for: rep:…, territory:…, branch:… or class:…; none = all.</param>
internal sealed record ProductRow(
    string? Sku, string? Name, string? Unit, decimal? Price, string? TaxCode, decimal? MinimumQuantity, decimal? QuantityStep, bool NeedsConnection, bool? Active, string? Source = null,
    string? Description = null, IReadOnlyList<string>? Barcodes = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Collections = null,
    IReadOnlyDictionary<string, string>? Attributes = null, IReadOnlyDictionary<string, string>? Specifications = null, bool HasModifiers = false, IReadOnlyList<string>? Scope = null);

/// <param name="Products">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record ProductList(IReadOnlyList<ProductRow>? Products, string? Next = null);

/// <summary>What is sold.</summary>
internal sealed class Products : Collection<ProductRow>
{
    // What a connection brings is the destination's: of such a row only that is taken which destinations do not know.
    private static readonly (string Column, string Becomes)[] Merged =
    [
        ("name", Theirs("name")), ("unit", IfTheyHaveNone("unit")), ("price", IfTheyHaveNone("price")), ("tax_code", IfTheyHaveNone("tax_code")),
        ("minimum_quantity", Quantity("minimum_quantity")), ("quantity_step", Quantity("quantity_step")), ("needs_connection", "excluded.needs_connection"), ("active", Theirs("active")),
        ("removed", "item.removed and item.owner is not null"), ("description", IfUnknown("description")), ("barcodes", IfUnknown("barcodes")), ("categories", IfUnknown("categories")),
        ("collections", "excluded.collections"), ("attributes", IfUnknown("attributes")), ("specifications", "excluded.specifications"), ("has_modifiers", "excluded.has_modifiers"),
        ("scope", "excluded.scope"),
    ];

    public override string Name => "products";

    public override string Write { get; } = $"""
        insert into item (company_id, sku, name, unit, price, tax_code, minimum_quantity, quantity_step, needs_connection, active, description, barcodes, categories, collections, attributes,
            specifications, has_modifiers, scope)
        select $1, sku, name, unit, price, tax_code, minimum_quantity, quantity_step, needs_connection, active, description, array(select jsonb_array_elements_text(barcodes::jsonb)),
            array(select jsonb_array_elements_text(categories::jsonb)), array(select jsonb_array_elements_text(collections::jsonb)), attributes::jsonb, specifications::jsonb, has_modifiers,
            array(select jsonb_array_elements_text(scope::jsonb))
        from unnest($2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::numeric[], $8::numeric[], $9::boolean[], $10::boolean[], $11::text[], $12::text[], $13::text[], $14::text[],
            $15::text[], $16::text[], $17::boolean[], $18::text[])
            as r (sku, name, unit, price, tax_code, minimum_quantity, quantity_step, needs_connection, active, description, barcodes, categories, collections, attributes, specifications, has_modifiers, scope)
        on conflict (company_id, sku) do update set {string.Join(", ", Merged.Select(one => $"{one.Column} = {one.Becomes}"))}
        where ({string.Join(", ", Merged.Select(one => $"item.{one.Column}"))}) is distinct from ({string.Join(", ", Merged.Select(one => one.Becomes))})
        """;

    public override string Owned => "select count(*)::int from item where company_id = $1 and sku = any($2) and owner is not null";

    public override string Read => """
        select i.sku, i.name, i.unit, i.price, i.tax_code, i.minimum_quantity, i.quantity_step, i.needs_connection, i.active, c.name, i.description, i.barcodes, i.categories, i.collections,
            nullif(i.attributes, '{}')::text, nullif(i.specifications, '{}')::text, i.has_modifiers, i.scope
        from item i left join connection c on c.company_id = i.company_id and c.connection_id = i.owner
        where i.company_id = $1 and i.sku > $2 and not i.removed and ($3::text is null or lower(i.sku || ' ' || i.name) like lower($3)) order by i.sku limit $4
        """;

    public override string KeyOf(ProductRow row) => row.Sku!;

    public override IEnumerable<(string Column, string Why)?> Check(ProductRow row) =>
    [
        Text(row.Sku, "sku", 100), Text(row.Name, "name", 500), Optional(row.Unit, "unit", 50), Optional(row.TaxCode, "taxCode", 60), Range(row.Price, "price", 0, 1e12m),
        Range(row.MinimumQuantity, "minimumQuantity", 0, 1e9m), Range(row.QuantityStep, "quantityStep", 0, 1e9m), Optional(row.Description, "description", 10_000),
        Words(row.Barcodes, "barcodes"), Words(row.Categories, "categories"), Words(row.Collections, "collections"), Pairs(row.Attributes, "attributes"),
        Pairs(row.Specifications, "specifications"), Catalogue.Scope.WhyNot(row.Scope),
    ];

    public override IEnumerable<(string Column, string Kind, string Name)> Names(ProductRow row) => Catalogue.Scope.Named(row.Scope);

    public override object[] Arrays(IReadOnlyList<ProductRow> rows) =>
    [
        rows.Select(r => r.Sku!).ToArray(), rows.Select(r => r.Name!).ToArray(), rows.Select(r => r.Unit).ToArray(), rows.Select(r => r.Price).ToArray(),
        rows.Select(r => r.TaxCode).ToArray(), rows.Select(r => r.MinimumQuantity).ToArray(), rows.Select(r => r.QuantityStep).ToArray(),
        rows.Select(r => r.NeedsConnection).ToArray(), rows.Select(r => r.Active ?? true).ToArray(), rows.Select(r => r.Description).ToArray(), Json(rows, r => r.Barcodes ?? []),
        Json(rows, r => r.Categories ?? []), Json(rows, r => r.Collections ?? []), Json(rows, r => r.Attributes ?? new Dictionary<string, string>()),
        Json(rows, r => r.Specifications ?? new Dictionary<string, string>()), rows.Select(r => r.HasModifiers).ToArray(), Json(rows, r => Catalogue.Scope.Stored(r.Scope)),
    ];

    public override ProductRow Row(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), Maybe(row, 2), Number(row, 3), Maybe(row, 4), Number(row, 5), Number(row, 6), row.GetBoolean(7), row.GetBoolean(8), Maybe(row, 9),
        Maybe(row, 10), List<string>(row, 11), List<string>(row, 12), List<string>(row, 13), Texts(row, 14), Texts(row, 15), row.GetBoolean(16), List<string>(row, 17));

    private static Dictionary<string, string>? Texts(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(column));

    private static string[] Json<TValue>(IReadOnlyList<ProductRow> rows, Func<ProductRow, TValue> value) => [.. rows.Select(row => JsonSerializer.Serialize(value(row), ContractJson.Options))];

    private static string Theirs(string column) => $"case when item.owner is null then excluded.{column} else item.{column} end";

    private static string IfTheyHaveNone(string column) => $"case when item.owner is null then excluded.{column} else coalesce(item.{column}, excluded.{column}) end";

    private static string Quantity(string column) => $"case when item.owner is not null and item.quantities_owned then item.{column} else excluded.{column} end";

    private static string IfUnknown(string column) => $"case when item.owner is not null and '{column}' = any(item.known_there) then item.{column} else excluded.{column} end";
}

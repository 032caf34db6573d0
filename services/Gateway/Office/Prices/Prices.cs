using System.Globalization;
using System.Text.Json.Serialization;
using Npgsql;
using OrderSync.Gateway.Office.Catalogue;

namespace OrderSync.Gateway.Office.Prices;

/// <param name="Sku">The product.</param>
/// <param name="PriceList">Name of one of the office's lists; absent where it is a customer's own price. List or customer, product and fromQuantity are the key.</param>
/// <param name="Customer">Number of the customer; absent where it is a list's price.</param>
/// <param name="FromQuantity">From this quantity on; 0 if absent.</param>
/// <param name="ToQuantity">Up to this quantity; absent = no end.</param>
/// <param name="UnitPrice">The price.</param>
/// <param name="Currency">ISO 4217; absent = the list's.</param>
/// <param name="Removed">True takes the price away.</param>
/// <param name="Source">In an answer: the connection that brings it; absent = the office's own. What is sent here is not looked at.</param>
internal sealed record PriceRow(
    string? Sku, string? PriceList = null, string? Customer = null, decimal? FromQuantity = null, decimal? ToQuantity = null, decimal? UnitPrice = null, string? Currency = null, bool Removed = false,
    string? Source = null)
{
    /// <summary>Where it stands among all: connection and key.</summary>
    [JsonIgnore]
    public string? Place { get; init; }
}

/// <param name="Prices">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record PriceRowList(IReadOnlyList<PriceRow>? Prices, string? Next = null);

/// <summary>Prices of the office's lists and of customers. Those that connections bring stay theirs and are only shown.</summary>
internal sealed class Prices : Collection<PriceRow>
{
    public override string Name => "prices";

    // Each may be of another list, whose version is told too.
    public override int Part => 250;

    public override string Write => $"""
        with sent as (select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::text[], $10::boolean[])
            as r (key, sku, price_list, customer, from_quantity, to_quantity, unit_price, currency, removed)),
        gone as (delete from price p using sent where sent.removed and p.company_id = $1 and p.connection_id = '{OfficeRows.Nobody}' and p.key = sent.key returning p.key),
        put as (
            insert into price (company_id, connection_id, key, sku, price_list, customer, from_quantity, to_quantity, unit_price, currency)
            select $1, '{OfficeRows.Nobody}', key, sku, price_list, customer, from_quantity, to_quantity, unit_price, currency from sent where not removed
            on conflict (company_id, connection_id, key) do update set to_quantity = excluded.to_quantity, unit_price = excluded.unit_price, currency = excluded.currency
            where (price.to_quantity, price.unit_price, price.currency) is distinct from (excluded.to_quantity, excluded.unit_price, excluded.currency)
            returning key)
        select key from gone union all select key from put
        """;

    public override string Read => """
        select p.sku, coalesce(l.name, p.price_list), p.customer, p.from_quantity, p.to_quantity, p.unit_price, p.currency, c.name, p.connection_id || '/' || p.key
        from price p left join connection c on c.company_id = p.company_id and c.connection_id = p.owner
        left join price_list l on l.company_id = p.company_id and l.connection_id = p.connection_id and l.key = p.price_list
        where p.company_id = $1 and (p.connection_id, p.key) > (left($2, 36)::uuid, substr($2, 38))
            and ($3::text is null or lower(p.sku || ' ' || coalesce(l.name, p.price_list, '') || ' ' || coalesce(p.customer, '')) like lower($3)) order by p.connection_id, p.key limit $4
        """;

    public override string KeyOf(PriceRow row) => row.Place ?? KeyHere(row);

    public override object? After(string? key) => OfficeRows.After(key);

    public override IEnumerable<(string Column, string Why)?> Check(PriceRow row) =>
    [
        Text(row.Sku, "sku", 100), Optional(row.PriceList, "priceList", 100), Optional(row.Customer, "customer", 60), OfficeRows.Currency(row.Currency),
        (row.PriceList is null) == (row.Customer is null) ? ("priceList", "is one of two: name either a priceList or a customer") : null,
        row.UnitPrice is null && !row.Removed ? ("unitPrice", "is missing") : Range(row.UnitPrice, "unitPrice", 0, 1e12m),
        Range(row.FromQuantity, "fromQuantity", 0, 1e9m), Range(row.ToQuantity, "toQuantity", 0, 1e9m),
        row.ToQuantity < (row.FromQuantity ?? 0) ? ("toQuantity", "is less than fromQuantity") : null,
    ];

    // What is to go may speak of what has gone already.
    public override IEnumerable<(string Column, string Kind, string Name)> Names(PriceRow row) => row.Removed ? [] :
        [("sku", Named.Sku, row.Sku!), row.PriceList is { } list ? ("priceList", Named.PriceList, list) : ("customer", Named.Customer, row.Customer!)];

    public override object[] Arrays(IReadOnlyList<PriceRow> rows) =>
    [
        rows.Select(KeyHere).ToArray(), rows.Select(r => r.Sku!).ToArray(), rows.Select(r => r.PriceList).ToArray(), rows.Select(r => r.Customer).ToArray(),
        rows.Select(r => r.FromQuantity ?? 0).ToArray(), rows.Select(r => r.ToQuantity).ToArray(), rows.Select(r => r.UnitPrice).ToArray(), rows.Select(r => r.Currency).ToArray(),
        rows.Select(r => r.Removed).ToArray(),
    ];

    public override PriceRow Row(NpgsqlDataReader row) => new(
        row.GetString(0), Maybe(row, 1), Maybe(row, 2), Number(row, 3), Number(row, 4), Number(row, 5), Maybe(row, 6), Source: Maybe(row, 7)) { Place = row.GetString(8) };

    private static string KeyHere(PriceRow row) => OfficeRows.Key(
        row.PriceList is null ? "customer" : "list", row.PriceList ?? row.Customer ?? "", row.Sku ?? "", (row.FromQuantity ?? 0).ToString("0.#####", CultureInfo.InvariantCulture));
}

using System.Text.Json.Serialization;
using Npgsql;
using OrderSync.Gateway.Office.Catalogue;

namespace OrderSync.Gateway.Office.Prices;

/// <param name="Sku">The product.</param>
/// <param name="Location">Code of the place; "main" if absent. Product and place are the key.</param>
/// <param name="LocationName">Name of the place.</param>
/// <param name="Available">What can be sold now.</param>
/// <param name="OnHand">What is there, promised or not.</param>
/// <param name="Committed">What is promised.</param>
/// <param name="AsOf">When it was counted so; now if absent.</param>
/// <param name="Removed">True takes the row away.</param>
/// <param name="Source">In an answer: the connection that brings it; absent = the office's own. What is sent here is not looked at.</param>
internal sealed record StockRow(
    string? Sku, string? Location = null, string? LocationName = null, decimal? Available = null, decimal? OnHand = null, decimal? Committed = null, DateTimeOffset? AsOf = null, bool Removed = false,
    string? Source = null)
{
    /// <summary>Where it stands among all: connection and key.</summary>
    [JsonIgnore]
    public string? Place { get; init; }
}

/// <param name="Stock">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record StockList(IReadOnlyList<StockRow>? Stock, string? Next = null);

/// <summary>What is in stock. What connections bring stays theirs and is only shown.</summary>
internal sealed class StockRows(TimeProvider time) : Collection<StockRow>
{
    private const string Main = "main";

    public override string Name => "stock";

    public override string Write => $"""
        with sent as (select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::timestamptz[], $10::boolean[])
            as r (key, sku, location, location_name, available, on_hand, committed, as_of, removed)),
        gone as (delete from stock s using sent where sent.removed and s.company_id = $1 and s.connection_id = '{OfficeRows.Nobody}' and s.key = sent.key returning s.key),
        put as (
            insert into stock (company_id, connection_id, key, sku, location, location_name, available, on_hand, committed, as_of)
            select $1, '{OfficeRows.Nobody}', n.key, n.sku, n.location, n.location_name, n.available, n.on_hand, n.committed,
                coalesce(n.as_of, case when (s.location_name, s.available, s.on_hand, s.committed) is not distinct from (n.location_name, n.available, n.on_hand, n.committed) then s.as_of end, $11)
            from sent n left join stock s on s.company_id = $1 and s.connection_id = '{OfficeRows.Nobody}' and s.key = n.key where not n.removed
            order by n.key
            on conflict (company_id, connection_id, key) do update set location_name = excluded.location_name, available = excluded.available, on_hand = excluded.on_hand,
                committed = excluded.committed, as_of = excluded.as_of
            where (stock.location_name, stock.available, stock.on_hand, stock.committed, stock.as_of) is distinct from
                (excluded.location_name, excluded.available, excluded.on_hand, excluded.committed, excluded.as_of)
            returning key)
        select key from gone union all select key from put
        """;

    public override string Read => """
        select s.sku, s.location, s.location_name, s.available, s.on_hand, s.committed, s.as_of, c.name, s.connection_id || '/' || s.key
        from stock s left join connection c on c.company_id = s.company_id and c.connection_id = s.owner
        where s.company_id = $1 and (s.connection_id, s.key) > (left($2, 36)::uuid, substr($2, 38)) and ($3::text is null or lower(s.sku || ' ' || coalesce(s.location_name, s.location)) like lower($3))
        order by s.connection_id, s.key limit $4
        """;

    public override string KeyOf(StockRow row) => row.Place ?? KeyHere(row);

    public override object? After(string? key) => OfficeRows.After(key);

    public override IEnumerable<(string Column, string Why)?> Check(StockRow row) =>
    [
        Text(row.Sku, "sku", 100), Optional(row.Location, "location", 100) ?? (row.Location is "" ? ("location", "is empty; leave it out") : null), Optional(row.LocationName, "locationName", 200),
        row.Available is null && !row.Removed ? ("available", "is missing") : Range(row.Available, "available", -1e12m, 1e12m),
        Range(row.OnHand, "onHand", -1e12m, 1e12m), Range(row.Committed, "committed", -1e12m, 1e12m),
        row.AsOf is { Year: < 2000 or > 9000 } ? ("asOf", "is not a time of this century") : null,
    ];

    public override IEnumerable<(string Column, string Kind, string Name)> Names(StockRow row) => row.Removed ? [] : [("sku", Named.Sku, row.Sku!)];

    public override object[] Arrays(IReadOnlyList<StockRow> rows) =>
    [
        rows.Select(KeyHere).ToArray(), rows.Select(r => r.Sku!).ToArray(), rows.Select(r => r.Location ?? Main).ToArray(), rows.Select(r => r.LocationName).ToArray(),
        rows.Select(r => r.Available).ToArray(), rows.Select(r => r.OnHand).ToArray(), rows.Select(r => r.Committed).ToArray(), rows.Select(r => r.AsOf?.ToUniversalTime()).ToArray(),
        rows.Select(r => r.Removed).ToArray(), time.GetUtcNow(),
    ];

    public override StockRow Row(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), Maybe(row, 2), Number(row, 3), Number(row, 4), Number(row, 5), row.GetFieldValue<DateTimeOffset>(6), Source: Maybe(row, 7)) { Place = row.GetString(8) };

    private static string KeyHere(StockRow row) => OfficeRows.Key(row.Sku ?? "", row.Location ?? Main);
}

using System.Text.Json.Serialization;
using Npgsql;
using OrderSync.Gateway.Office.Catalogue;

namespace OrderSync.Gateway.Office.Prices;

/// <param name="Name">Its name, the key; customers name their list by it.</param>
/// <param name="Active">Whether it is in use; yes if absent.</param>
/// <param name="Currency">ISO 4217; absent = any.</param>
/// <param name="Percent">Added to each product's own price where the list has no price of it (negative: taken off).</param>
/// <param name="Version">In an answer: rises with each change of its terms or prices. What is sent here is not looked at.</param>
/// <param name="Source">In an answer: the connection that brings it; absent = the office's own. What is sent here is not looked at.</param>
internal sealed record PriceListRow(string? Name, bool? Active = null, string? Currency = null, decimal? Percent = null, long? Version = null, string? Source = null)
{
    /// <summary>Where it stands among all: connection and key.</summary>
    [JsonIgnore]
    public string? Place { get; init; }
}

/// <param name="PriceLists">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record PriceListList(IReadOnlyList<PriceListRow>? PriceLists, string? Next = null);

/// <summary>Price lists. Those of the office stand beside those that connections bring.</summary>
internal sealed class PriceLists : Collection<PriceListRow>
{
    public override string Name => "priceLists";

    public override string Write => $"""
        insert into price_list (company_id, connection_id, key, name, active, currency, percent)
        select $1, '{OfficeRows.Nobody}', name, name, active, currency, percent from unnest($2::text[], $3::boolean[], $4::text[], $5::numeric[]) as r (name, active, currency, percent)
        on conflict (company_id, connection_id, key) do update set active = excluded.active, currency = excluded.currency, percent = excluded.percent
        where (price_list.active, price_list.currency, price_list.percent) is distinct from (excluded.active, excluded.currency, excluded.percent)
        """;

    public override string Read => """
        select l.name, l.active, l.currency, l.percent, l.version, c.name, l.connection_id || '/' || l.key
        from price_list l left join connection c on c.company_id = l.company_id and c.connection_id = l.owner
        where l.company_id = $1 and (l.connection_id, l.key) > (left($2, 36)::uuid, substr($2, 38)) and ($3::text is null or lower(l.name) like lower($3)) order by l.connection_id, l.key limit $4
        """;

    public override string KeyOf(PriceListRow row) => row.Place ?? row.Name!;

    public override object? After(string? key) => OfficeRows.After(key);

    public override IEnumerable<(string Column, string Why)?> Check(PriceListRow row) =>
        [Text(row.Name, "name", 100), OfficeRows.Currency(row.Currency), Range(row.Percent, "percent", -100, 10_000)];

    public override object[] Arrays(IReadOnlyList<PriceListRow> rows) =>
        [rows.Select(r => r.Name!).ToArray(), rows.Select(r => r.Active ?? true).ToArray(), rows.Select(r => r.Currency).ToArray(), rows.Select(r => r.Percent).ToArray()];

    public override PriceListRow Row(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetBoolean(1), Maybe(row, 2), Number(row, 3), row.GetInt64(4), Maybe(row, 5)) { Place = row.GetString(6) };
}

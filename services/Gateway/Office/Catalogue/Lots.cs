using Npgsql;

namespace OrderSync.Gateway.Office.Catalogue;

/// <param name="Sku">The product.</param>
/// <param name="Number">Of the lot, or of the one piece.</param>
/// <param name="Kind">lot or serial; lot if absent. Product, kind and number are the key.</param>
/// <param name="Expires">Last day it may be sold.</param>
/// <param name="Removed">True takes it away: it is no longer sold.</param>
internal sealed record LotRow(string? Sku, string? Number, string? Kind = null, DateOnly? Expires = null, bool Removed = false);

/// <param name="Lots">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record LotList(IReadOnlyList<LotRow>? Lots, string? Next = null);

/// <summary>Lots and serial numbers that may stand on lines.</summary>
internal sealed class Lots : Collection<LotRow>
{
    private const string Lot = Gateway.Lots.LotRule.Lot;

    public override string Name => "lots";

    public override string Write => """
        insert into lot (company_id, sku, kind, number, expires, removed)
        select $1, r.* from unnest($2::text[], $3::text[], $4::text[], $5::date[], $6::boolean[]) as r (sku, kind, number, expires, removed)
        on conflict (company_id, sku, kind, number) do update set expires = excluded.expires, removed = excluded.removed
        where (lot.expires, lot.removed) is distinct from (excluded.expires, excluded.removed)
        """;

    public override string Read => """
        select l.sku, l.number, l.kind, l.expires from lot l
        where l.company_id = $1 and (l.sku || e'\t' || l.kind || e'\t' || l.number) collate "C" > $2 and not l.removed and ($3::text is null or lower(l.sku || ' ' || l.number) like lower($3))
        order by (l.sku || e'\t' || l.kind || e'\t' || l.number) collate "C" limit $4
        """;

    public override string KeyOf(LotRow row) => $"{row.Sku}\t{row.Kind ?? Lot}\t{row.Number}";

    public override IEnumerable<(string Column, string Why)?> Check(LotRow row) =>
    [
        Text(row.Sku, "sku", 100), Text(row.Number, "number", Sync.Limits.MostEntry),
        row.Kind is null or Lot or Gateway.Lots.LotRule.Serial ? null : ("kind", "is neither lot nor serial"),
    ];

    public override IEnumerable<(string Column, string Kind, string Name)> Names(LotRow row) => row.Removed ? [] : [("sku", Named.Sku, row.Sku!)];

    public override object[] Arrays(IReadOnlyList<LotRow> rows) =>
    [
        rows.Select(row => row.Sku!).ToArray(), rows.Select(row => row.Kind ?? Lot).ToArray(), rows.Select(row => row.Number!).ToArray(), rows.Select(row => row.Expires).ToArray(),
        rows.Select(row => row.Removed).ToArray(),
    ];

    public override LotRow Row(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateOnly>(3));
}

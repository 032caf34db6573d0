using Npgsql;

namespace OrderSync.Gateway.Office.Catalogue;

/// <param name="Code">The company's tax code.</param>
/// <param name="Name">Name for people; the code if absent.</param>
/// <param name="Rate">Per cent.</param>
internal sealed record TaxRow(string? Code, string? Name, decimal Rate);

/// <param name="Taxes">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record TaxList(IReadOnlyList<TaxRow>? Taxes, string? Next = null);

/// <summary>Tax codes with their rates.</summary>
internal sealed class Taxes : Collection<TaxRow>
{
    public override string Name => "taxes";

    public override string Write => """
        insert into tax (company_id, code, name, rate) select $1, * from unnest($2::text[], $3::text[], $4::numeric[])
        on conflict (company_id, code) do update set name = excluded.name, rate = excluded.rate
        where (tax.name, tax.rate) is distinct from (excluded.name, excluded.rate)
        """;

    public override string Read => """
        select code, name, rate from tax
        where company_id = $1 and code > $2 and ($3::text is null or lower(code || ' ' || name) like lower($3)) order by code limit $4
        """;

    public override string KeyOf(TaxRow row) => row.Code!;

    public override IEnumerable<(string Column, string Why)?> Check(TaxRow row) =>
        [Text(row.Code, "code", 60), Optional(row.Name, "name", 200), Range(row.Rate, "rate", 0, 1000)];

    public override object[] Arrays(IReadOnlyList<TaxRow> rows) => [rows.Select(r => r.Code!).ToArray(), rows.Select(r => r.Name ?? r.Code!).ToArray(), rows.Select(r => r.Rate).ToArray()];

    public override TaxRow Row(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetDecimal(2));
}

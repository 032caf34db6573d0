using System.Diagnostics;
using Npgsql;

namespace OrderSync.Benchmarks.Pull;

/// <summary>A company's catalogue: put there, read by COPY as the ceiling, and its feed made as long as that of a company that has worked for years.</summary>
internal sealed class Shelves(Site site, Guid company)
{
    private const int Part = 500;
    private const int FeedPart = 50_000;

    public async Task FillAsync(int products, int customers, CancellationToken stop)
    {
        for (var from = 0; from < products; from += Part)
            await ExecuteAsync("""
                insert into item (company_id, sku, name, unit, price, tax_code, barcodes, categories, attributes, description)
                select $1, 'P-' || lpad(n::text, 7, '0'), 'Product ' || md5(n::text), 'pcs', n / 7.0, 'T8', array[(4000000000000 + n)::text], array['All', 'Group ' || n % 20],
                    jsonb_build_object('colour', md5((n % 9)::text)), md5((n + 1)::text) || ' ' || md5((n + 2)::text) from generate_series($2::int, least($2 + $3, $4) - 1) n
                """, stop, company, from, Part, products);
        for (var from = 0; from < customers; from += Part)
            await ExecuteAsync("""
                insert into customer (company_id, customer_id, rev, number, name, body)
                select $1, gen_random_uuid(), 1, 'B-' || n, 'Customer ' || n, json_build_object('name', 'Customer ' || n, 'phone', md5(n::text), 'billing',
                    json_build_object('line1', md5((n + 1)::text), 'city', 'Springfield', 'country', 'US'))::text from generate_series($2::int, least($2 + $3, $4) - 1) n
                """, stop, company, from, Part, customers);
        await ExecuteAsync("vacuum (analyze) item", stop);
        await ExecuteAsync("vacuum (analyze) customer", stop);
    }

    /// <summary>The same rows as the same texts, without any order, scope, page or proof.</summary>
    public async Task<Download> CopyAsync(CancellationToken stop)
    {
        GC.Collect();
        await using var connection = await site.Administrator.OpenConnectionAsync(stop);
        await using var count = new NpgsqlCommand("select (select count(*) from item where company_id = $1 and not removed) + (select count(*) from customer where company_id = $1 and not removed)", connection)
        {
            Parameters = { new() { Value = company } },
        };
        var (rows, bytes) = ((long)(await count.ExecuteScalarAsync(stop))!, 0L);
        var cpu = site.Cpu();
        var started = Stopwatch.GetTimestamp();
        foreach (var of in (string[])
            [
                $"""
                select t.sku, json_strip_nulls(row_to_json((select x from (select t.sku, t.name, t.search, t.unit, trim_scale(t.price) as price, t.tax_code as "taxCode", trim_scale(t.tax_rate) as "taxRate",
                    trim_scale(t.minimum_quantity) as "minimumQuantity", trim_scale(t.quantity_step) as "quantityStep", t.categories, t.collections, t.barcodes, t.attributes, t.specifications,
                    t.description, not (t.needs_connection or t.has_modifiers) as "offlineOrderable", t.active) x)))::text from item t where t.company_id = '{company}' and not t.removed
                """,
                $"""
                select t.customer_id, json_strip_nulls((t.body::jsonb || jsonb_build_object('number', t.number, 'code', coalesce(t.code, t.captured_code), 'active', t.active, 'territory', t.territory,
                    'reps', t.reps))::json)::text from customer t where t.company_id = '{company}' and not t.removed
                """,
            ])
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ({of}) to stdout (format binary)", stop);
            var buffer = new byte[64 * 1024];
            for (int read; (read = await copy.ReadAsync(buffer, stop)) > 0; bytes += read)
                continue;
        }

        return new(rows, bytes, Stopwatch.GetElapsedTime(started).TotalSeconds, site.Cpu() - cpu);
    }

    /// <summary>With verdicts of records that were long ago.</summary>
    public async Task LengthenFeedAsync(int rows, CancellationToken stop)
    {
        await using (var head = site.Administrator.CreateCommand("select pos from company_feed where company_id = $1"))
        {
            head.Parameters.Add(new() { Value = company });
            for (var from = (long)(await head.ExecuteScalarAsync(stop))!; from < rows; from += FeedPart)
                await ExecuteAsync("""
                    with added as (
                        insert into feed (company_id, pos, tx, collection, key)
                        select $1, $2 + n, gen_random_uuid(), 'verdicts', gen_random_uuid()::text from generate_series(1, least($3, $4 - $2)) n returning 1)
                    update company_feed set pos = pos + (select count(*) from added) where company_id = $1
                    """, stop, company, from, (long)FeedPart, (long)rows);
        }

        await ExecuteAsync("vacuum (analyze) feed", stop);
        await ExecuteAsync("vacuum (analyze) company_feed", stop);
    }

    private async Task ExecuteAsync(string sql, CancellationToken stop, params object[] parameters)
    {
#pragma warning disable CA2100 // Only texts of this file.
        await using var command = site.Administrator.CreateCommand(sql);
#pragma warning restore CA2100
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(stop);
    }
}

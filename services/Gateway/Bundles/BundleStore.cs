using System.Security.Cryptography;
using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Bundles;

/// <summary>What is kept of bundles: which parts have come, and what became of each record.</summary>
internal sealed class BundleStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Notes that a part is being imported, and keeps it where the office may have to decide. False: another one came under its number before.</summary>
    public async Task<bool> BeginAsync(OfficeIdentity office, BundlePart part, bool keep, CancellationToken stop)
    {
        var (header, now) = (part.Header, time.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            insert into bundle (company_id, bundle_id, device_id, parts, exported_at, first_at, last_at, brought_by) values ($1, $2, $3, $4, $5, $6, $6, $7)
            on conflict (company_id, bundle_id) do update set last_at = excluded.last_at, brought_by = excluded.brought_by where bundle.device_id = excluded.device_id
            """, office.CompanyId, header.Bundle, header.Device, header.Parts, header.ExportedAt, now, office.ActorId);
        batch.Add("""
            insert into bundle_part (company_id, bundle_id, part, records, state, sha256, bytes, last_at)
            select company_id, bundle_id, $4, $5, 'importing', $6, $7, $8 from bundle where company_id = $1 and bundle_id = $2 and device_id = $3
            on conflict (company_id, bundle_id, part) do update set times = bundle_part.times + 1, last_at = excluded.last_at, bytes = coalesce(bundle_part.bytes, excluded.bytes)
                where bundle_part.sha256 = excluded.sha256
            returning part
            """, office.CompanyId, header.Bundle, header.Device, header.Part, header.Records, SHA256.HashData(part.Bytes), CompanyBatch.Maybe(keep ? part.Bytes : null), now);
        await using var reader = await batch.ReadAsync(stop);
        var ours = await reader.ReadAsync(stop);
        await reader.EndAsync(stop);
        return ours;
    }

    /// <summary>Of a revoked device's records those that need nobody's word: their bytes came before it was revoked, or the office has approved them.</summary>
    public async Task<HashSet<int>> FreeAsync(Guid company, BundleHeader header, IReadOnlyList<PushedRecord> records, CancellationToken stop)
    {
        var named = records.Where(record => record.Id is not null).ToList();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, company);
        batch.Add("select line from bundle_record where company_id = $1 and bundle_id = $2 and part = $3 and decided = 'approved'", company, header.Bundle, header.Part);
        batch.Add("""
            select w.line from unnest($2::int[], $3::uuid[], $4::int[], $5::bytea[]) as w (line, id, rev, sha256)
            join capture c on c.company_id = $1 and c.record_id = w.id and c.rev = w.rev and c.sha256 = w.sha256
            """, company, named.Select(LineOf).ToArray(), named.Select(record => record.Id!.Value).ToArray(), named.Select(record => record.Rev).ToArray(), named.Select(record => record.Sha256).ToArray());
        var free = new HashSet<int>();
        await using var reader = await batch.ReadAsync(stop);
        do
        {
            while (await reader.ReadAsync(stop))
                free.Add(reader.GetInt32(0));
        }
        while (await reader.NextResultAsync(stop));
        return free;
    }

    /// <summary>Notes records that wait for the office; how many of the part do. What was decided before stays so.</summary>
    public async Task<int> HoldAsync(Guid company, BundleHeader header, IReadOnlyList<PushedRecord> records, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            insert into bundle_record (company_id, bundle_id, part, line, record_id, rev, kind, about, state)
            select $1, $2, $3, r.line, r.id, r.rev, r.kind, r.about::jsonb, 'held' from unnest($4::int[], $5::uuid[], $6::int[], $7::text[], $8::text[]) as r (line, id, rev, kind, about)
            on conflict do nothing
            """, [company, header.Bundle, header.Part, .. Columns(records)]);
        batch.Add("select count(*)::int from bundle_record where company_id = $1 and bundle_id = $2 and part = $3 and state = 'held' and decided is null", company, header.Bundle, header.Part);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        var held = reader.GetInt32(0);
        await reader.EndAsync(stop);
        return held;
    }

    /// <summary>Notes what became of records.</summary>
    public async Task TakeAsync(Guid company, BundleHeader header, Taken taken, IReadOnlyList<int> lines, CancellationToken stop)
    {
        var told = taken.Records.Select(record => (Record: record, Told: AnswerOf(taken, record))).ToList();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            insert into bundle_record (company_id, bundle_id, part, line, record_id, rev, kind, about, state, outcome, stands, code, field, params, number)
            select $1, $2, $3, r.line, r.id, r.rev, r.kind, r.about::jsonb, 'taken', r.outcome, r.stands, r.code, r.field, r.params::jsonb, r.number
            from unnest($4::int[], $5::uuid[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
                as r (line, id, rev, kind, about, outcome, stands, code, field, params, number)
            on conflict (company_id, bundle_id, part, line) do update set state = excluded.state, outcome = excluded.outcome, stands = excluded.stands, code = excluded.code, field = excluded.field,
                params = excluded.params, number = excluded.number
            """,
            [
                company, header.Bundle, header.Part, lines.ToArray(), .. Columns(taken.Records)[1..], told.Select(one => one.Told.Verdict.Outcome).ToArray(), told.Select(one => one.Told.Verdict.State).ToArray(),
                told.Select(one => one.Told.Verdict.Code).ToArray(), told.Select(one => one.Told.Verdict.Field).ToArray(), told.Select(one => one.Told.Fault?.ParamsJson()?.ToJsonString()).ToArray(),
                told.Select(one => one.Told.Verdict.Number).ToArray(),
            ]);
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>The part is through: a result stands for each of its records.</summary>
    public async Task EndAsync(Guid company, BundleHeader header, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("update bundle_part set state = 'imported', last_at = $4 where company_id = $1 and bundle_id = $2 and part = $3", company, header.Bundle, header.Part, time.GetUtcNow());
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Adds to the audit that somebody has brought parts.</summary>
    public async Task NoteAsync(OfficeIdentity office, IReadOnlyList<BundlePartAnswer> parts, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        foreach (var bundle in parts.Where(part => part.Bundle is not null).GroupBy(part => part.Bundle!.Value))
            AuditLog.Add(batch, office, time.GetUtcNow(), "bundle.import", bundle.Key.ToString(), null, new { Parts = bundle.Count(), Records = bundle.Sum(part => part.Records), Held = bundle.Sum(part => part.Held) });
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Place of a record in its part, from 1.</summary>
    public static int LineOf(PushedRecord record) => record.Index + 1;

    // What has no id is kept with its part; online it would be refused for the same reason.
    private static (Verdict Verdict, Fault? Fault) AnswerOf(Taken taken, PushedRecord record) =>
        record.Id is null && record.Fault is { } fault ? (new Verdict(null, record.Rev, "refused", fault.Code, fault.Field), fault) : taken.Of(record);

    private static object[] Columns(IReadOnlyList<PushedRecord> records) =>
    [
        records.Select(LineOf).ToArray(), records.Select(record => record.Id).ToArray(), records.Select(record => record.Rev).ToArray(), records.Select(record => record.Kind).ToArray(),
        records.Select(BundleAbout.Json).ToArray(),
    ];
}

using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>The number series of a branch: one for each kind that has numbers, such as SO-MAIN-000001.</summary>
internal sealed class Series(IEnumerable<IRecordKind> kinds)
{
    private readonly IRecordKind[] numbered = [.. kinds.Where(kind => kind.Series is not null)];

    /// <summary>Makes what a branch still lacks. One that was made before an older backup was put back may have given numbers that nobody here knows: see 0016.</summary>
    public void Add(NpgsqlBatch batch, Guid company, string branchCode) => batch.Add("""
        insert into series (company_id, branch_id, kind, prefix, sub)
        select b.company_id, b.branch_id, k.kind, k.prefix || b.code || '-', sub_series(f.level)
        from branch b join company_feed f on f.company_id = b.company_id, unnest($3::text[], $4::text[]) as k (kind, prefix) where b.company_id = $1 and b.code = $2
        on conflict do nothing
        """, company, branchCode, numbered.Select(kind => kind.Name).ToArray(), numbered.Select(kind => kind.Series!).ToArray());
}

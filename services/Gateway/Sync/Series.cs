using System.Collections.Concurrent;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>The number series of a branch: one for each kind that has numbers, such as SO-MAIN-000001.</summary>
internal sealed class Series(NpgsqlDataSource database, IEnumerable<IRecordKind> kinds)
{
    private const string Make = """
        insert into series (company_id, branch_id, kind, prefix, sub)
        select b.company_id, b.branch_id, k.kind, k.prefix || b.code || '-', sub_series(f.level)
        from branch b join company_feed f on f.company_id = b.company_id, unnest($2::text[], $3::text[]) as k (kind, prefix) where b.company_id = $1 and
        """;

    private readonly IRecordKind[] numbered = [.. kinds.Where(kind => kind.Series is not null)];
    private readonly ConcurrentDictionary<(Guid Company, Guid Branch), bool> made = new();

    /// <summary>Makes what a branch still lacks. One that was made before an older backup was put back may have given numbers that nobody here knows: see 0016.</summary>
    public void Add(NpgsqlBatch batch, Guid company, string branchCode) => batch.Add($"{Make} b.code = $4 on conflict do nothing",
        company, numbered.Select(kind => kind.Name).ToArray(), numbered.Select(kind => kind.Series!).ToArray(), branchCode);

    /// <summary>The same for the branch of whoever pushes, once in this process: a kind that is newer than the branch has its series before its first record.</summary>
    public async Task EnsureAsync(DeviceIdentity device, CancellationToken stop)
    {
        if (made.ContainsKey((device.CompanyId, device.BranchId)))
            return;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        batch.Add($"{Make} b.branch_id = $4 on conflict do nothing", device.CompanyId, numbered.Select(kind => kind.Name).ToArray(), numbered.Select(kind => kind.Series!).ToArray(), device.BranchId);
        await batch.ExecuteNonQueryAsync(stop);
        made[(device.CompanyId, device.BranchId)] = true;
    }
}

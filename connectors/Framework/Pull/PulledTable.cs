using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Pull;

/// <summary>
/// Writes what a run reads: a page with the cursor behind it in one transaction, and each only while the claim is ours. An unchanged row gets no
/// new version, so it is not sent again.
/// </summary>
internal sealed class PulledTable(LedgerDatabase database)
{
    private const string Mine = "exists (select from pull where connection_id = $1 and collection = $2 and holder = $3 and import = $4)";

    private const string Begin = """
        update pull set running = true,
            started_at = case when running then started_at else $4 end,
            import = case when running then import else import + 1 end,
            sweeping = case when running then sweeping else sweep_due <= $4 or cursor is null or not $5 end,
            page = case when running then page end, total = case when running then total end,
            read = case when running then read else 0 end, changed = case when running then changed else 0 end, left_out = case when running then left_out else 0 end
        where connection_id = $1 and collection = $2 and holder = $3
        returning import, sweeping, case when page is not null then page when sweeping then null else cursor end
        """;

    private const string Rows = $"""
        with written as (
            insert into pulled as known (company_id, connection_id, collection, key, version, import, seen, body, hash, stamp, changed_at, due)
            select $5, $1, $2, row.key, 1, $4, $4, row.body, row.hash, row.stamp, $9, case when p.source then $9 end
            from unnest($6::text[], $7::text[], $8::bytea[], $10::text[]) as row (key, body, hash, stamp)
            cross join (select source from pull where connection_id = $1 and collection = $2 and holder = $3 and import = $4) p
            on conflict (company_id, connection_id, collection, key) do update
            set version = known.version + 1, import = excluded.import, body = excluded.body, hash = excluded.hash, stamp = excluded.stamp, deleted = false, missed = null,
                changed_at = excluded.changed_at, due = excluded.due, tries = 0
            where known.import <= excluded.import and (known.deleted or known.hash is distinct from excluded.hash)
            returning 1)
        update pull set changed = changed + (select count(*) from written)
        where connection_id = $1 and collection = $2 and holder = $3 and import = $4
        """;

    private const string Seen = $"""
        update pulled set seen = $4, missed = null
        where connection_id = $1 and collection = $2 and key = any($5) and seen < $4 and {Mine}
        """;

    // Touched, and still the same: its details are not read again for that.
    private const string Stamps = $"""
        update pulled set stamp = row.stamp from unnest($5::text[], $6::text[]) as row (key, stamp)
        where connection_id = $1 and collection = $2 and pulled.key = row.key and pulled.stamp is distinct from row.stamp and {Mine}
        """;

    private const string Changed = """
        select row.key from unnest($3::text[], $4::text[]) as row (key, stamp)
        where not exists (select from pulled r where r.connection_id = $1 and r.collection = $2 and r.key = row.key and r.stamp = row.stamp and not r.deleted)
        """;

    private const string Turn = """
        update pull set page = $5::text, total = coalesce($6::bigint, total), read = read + $7, left_out = left_out + $8, tries = 0
        where connection_id = $1 and collection = $2 and holder = $3 and import = $4 returning 1
        """;

    /// <summary>Begins a run, or goes on with one that has begun.</summary>
    /// <param name="claim">The claim it is done under.</param>
    /// <param name="changes">Whether the destination can be asked for what changed.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<PullRun> BeginAsync(PullClaim claim, bool changes, CancellationToken stop)
    {
        await using var batch = database.For(claim.Key.CompanyId).Add(Begin, claim.Key.ConnectionId, claim.Key.Collection, claim.Holder, database.Now, changes);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            throw new PullLostException();
        var run = new PullRun(claim, reader.GetInt64(0), reader.GetBoolean(1), await reader.IsDBNullAsync(2, stop) ? null : reader.GetString(2));
        await CompanyBatch.EndAsync(reader, stop);
        return run;
    }

    /// <summary>Keeps a page and where the next one begins.</summary>
    public async Task WriteAsync(PullRun run, ReadPage page, CancellationToken stop)
    {
        var (company, connection, collection) = run.Claim.Key;
        var rows = page.Rows.Where(row => row.Body is not null).ToList();
        var keys = rows.Select(row => row.Key).ToArray();
        var stamps = rows.Select(row => row.Stamp).ToArray();
        var mine = await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(company);
            batch.Add(Turn, connection, collection, run.Claim.Holder, run.Import, page.Cursor, page.Total, (long)page.Read, (long)page.LeftOut);
            batch.Add(Rows, connection, collection, run.Claim.Holder, run.Import, company, keys, rows.Select(row => row.Body).ToArray(),
                rows.Select(row => row.Hash).ToArray(), database.Now, stamps);
            if (stamps.Any(stamp => stamp is not null))
                batch.Add(Stamps, connection, collection, run.Claim.Holder, run.Import, keys, stamps);
            if (run.Sweeping)
                batch.Add(Seen, connection, collection, run.Claim.Holder, run.Import, page.Rows.Select(row => row.Key).ToArray());
            return await batch.ScalarAsync(stop) is not null;
        }, stop);
        if (!mine)
            throw new PullLostException();
    }

    /// <summary>Of rows with their stamps those that are new, or were kept under another stamp.</summary>
    public async Task<IReadOnlySet<string>> ChangedAsync(CollectionKey of, IReadOnlyDictionary<string, string> stamps, CancellationToken stop)
    {
        await using var batch = database.For(of.CompanyId).Add(Changed, of.ConnectionId, of.Collection, stamps.Keys.ToArray(), stamps.Values.ToArray());
        await using var reader = await batch.ReadAsync(stop);
        var changed = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            changed.Add(reader.GetString(0));
        return changed;
    }

    /// <summary>Bodies of rows that are kept and not deleted.</summary>
    public async Task<IReadOnlyDictionary<string, string>> KeptAsync(CollectionKey of, IReadOnlyCollection<string> keys, CancellationToken stop)
    {
        await using var batch = database.For(of.CompanyId).Add(
            "select key, body from pulled where connection_id = $1 and collection = $2 and key = any($3) and not deleted", of.ConnectionId, of.Collection, keys.ToArray());
        await using var reader = await batch.ReadAsync(stop);
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            kept[reader.GetString(0)] = reader.GetString(1);
        return kept;
    }
}

using Npgsql;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>A document that this replica works on: nobody else does until it is noted or the replica's session ends.</summary>
internal sealed record Claim(
    long Holder, Guid CompanyId, string Account, string Document, Guid ConnectionId, Guid RecordId, string Kind, string Target, int Revision, long Version, int Tries);

/// <summary>Hands out due documents fairly: accounts with due work, a free slot and no pause, the one served longest ago first.</summary>
internal sealed class Claims(LedgerDatabase database)
{
    private const string Claimable = "state in ('pending', 'ambiguous') and holder is null and due <= $1";

    // Two statements, so that the second counts slots in a snapshot taken after the accounts were locked: two replicas never exceed a limit.
    private const string MarkAccounts = $"""
        update account set served_at = $1, claimant = $2
        from (
            select a.company_id, a.account from account a
            where not a.reconnect and (a.paused_until is null or a.paused_until <= $1)
              and exists (select from document w where w.company_id = a.company_id and w.account = a.account and {Claimable})
            order by a.served_at
            limit $3
            for no key update skip locked
        ) due
        where account.company_id = due.company_id and account.account = due.account
        """;

    // A document is not due while one it needs is missing or not pushed yet: derived here, each time, never a flag that somebody must clear.
    private const string ClaimDocuments = $"""
        update document set holder = $4, tries = document.tries + 1
        from (
            select w.company_id, w.account, w.document
            from account a
            cross join lateral (
                select w.company_id, w.account, w.document from document w
                where w.company_id = a.company_id and w.account = a.account and {Claimable}
                  and not exists (
                    select from dependency n
                    left join document p on p.company_id = n.company_id and p.account = n.account and p.document = n.needs
                    where n.company_id = w.company_id and n.account = w.account and n.document = w.document and coalesce(p.pushed_revision, 0) = 0)
                order by w.due
                limit least(
                    greatest(0, a.max_concurrent - (select count(*) from document h where h.company_id = a.company_id and h.account = a.account and h.holder is not null)),
                    greatest(1, $3 / (select count(*) from account marked where marked.claimant = $2)))
                for no key update of w skip locked
            ) w
            where a.claimant = $2
        ) picked
        where document.company_id = picked.company_id and document.account = picked.account and document.document = picked.document
        returning document.company_id, document.account, document.document, document.connection_id, document.record_id, document.kind, document.target,
            document.wanted_revision, document.wanted_version, document.tries
        """;

    /// <summary>Claims at most <paramref name="most"/> documents for the replica whose session holds the lock <paramref name="holder"/>.</summary>
    public async Task<IReadOnlyList<Claim>> TakeAsync(long holder, int most, CancellationToken stop)
    {
        var (now, claimant) = (database.Now, Guid.NewGuid());
        await using var batch = database.Worker.CreateBatch();
        batch.BatchCommands.Add(new(MarkAccounts) { Parameters = { new() { Value = now }, new() { Value = claimant }, new() { Value = (long)most } } });
        batch.BatchCommands.Add(new(ClaimDocuments)
        {
            Parameters = { new() { Value = now }, new() { Value = claimant }, new() { Value = (long)most }, new() { Value = holder } },
        });
        await using var reader = await batch.ExecuteReaderAsync(stop);
        var claims = new List<Claim>();
        while (await reader.ReadAsync(stop))
        {
            claims.Add(new(holder, reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetGuid(3), reader.GetGuid(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt64(8), reader.GetInt32(9)));
        }

        await CompanyBatch.EndAsync(reader, stop);
        return claims;
    }

    /// <summary>Keys of other replicas that hold documents.</summary>
    public async Task<IReadOnlyList<long>> OtherHoldersAsync(long mine, CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand("select distinct holder from document where holder is not null and holder <> $1");
        command.Parameters.Add(new() { Value = mine });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var others = new List<long>();
        while (await reader.ReadAsync(stop))
            others.Add(reader.GetInt64(0));
        return others;
    }
}

using Npgsql;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>A document that this replica works on: nobody else does until it is noted or the replica's session ends.</summary>
internal sealed record Claim(
    long Holder, Guid CompanyId, string Account, string Document, Guid ConnectionId, Guid RecordId, string Kind, string Target, int Revision, long Version, int Tries)
{
    /// <summary>Revision that is there.</summary>
    public int Pushed { get; init; }

    /// <summary>What was wanted when it was claimed: push, cancel, or stop where it is only to be found out what is there.</summary>
    public string Wish { get; init; } = "push";

    /// <summary>It is done and is looked for once more, see <see cref="SecondLook"/>.</summary>
    public bool LooksAgain { get; init; }
}

/// <summary>Hands out due documents fairly: accounts with due work, a free slot and no pause, the one served longest ago first.</summary>
internal sealed class Claims(LedgerDatabase database)
{
    private const int LooksAtOnce = 4;

    /// <summary>Calls in a row in trouble after which an account rests, as text for the statements.</summary>
    public const string Breaker = "5";

    // Paused by a person: the connection, not the account, which others may share.
    private const string NotHeld = "not exists (select from connection c where c.company_id = w.company_id and c.connection_id = w.connection_id and c.held_at is not null)";

    private const string Pushable = $" w.state in ('pending', 'ambiguous') and w.holder is null and w.due <= $1 and {NotHeld}";

    private const string Lookable = $" w.state = 'done' and w.holder is null and w.look_at <= $1 and {NotHeld}";

    // CASE, so that the documents of an account that a person paused are not even looked at: a hundred thousand may wait there.
    // Two statements, so that the second counts slots in a snapshot taken after the accounts were locked: two replicas never exceed a limit.
    private const string MarkHead = """
        update account set served_at = $1, claimant = $2
        from (
            select a.company_id, a.account from account a
            where not a.reconnect and (a.paused_until is null or a.paused_until <= $1)
              and case when exists (select from connection c where c.company_id = a.company_id and c.account = a.account and c.held_at is null)
              then exists (select from document w where w.company_id = a.company_id and w.account = a.account and
        """;

    private const string MarkTail = """
            ) else false end
            order by a.served_at
            limit $3
            for no key update skip locked
        ) due
        where account.company_id = due.company_id and account.account = due.account
        """;

    private const string ClaimHead = """
        update document set holder = $4, tries = document.tries + 1
        from (
            select w.company_id, w.account, w.document
            from account a
            cross join lateral (
                select w.company_id, w.account, w.document from document w
                where w.company_id = a.company_id and w.account = a.account and
        """;

    // A document is not due while one it needs is missing or not pushed yet: derived here, each time, never a flag that somebody must clear.
    private const string NeedsNothing = """
         and (w.wish = 'cancel' or not exists (
            select from dependency n
            left join document p on p.company_id = n.company_id and p.account = n.account and p.document = n.needs
            where n.company_id = w.company_id and n.account = w.account and n.document = w.document and coalesce(p.pushed_revision, 0) = 0))
        order by w.due
        """;

    // An account in trouble is tried with one document. What is being brought back takes one of the calls at once, where there are several.
    private const string ClaimTail = $"""
                 limit least(
                    greatest(0, case when a.troubles >= {Breaker} or a.max_concurrent = 1 then 1 else a.max_concurrent - (
                            select least(1, count(*)) from pull r join connection c on c.company_id = r.company_id and c.connection_id = r.connection_id
                            where c.company_id = a.company_id and c.account = a.account and r.holder is not null) end
                        - (select count(*) from document h where h.company_id = a.company_id and h.account = a.account and h.holder is not null)),
                    greatest(1, $3 / (select count(*) from account marked where marked.claimant = $2)))
                for no key update of w skip locked
            ) w
            where a.claimant = $2
        ) picked
        where document.company_id = picked.company_id and document.account = picked.account and document.document = picked.document
        returning document.company_id, document.account, document.document, document.connection_id, document.record_id, document.kind, document.target,
            document.wanted_revision, document.wanted_version, document.tries, document.pushed_revision, document.wish
        """;

    private const string MarkForPush = MarkHead + Pushable + MarkTail;
    private const string ClaimForPush = ClaimHead + Pushable + NeedsNothing + ClaimTail;
    private const string MarkForLook = MarkHead + Lookable + MarkTail;
    private const string ClaimForLook = ClaimHead + Lookable + " order by w.look_at " + ClaimTail;

    /// <summary>Claims at most <paramref name="most"/> documents for the replica whose session holds the lock <paramref name="holder"/>.</summary>
    public async Task<IReadOnlyList<Claim>> TakeAsync(long holder, int most, CancellationToken stop)
    {
        await using var batch = Batch(holder, most, new NpgsqlBatchCommand(MarkForPush), new NpgsqlBatchCommand(ClaimForPush));
        return await ReadAsync(batch, holder, stop);
    }

    /// <summary>Claims a few documents that are done and are to be looked for once more.</summary>
    public async Task<IReadOnlyList<Claim>> TakeLooksAsync(long holder, CancellationToken stop)
    {
        await using var batch = Batch(holder, LooksAtOnce, new NpgsqlBatchCommand(MarkForLook), new NpgsqlBatchCommand(ClaimForLook));
        return [.. (await ReadAsync(batch, holder, stop)).Select(claim => claim with { Revision = claim.Pushed, LooksAgain = true })];
    }

    /// <summary>Keys of other replicas that hold documents.</summary>
    public async Task<IReadOnlyList<long>> OtherHoldersAsync(long mine, CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand("""
            select distinct holder from document where holder is not null and holder <> $1
            union select distinct holder from pull where holder is not null and holder <> $1
            """);
        command.Parameters.Add(new() { Value = mine });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var others = new List<long>();
        while (await reader.ReadAsync(stop))
            others.Add(reader.GetInt64(0));
        return others;
    }

    private NpgsqlBatch Batch(long holder, int most, NpgsqlBatchCommand mark, NpgsqlBatchCommand claim)
    {
        var (now, claimant) = (database.Now, Guid.NewGuid());
        var batch = database.Worker.CreateBatch();
        foreach (var command in new[] { mark, claim })
        {
            command.Parameters.Add(new() { Value = now });
            command.Parameters.Add(new() { Value = claimant });
            command.Parameters.Add(new() { Value = (long)most });
            batch.BatchCommands.Add(command);
        }

        claim.Parameters.Add(new() { Value = holder });
        return batch;
    }

    private static async Task<List<Claim>> ReadAsync(NpgsqlBatch batch, long holder, CancellationToken stop)
    {
        await using var reader = await batch.ExecuteReaderAsync(stop);
        var claims = new List<Claim>();
        while (await reader.ReadAsync(stop))
        {
            claims.Add(new(holder, reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetGuid(3), reader.GetGuid(4),
                reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.GetInt64(8), reader.GetInt32(9)) { Pushed = reader.GetInt32(10), Wish = reader.GetString(11) });
        }

        await CompanyBatch.EndAsync(reader, stop);
        return claims;
    }
}

using OrderSync.Framework.Connections;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Pull;

/// <summary>Ends a run: what is gone, when the next look is due, or why there was none.</summary>
internal sealed class PullEnd(LedgerDatabase database, ConnectorInfo info)
{
    private const int LongestText = 2000;

    private const string Mine = "connection_id = $1 and collection = $2 and holder = $3 and import = $4";

    private const string Count = $"""
        select count(*), count(*) filter (where seen = $4), count(*) filter (where seen < $4 and missed is not null), (select total from pull where {Mine})
        from pulled where connection_id = $1 and collection = $2 and not deleted
        """;

    private const string Miss = $"""
        update pulled set missed = $4 where connection_id = $1 and collection = $2 and not deleted and seen < $4 and exists (select from pull where {Mine})
        """;

    // Without a count of the destination only what the sweep before did not see either.
    private const string Delete = $"""
        with gone as (
            update pulled set deleted = true, body = null, hash = null, version = version + 1, import = $4, changed_at = $5, due = case when p.source then $5 end, tries = 0, missed = null
            from (select source from pull where {Mine}) p
            where connection_id = $1 and collection = $2 and not deleted and seen < $4 and ($6 or missed is not null)
            returning 1)
        update pull set changed = changed + (select count(*) from gone) where {Mine}
        """;

    private const string End = $"""
        update pull set running = false, holder = null, tries = 0, page = null, cursor = coalesce(page, cursor), due = $5, ended_at = $6,
            sweep_due = case when sweeping then $7 else sweep_due end, swept_at = case when sweeping then $6 else swept_at end,
            code = $8::text, reason = $9::text, fix = $10::text, missing = case when sweeping then $11 else missing end
        where {Mine}
        """;

    private const string Break = """
        update pull set holder = null, due = $4, code = coalesce($5::text, code), reason = coalesce($6::text, reason), fix = case when $5::text is null then fix else $7::text end
        where connection_id = $1 and collection = $2 and holder = $3
        """;

    private const string RestAccount = """
        update account set paused_until = greatest(paused_until, $2), reason = $3 where account = (select account from connection where connection_id = $1)
        """;

    private const string NeedsPerson = $"update account set reconnect = true, reason = $4 where account = $3 and not {ConnectionStore.HasChanged}";

    /// <summary>The run has read all there was.</summary>
    public async Task CompleteAsync(PullRun run, PullPlan pace, CancellationToken stop)
    {
        var (company, connection, collection) = run.Claim.Key;
        var now = database.Now;
        var swept = run.Sweeping ? await CountAsync(run, stop) : null;
        var verdict = swept is null ? new(false) : Deletions.Judge(swept, info.Title, collection);
        var sweepDue = now + (verdict.Again ?? pace.SweepEvery);
        var due = verdict.Again is { } again && again < pace.Every ? now + again : now + pace.Every;
        await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(company);
            if (verdict.Delete)
                batch.Add(Delete, connection, collection, run.Claim.Holder, run.Import, now, swept!.Total is not null);
            if (run.Sweeping)
                batch.Add(Miss, connection, collection, run.Claim.Holder, run.Import);
            batch.Add(End, connection, collection, run.Claim.Holder, run.Import, due, now, sweepDue, verdict.Code, verdict.Reason, verdict.Fix, verdict.Held);
            await batch.RunAsync(CancellationToken.None);
            return 0;
        }, stop);
    }

    /// <summary>It could not go on: it does, at the same page, once it is due again.</summary>
    /// <param name="claim">The claim it was done under.</param>
    /// <param name="connection">The connection as it was read; null where it has no settings.</param>
    /// <param name="outcome">Why.</param>
    /// <param name="wait">How long it waits.</param>
    /// <param name="stop">Gives up.</param>
    public async Task BreakOffAsync(PullClaim claim, Connection? connection, Outcome outcome, TimeSpan wait, CancellationToken stop)
    {
        var due = database.Now + wait;
        var (code, reason, fix) = outcome switch
        {
            Outcome.Refused no => (no.Code, no.Reason, no.Fix),
            Outcome.Reconnect no => ("connection.reconnect", no.Reason, "Connect it again in Connections; everything then goes on by itself."),
            Outcome.Later later => ("later", later.Reason, "Nothing is to be done; it goes on by itself."),
            Outcome.Ambiguous lost => ("later", lost.Reason, "Nothing is to be done; it goes on by itself."),
            _ => ((string?)null, (string?)null, (string?)null),
        };
        await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(claim.Key.CompanyId);
            if (outcome is Outcome.Reconnect && connection is not null)
                batch.Add(ConnectionStore.BeforeReconnect, connection.Account);
            batch.Add(Break, claim.Key.ConnectionId, claim.Key.Collection, claim.Holder, due, Plain(code), Plain(reason), Plain(fix));
            if (outcome is Outcome.Reconnect && connection is not null)
                batch.Add(NeedsPerson, connection.Id, connection.Version, connection.Account, Plain(reason));
            if (outcome is Outcome.Later { WholeAccount: true })
                batch.Add(RestAccount, claim.Key.ConnectionId, due, Plain(reason));
            await batch.RunAsync(CancellationToken.None);
            return 0;
        }, stop);
    }

    private async Task<Swept> CountAsync(PullRun run, CancellationToken stop)
    {
        var (company, connection, collection) = run.Claim.Key;
        await using var batch = database.For(company).Add(Count, connection, collection, run.Claim.Holder, run.Import);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), await reader.IsDBNullAsync(3, stop) ? null : reader.GetInt64(3));
    }

    private static string? Plain(string? text) => StorableText.Of(text, LongestText);
}

using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>Writes down how a try ended: the document and the reports that change by it, in one short transaction guarded by the claim.</summary>
internal sealed class Notes(LedgerDatabase database)
{
    private const int LongestText = 2000;

    // What arrived during the try decides as well: a newer wish makes the document due again, Stop ends it, unless a write may have taken effect.
    private const string Note = $"""
        with next as (
            select document.*, wanted_version > $5 or wanted_revision > $4 as newer,
                case
                    when $3 = 'done' then case when wish = 'push' and wanted_revision > $4 or wish <> $17 and wish <> 'stop' then 'pending' else 'done' end
                    when $3 = 'ambiguous' or $3 = 'pending' and open.intent then 'ambiguous'
                    when wish = 'stop' and not open.intent then 'stopped'
                    when wanted_version > $5 or wanted_revision > $4 then 'pending'
                    else $3
                end as next_state
            from document,
                (select exists (select from step where account = $1 and document = $2 and state = 'open') as intent) open
            where account = $1 and document = $2 and holder = $15
            for no key update of document
        ), noted as (
            update document set
                holder = null,
                state = next.next_state,
                pushed_revision = case when $3 = 'done' then greatest(next.pushed_revision, $4) else next.pushed_revision end,
                due = case when next.newer then $7 else $6 end,
                look_at = case when $3 = 'done' and $16::timestamptz is not null
                    and exists (select from step where account = $1 and document = $2 and again and looked_at is null) then $16 else next.look_at end,
                tries = case when $3 = 'done' then 0 else next.tries end,
                external_id = coalesce($8::text, next.external_id),
                external_number = coalesce($9::text, next.external_number),
                external_total = coalesce($10::numeric, next.external_total),
                code = case when next.next_state = 'stopped' and $3 <> 'stopped' then null else $11::text end,
                reason = case when next.next_state = 'stopped' and $3 <> 'stopped' then $14::text else $12::text end,
                fix = case when next.next_state = 'stopped' and $3 <> 'stopped' then null else $13::text end,
                unmapped_kind = $18::text,
                unmapped = $19::text,
                changed_at = $7
            from next
            where document.company_id = next.company_id and document.account = next.account and document.document = next.document
            returning document.company_id, document.account, document.document, document.connection_id, document.record_id, document.reports, document.state
        )
        {Bump.Reports}
        select distinct company_id, connection_id, record_id, $7, $7, 1 from (
            select company_id, connection_id, record_id from noted where reports
            union all
            select d.company_id, d.connection_id, d.record_id from noted
            join dependency n on n.company_id = noted.company_id and n.account = noted.account and n.needs = noted.document
            join document d on d.company_id = n.company_id and d.account = n.account and d.document = n.document and d.reports
            where noted.state in ('refused', 'reconnect', 'stopped')
        ) changed
        order by company_id, connection_id, record_id
        {Bump.OneMore}
        """;

    private const string PauseAccount = "update account set paused_until = greatest(paused_until, $2), reason = $3 where account = $1";

    private const string NeedsPerson = $"update account set reconnect = true, reason = $4 where account = $3 and not {ConnectionStore.HasChanged}";

    // What a person has entered meanwhile was not tried yet.
    private const string HelpedAlready = $"""
        update document set state = 'pending', due = $5, code = null, reason = null, fix = null
        where account = $3 and document = $4 and state = 'reconnect' and holder is null and {ConnectionStore.HasChanged}
        """;

    // Five calls in a row in trouble: the account rests, longer each time up to five minutes, and is then tried with one document. Calls that were under way when
    // it began to rest are the same trouble: else one short outage of an account with many calls at once would make it rest for minutes.
    private const string NoteTrouble = $"""
        update account set
            troubles = troubles + 1,
            paused_until = case when troubles + 1 >= {Claims.Breaker}
                then greatest(paused_until, $2 + make_interval(secs => least(300, power(2, least(troubles + 1 - {Claims.Breaker}, 9))))) else paused_until end,
            reason = case when troubles + 1 >= {Claims.Breaker} then $3 else reason end
        where account = $1 and (troubles < {Claims.Breaker} or paused_until is null or paused_until <= $2)
        """;

    // Touches the row only where there was trouble.
    private const string NoteAnswer = $"""
        update account set troubles = 0, paused_until = case when troubles >= {Claims.Breaker} then null else paused_until end where account = $1 and troubles > 0
        """;

    // The document is there: what another way of making it had left open took no effect that matters.
    private const string CloseIntents = "update step set state = 'closed', settled_at = $3 where account = $1 and document = $2 and state = 'open'";

    /// <summary>Notes the outcome. Does nothing when the claim is not ours any more.</summary>
    /// <param name="claim">The try.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="steps">Its steps; null where it ended before any.</param>
    /// <param name="stop">Gives up, and leaves the claim to whoever takes it over.</param>
    /// <returns>When the document is due again.</returns>
    public async Task<DateTimeOffset> WriteAsync(Claim claim, Outcome outcome, LedgerSteps? steps, CancellationToken stop)
    {
        var now = database.Now;
        var due = outcome switch
        {
            Outcome.Later { After: { } after } => now + after,
            Outcome.Later => now + Backoff.After(claim.Tries),
            Outcome.Ambiguous when steps?.LookAt is { } at && at > now => at,
            Outcome.Ambiguous when steps is { Window.Ticks: > 0, Unsure: false } => now + steps.Window,
            Outcome.Ambiguous => now + Backoff.After(claim.Tries),
            _ => now,
        };
        var (state, code, reason, fix) = outcome switch
        {
            // Nothing stands there that others could refer to.
            Outcome.Done { ExternalId: "" } nothing => ("stopped", nothing.Code, nothing.Reason, (string?)null),
            Outcome.Done done => ("done", done.Code, done.Reason, null),
            Outcome.Refused no => ("refused", no.Code, no.Reason, no.Fix),
            Outcome.Reconnect no => ("reconnect", "connection.reconnect", no.Reason, "Connect it again in Connections; everything then goes on by itself."),
            Outcome.Later later => ("pending", "later", later.Reason, null),
            Outcome.Ambiguous open => ("ambiguous", "ambiguous", open.Reason, null),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
        var look = steps is { Window.Ticks: > 0 } ? now + steps.Window : (DateTimeOffset?)null;
        var written = outcome as Outcome.Done;
        var unmapped = (outcome as Outcome.Refused)?.Unmapped;
        var stopped = steps?.Finished is { Count: > 0 } finished ? $"Stopped; {string.Join(", ", finished)} had been done already." : null;

        return await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(claim.CompanyId);
            if (outcome is Outcome.Reconnect)
                batch.Add(ConnectionStore.BeforeReconnect, claim.Account);
            // Before the claim is given up: it guards both.
            if (steps?.Seen is { } seen)
                batch.Add(ShownDocuments.KeepClaimed, claim.Account, claim.Document, now, ShownDocuments.Text(seen), claim.Holder);
            batch.Add(Note, claim.Account, claim.Document, state, claim.Revision, claim.Version, due, now, written is { ExternalId: "" } ? null : Plain(written?.ExternalId), Plain(written?.Number),
                written?.Total, Plain(code), Plain(reason), Plain(fix), stopped, claim.Holder, look, claim.Wish,
                unmapped?.Kind, Plain(unmapped?.Ours));
            if (outcome is Outcome.Done && steps?.Unsure == true)
                batch.Add(CloseIntents, claim.Account, claim.Document, now);
            if (steps?.Errand.Health == Health.Trouble)
                batch.Add(NoteTrouble, claim.Account, now, Plain($"It rests, since calls went wrong several times in a row. {reason}"));
            if (steps?.Errand.Health == Health.Answered)
                batch.Add(NoteAnswer, claim.Account);
            if (outcome is Outcome.Reconnect)
            {
                var version = steps?.Connection.Version ?? 0;
                batch.Add(NeedsPerson, claim.ConnectionId, version, claim.Account, Plain(reason));
                batch.Add(HelpedAlready, claim.ConnectionId, version, claim.Account, claim.Document, now);
            }

            if (outcome is Outcome.Later { WholeAccount: true })
                batch.Add(PauseAccount, claim.Account, due, Plain(reason));
            await batch.RunAsync(CancellationToken.None);
            return due;
        }, stop);
    }

    private static string? Plain(string? text) => StorableText.Of(text, LongestText);
}

using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Manage;

/// <summary>What the office asks of the ledger: to try again.</summary>
internal sealed class Office(LedgerDatabase database, Signals signals)
{
    // What was needed and refused is tried again too. The connector looks before it writes, so nothing is doubled.
    private const string RetryRows = $"""
        with again as (
            update document set state = 'pending', due = $3, tries = 0, code = null, reason = null, fix = null, changed_at = $3
            where state in ('refused', 'reconnect') and ($4::text is null or unmapped_kind = $4 and lower(unmapped) = any($5::text[])) and (
                connection_id = $1 and ($2::uuid is null or record_id = $2)
                or exists (
                    select from dependency n join document d on d.account = n.account and d.document = n.document
                    where n.account = document.account and n.needs = document.document and d.connection_id = $1 and ($2::uuid is null or d.record_id = $2)))
            returning company_id, account, document, connection_id, record_id, reports
        ), told as (
            {Bump.Reports}
            select distinct company_id, connection_id, record_id, $3, $3, 1 from (
                select company_id, connection_id, record_id from again where reports
                union all
                select d.company_id, d.connection_id, d.record_id from again
                join dependency n on n.company_id = again.company_id and n.account = again.account and n.needs = again.document
                join document d on d.company_id = n.company_id and d.account = n.account and d.document = n.document and d.reports
            ) changed
            order by company_id, connection_id, record_id
            {Bump.OneMore}
        )
        select count(*) from again
        """;

    private const string Resume = """
        update account set reconnect = false, paused_until = null, reason = null
        where account = (select account from connection where connection_id = $1)
        """;

    /// <summary>Makes refused documents, and those that stand in reconnect, due now.</summary>
    /// <returns>How many.</returns>
    public Task<long> RetryAsync(Guid companyId, Guid connectionId, Guid? recordId, CancellationToken stop) =>
        RetryAsync(companyId, connectionId, recordId, null, [], stop);

    /// <summary>Makes documents due now that were refused for want of a mapping.</summary>
    /// <param name="companyId">Whose.</param>
    /// <param name="connectionId">Through which connection.</param>
    /// <param name="kind">The kind of mapping.</param>
    /// <param name="ours">What is mapped now.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>How many.</returns>
    public Task<long> ReleaseAsync(Guid companyId, Guid connectionId, string kind, IEnumerable<string> ours, CancellationToken stop) =>
        RetryAsync(companyId, connectionId, null, kind, [.. ours.Select(name => name.ToLowerInvariant())], stop);

    private async Task<long> RetryAsync(Guid companyId, Guid connectionId, Guid? recordId, string? kind, string[] ours, CancellationToken stop)
    {
        await using var batch = database.For(companyId);
        if (kind is null)
            batch.Add(Resume, connectionId);
        batch.Add(RetryRows, connectionId, recordId, database.Now, kind, ours);
        var retried = (long)(await batch.ScalarAsync(stop))!;
        signals.Raise();
        return retried;
    }
}

using OrderSync.Framework.Reports;

namespace OrderSync.Framework.Intake;

/// <summary>A record that is wanted again, under a higher version than it is known by, wants what it needs again too: an order its refused customer.</summary>
internal static class TriedAgain
{
    /// <summary>Connection, record, version, time; before the wish is written. A repeat of the version that is known tries nothing.</summary>
    public const string Needed = $"""
        with again as (
            update document set state = 'pending', due = $4, tries = 0, code = null, reason = null, fix = null, changed_at = $4
            where state in ('refused', 'reconnect') and holder is null
                and exists (select from wish w where w.connection_id = $1 and w.record_id = $2 and w.version < $3)
                and exists (
                    select from document d join dependency n on n.account = d.account and n.document = d.document
                    where d.connection_id = $1 and d.record_id = $2 and n.account = document.account and n.needs = document.document)
            returning company_id, connection_id, record_id, reports
        )
        {Bump.Reports}
        select distinct company_id, connection_id, record_id, $4, $4, 1 from again where reports and record_id <> $2
        order by company_id, connection_id, record_id
        {Bump.OneMore}
        """;
}

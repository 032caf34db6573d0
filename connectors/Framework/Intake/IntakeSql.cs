using OrderSync.Framework.Reports;

namespace OrderSync.Framework.Intake;

/// <summary>
/// The statements of intake, each for all messages of a company that do not concern the same rows, see <see cref="Waves"/>. Every look is a probe by
/// key, and rows are written in the order of their keys, so that two replicas do not block each other.
/// </summary>
internal static class IntakeSql
{
    /// <summary>
    /// A record that is wanted again, under a higher version than it is known by, wants what it needs again too: an order its refused customer. Before
    /// the wish is written. A repeat of the version that is known tries nothing, and so does the first version.
    /// </summary>
    public const string TriedAgain = $"""
        with asked as (select * from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as a (connection_id, record_id, version)),
        needed as (
            select distinct n.account, n.needs from asked a
            join wish w on w.connection_id = a.connection_id and w.record_id = a.record_id and w.version < a.version
            join document d on d.connection_id = a.connection_id and d.record_id = a.record_id
            join dependency n on n.account = d.account and n.document = d.document),
        again as (
            update document set state = 'pending', due = $4, tries = 0, code = null, reason = null, fix = null, changed_at = $4
            from needed where document.account = needed.account and document.document = needed.needs and document.state in ('refused', 'reconnect') and document.holder is null
            returning document.company_id, document.connection_id, document.record_id, document.reports)
        {Bump.Reports}
        select distinct company_id, connection_id, record_id, $4, $4, 1 from again where reports and record_id <> all ($2)
        order by company_id, connection_id, record_id
        {Bump.OneMore}
        """;

    public const string Wish = """
        insert into wish (company_id, connection_id, record_id, version, revision, wish, message)
        select $1, r.* from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::int[], $6::text[], $7::text[]) as r (connection_id, record_id, version, revision, wish, message)
        order by r.connection_id, r.record_id
        on conflict (company_id, connection_id, record_id) do update
        set version = excluded.version, revision = excluded.revision, wish = excluded.wish, message = excluded.message
        where wish.version < excluded.version or wish.version = excluded.version and wish.waiting
        """;

    /// <summary>
    /// What only came along (version 0) is raised by a higher revision, or while it stands refused and differs; a record's own message by a higher
    /// version. What came along and changes nothing is not even touched: many orders bring the same customer.
    /// </summary>
    public const string Documents = """
        with planned as (
            select * from unnest($2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bool[], $9::int[], $10::bigint[], $11::text[], $12::timestamptz[], $17::text[])
                as r (account, document, connection_id, record_id, kind, target, reports, revision, version, payload, due, wish)),
        needs as (select * from unnest($13::text[], $14::text[], $15::text[]) as n (account, document, needs)),
        raised as (
            insert into document as held (company_id, account, document, connection_id, record_id, kind, target, reports, wish, wanted_revision, wanted_version, state, due, changed_at, wanted_at)
            select $1, r.account, r.document, r.connection_id, r.record_id, r.kind, r.target, r.reports, r.wish, r.revision, r.version, 'pending', r.due, $16, $16
            from planned r
            where r.version > 0 or not exists (
                select from document k where k.company_id = $1 and k.account = r.account and k.document = r.document and k.wanted_revision >= r.revision and k.state <> 'refused')
            order by r.account, r.document
            on conflict (company_id, account, document) do update set
                connection_id = excluded.connection_id,
                reports = held.reports or excluded.reports,
                wish = excluded.wish,
                wanted_revision = greatest(held.wanted_revision, excluded.wanted_revision),
                wanted_version = greatest(held.wanted_version, excluded.wanted_version),
                state = case
                    when held.holder is not null or held.state = 'ambiguous' then held.state
                    when held.state = 'done' and case when excluded.wish = 'cancel' then held.wish = 'cancel' else held.wish <> 'cancel' and excluded.wanted_revision <= held.pushed_revision end then 'done'
                    else 'pending' end,
                due = case when held.state = 'ambiguous' then held.due else excluded.due end,
                code = case when held.state in ('refused', 'reconnect', 'stopped') and held.holder is null then null else held.code end,
                reason = case when held.state in ('refused', 'reconnect', 'stopped') and held.holder is null then null else held.reason end,
                fix = case when held.state in ('refused', 'reconnect', 'stopped') and held.holder is null then null else held.fix end,
                tries = 0,
                changed_at = $16,
                wanted_at = case when excluded.wanted_revision > held.wanted_revision or held.state in ('done', 'stopped') then $16 else held.wanted_at end
            where excluded.wanted_version > held.wanted_version
               or excluded.wanted_version = 0 and (excluded.wanted_revision > held.wanted_revision
                  or excluded.wanted_revision = held.wanted_revision and held.state = 'refused' and held.holder is null
                  and exists (select from content c join planned r on r.account = c.account and r.document = c.document
                    where c.company_id = $1 and c.account = excluded.account and c.document = excluded.document and c.payload <> r.payload))
            returning company_id, account, document),
        gone as (
            delete from dependency using raised
            where dependency.company_id = raised.company_id and dependency.account = raised.account and dependency.document = raised.document
                and not exists (select from needs n where n.account = dependency.account and n.document = dependency.document and n.needs = dependency.needs)),
        needed as (
            insert into dependency (company_id, account, document, needs)
            select raised.company_id, n.account, n.document, n.needs from raised join needs n on n.account = raised.account and n.document = raised.document
            on conflict do nothing)
        insert into content (company_id, account, document, payload)
        select raised.company_id, r.account, r.document, r.payload from raised join planned r on r.account = raised.account and r.document = raised.document
        on conflict (company_id, account, document) do update set payload = excluded.payload
        """;

    /// <summary>
    /// What a record became by an older version and does not become by the newest, such as a mail to an address that was corrected since: it speaks for
    /// the record no more, and what was not written of it ends. After the documents, which stand at the newest version then.
    /// </summary>
    public const string Replaced = """
        update document set
            wish = case when document.state = 'done' then document.wish else 'stop' end,
            wanted_version = w.version,
            reports = false,
            state = case
                when document.holder is not null or document.state in ('done', 'ambiguous') then document.state
                when exists (select from step where step.account = document.account and step.document = document.document and step.state = 'open') then 'ambiguous'
                else 'stopped' end,
            code = case when document.state = 'done' then document.code else 'delivery.replaced' end,
            reason = case when document.state = 'done' then document.reason else 'A later version of the record does not ask for this any more.' end,
            fix = null,
            changed_at = case when document.state = 'done' then document.changed_at else $3 end
        from unnest($1::uuid[], $2::uuid[]) as asked (connection_id, record_id)
        join wish w on w.connection_id = asked.connection_id and w.record_id = asked.record_id and w.wish = 'push' and not w.waiting
        where document.connection_id = w.connection_id and document.record_id = w.record_id and document.reports and document.wanted_version < w.version
        """;

    /// <summary>What is to be void with its record although the newest version would not write it: what was written, or may have been.</summary>
    public const string TakenBack = """
        update document set
            wish = 'cancel',
            wanted_version = w.version,
            reports = true,
            state = case
                when document.holder is not null or document.state = 'ambiguous' or document.state = 'done' and document.wish = 'cancel' then document.state
                else 'pending' end,
            due = case when document.state = 'ambiguous' then document.due else $3 end,
            tries = 0, code = null, reason = null, fix = null, changed_at = $3, wanted_at = $3
        from unnest($1::uuid[], $2::uuid[]) as asked (connection_id, record_id)
        join wish w on w.connection_id = asked.connection_id and w.record_id = asked.record_id and w.wish = 'cancel' and not w.waiting
        where document.connection_id = w.connection_id and document.record_id = w.record_id and document.wanted_version < w.version
            and (document.pushed_revision > 0 or document.holder is not null or document.state = 'ambiguous')
        """;

    /// <summary>One record. What is on its way, or may have taken effect, ends between its steps: the worker notes it.</summary>
    public const string Stop = $"""
        with ended as (
            update document set
                wish = 'stop',
                wanted_version = $3,
                state = case
                    when holder is not null or state in ('done', 'ambiguous') then state
                    when exists (select from step where step.account = document.account and step.document = document.document and step.state = 'open') then 'ambiguous'
                    else 'stopped' end,
                code = null, reason = null, fix = null,
                changed_at = $4
            where connection_id = $1 and record_id = $2 and reports and wanted_version < $3
            returning company_id, account, document
        )
        {Bump.Reports}
        select distinct d.company_id, d.connection_id, d.record_id, $4, $4, 1
        from ended
        join dependency n on n.company_id = ended.company_id and n.account = ended.account and n.needs = ended.document
        join document d on d.company_id = n.company_id and d.account = n.account and d.document = n.document and d.reports
        order by d.company_id, d.connection_id, d.record_id
        {Bump.OneMore}
        """;

    /// <summary>A repeat is answered again as well: the gateway asks because it does not know.</summary>
    public const string Report = $"""
        {Bump.Reports}
        select $1, r.connection_id, r.record_id, $4, $4, 1 from unnest($2::uuid[], $3::uuid[]) as r (connection_id, record_id) order by r.connection_id, r.record_id
        {Bump.OneMore}
        """;
}

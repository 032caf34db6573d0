using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Manage;

/// <summary>A document that needs a person.</summary>
/// <param name="RecordId">The record.</param>
/// <param name="Document">Its document; one record may have several.</param>
/// <param name="Kind">Kind of the record.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">What happened.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Since">Since when.</param>
internal sealed record AttentionRow(Guid RecordId, string Document, string Kind, string? Code, string? Reason, string? Fix, DateTimeOffset Since);

/// <summary>Documents that need a person, longest waiting first.</summary>
/// <param name="Documents">A page of them.</param>
/// <param name="After">Goes into the next request for the page after it; absent on the last.</param>
internal sealed record AttentionPage(IReadOnlyList<AttentionRow> Documents, string? After);

/// <summary>Lists what needs a person: refused, without credentials, or waiting too long for something that does.</summary>
internal sealed class Attention(LedgerDatabase database)
{
    private const string Select = """
        select record_id, document, kind, code, reason, fix, since, payload from (
            select d.record_id, d.document, d.kind, d.code, d.reason, d.fix, d.changed_at as since, null as payload
            from document d where d.connection_id = $1 and d.state in ('refused', 'reconnect')
            union all
            select d.record_id, d.document, d.kind,
                case when p.document is null then 'dependency.missing' when p.state = 'stopped' then 'dependency.stopped' else coalesce(p.code, 'dependency.refused') end,
                case when p.document is null then 'The record ' || needed.needs || ' it needs has not come for 24 hours.'
                    when p.state = 'stopped' then 'The ' || p.kind || ' ' || p.document || ' it needs was stopped.'
                    else 'The ' || p.kind || ' ' || p.document || ' it needs has been refused for 24 hours: ' || coalesce(p.reason, '') end,
                case when p.state = 'stopped' then 'Reopen what was stopped, or stop this record as well.' else p.fix end,
                coalesce(p.changed_at, d.wanted_at, d.changed_at),
                case when p.document is null then (select payload from content k where k.account = d.account and k.document = d.document) end
            from document d
            cross join lateral (
                select n.needs from dependency n left join document b on b.account = n.account and b.document = n.needs
                where n.account = d.account and n.document = d.document and coalesce(b.pushed_revision, 0) = 0
                  and (b.state = 'stopped' or b.state = 'refused' and b.changed_at <= $2 or b.document is null and coalesce(d.wanted_at, d.changed_at) <= $2)
                order by n.needs limit 1
            ) needed
            left join document p on p.account = d.account and p.document = needed.needs
            where d.connection_id = $1 and d.state = 'pending' and d.wish <> 'cancel'
        ) open
        where (since, document) > ($3, $4) order by since, document limit $5
        """;

    /// <param name="company">Whose.</param>
    /// <param name="connection">Through which connection.</param>
    /// <param name="after">Where the page before it ended.</param>
    /// <param name="limit">Documents of a page.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<AttentionPage> ListAsync(Guid company, Guid connection, (DateTimeOffset Since, string Document)? after, int limit, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(
            Select, connection, database.Now - TimeSpan.FromHours(24), after?.Since ?? DateTimeOffset.MinValue, after?.Document ?? "", limit + 1);
        await using var reader = await batch.ReadAsync(stop);
        var rows = new List<AttentionRow>();
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), Text(3), Text(4), Text(7) is { } waits ? WhereCaptured.Fix(waits) : Text(5), reader.GetFieldValue<DateTimeOffset>(6)));
        var page = rows.Count > limit ? rows[..limit] : rows;
        return new(page, rows.Count > limit ? $"{page[^1].Since:O}_{page[^1].Document}" : null);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}

using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>
/// Tells the gateway of documents that have waited 24 hours for one that stands refused or never came. What the report says is derived when it
/// is read, see <see cref="ReportLedger"/>; this only makes sure that one is sent.
/// </summary>
internal sealed class LongWaits(LedgerDatabase database)
{
    private const string Due = """
        select distinct x.company_id, x.connection_id, x.record_id
        from document x
        join dependency n on n.company_id = x.company_id and n.account = x.account and n.document = x.document
        left join document p on p.company_id = n.company_id and p.account = n.account and p.document = n.needs
        join report r on r.company_id = x.company_id and r.connection_id = x.connection_id and r.record_id = x.record_id
        where x.state = 'pending' and x.holder is null and x.reports and (
            p.document is null and coalesce(x.wanted_at, x.changed_at) <= $1 and r.changed_at < coalesce(x.wanted_at, x.changed_at) + interval '24 hours'
            or p.state = 'refused' and p.pushed_revision = 0 and p.changed_at <= $1 and r.changed_at < p.changed_at + interval '24 hours')
        limit 1000
        """;

    private const string Tell = $"""
        {Bump.Reports}
        select distinct $1::uuid, connection_id, record_id, $4::timestamptz, $4::timestamptz, 1 from unnest($2::uuid[], $3::uuid[]) late (connection_id, record_id)
        order by connection_id, record_id
        {Bump.OneMore}
        """;

    /// <summary>Raises the reports that are due; true when there were any.</summary>
    public async Task<bool> TellAsync(CancellationToken stop)
    {
        var late = new List<(Guid Company, Guid Connection, Guid Record)>();
        await using (var command = database.Worker.CreateCommand(Due))
        {
            command.Parameters.Add(new() { Value = database.Now - TimeSpan.FromHours(24) });
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                late.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2)));
        }

        foreach (var company in late.GroupBy(one => one.Company))
        {
            await using var batch = database.For(company.Key).Add(
                Tell, company.Key, company.Select(one => one.Connection).ToArray(), company.Select(one => one.Record).ToArray(), database.Now);
            await batch.RunAsync(stop);
        }

        return late.Count > 0;
    }
}

using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Intake;

/// <summary>Writes what the gateway wants into the ledger. It may come any number of times and in any order: only a higher version raises what is wanted.</summary>
internal sealed class RecordIntake(LedgerDatabase database, ConnectionStore connections, IConnector connector, GatewayEpochs epochs, Signals signals)
{
    private const string Wish = """
        insert into wish (company_id, connection_id, record_id, version, revision, wish, message) values ($1, $2, $3, $4, $5, $6, $7::text)
        on conflict (company_id, connection_id, record_id) do update set version = $4, revision = $5, wish = $6, message = $7::text
        where wish.version < $4 or wish.version = $4 and wish.waiting
        """;

    // What only came along ($10 = 0) is raised by a higher revision, or while it stands refused and differs; a record's own message by a higher version.
    private const string Document = """
        with raised as (
            insert into document as held (company_id, account, document, connection_id, record_id, kind, target, reports, wish, wanted_revision, wanted_version, state, due, changed_at, wanted_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $14, $9, $10, 'pending', $11, $11, $11)
            on conflict (company_id, account, document) do update set
                connection_id = $4,
                reports = held.reports or $8,
                wish = $14,
                wanted_revision = greatest(held.wanted_revision, $9),
                wanted_version = greatest(held.wanted_version, $10),
                state = case
                    when held.holder is not null or held.state = 'ambiguous' then held.state
                    when held.state = 'done' and case when $14 = 'cancel' then held.wish = 'cancel' else held.wish <> 'cancel' and $9 <= held.pushed_revision end then 'done'
                    else 'pending' end,
                due = case when held.state = 'ambiguous' then held.due else $11 end,
                code = case when held.state in ('refused', 'reconnect', 'stopped') and held.holder is null then null else held.code end,
                reason = case when held.state in ('refused', 'reconnect', 'stopped') and held.holder is null then null else held.reason end,
                fix = case when held.state in ('refused', 'reconnect', 'stopped') and held.holder is null then null else held.fix end,
                tries = 0,
                changed_at = $11,
                wanted_at = case when $9 > held.wanted_revision or held.state in ('done', 'stopped') then $11 else held.wanted_at end
            where $10 > held.wanted_version
               or $10 = 0 and ($9 > held.wanted_revision or $9 = held.wanted_revision and held.state = 'refused' and held.holder is null
                  and exists (select from content where content.account = $2 and content.document = $3 and content.payload <> $12))
            returning company_id, account, document
        ), gone as (
            delete from dependency using raised
            where dependency.company_id = raised.company_id and dependency.account = raised.account and dependency.document = raised.document and needs <> all ($13)
        ), needed as (
            insert into dependency (company_id, account, document, needs) select company_id, account, document, unnest($13::text[]) from raised
            on conflict do nothing
        )
        insert into content (company_id, account, document, payload) select company_id, account, document, $12 from raised
        on conflict (company_id, account, document) do update set payload = excluded.payload
        """;

    // What is on its way, or may have taken effect, ends between its steps: the worker notes it.
    private const string Stop = $"""
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

    private const string Report = $"""
        {Bump.Reports}
        values ($1, $2, $3, $4, $4, 1)
        {Bump.OneMore}
        """;

    /// <summary>Takes one message; returns when it is on disk.</summary>
    public async Task TakeAsync(DeliverRecord record, CancellationToken stop)
    {
        var connection = await connections.FindAsync(record.CompanyId, record.ConnectionId, stop);
        await using var batch = database.For(record.CompanyId);
        var now = database.Now;
        if (record.Wish == DeliveryWish.Push)
            batch.Add(TriedAgain.Needed, record.ConnectionId, record.RecordId, record.Version, now);
        batch.Add(Wish, record.CompanyId, record.ConnectionId, record.RecordId, record.Version, record.Revision,
            WordOf(record.Wish), connection is null ? JsonSerializer.Serialize(record, ContractJson.Options) : null);
        if (record.Wish == DeliveryWish.Stop)
        {
            batch.Add(Stop, record.ConnectionId, record.RecordId, record.Version, now);
        }
        else if (connection is not null)
        {
            // What only comes along is not wanted by a record that is cancelled.
            foreach (var planned in Plan(record, connection).Where(planned => record.Wish == DeliveryWish.Push || planned.RecordId == record.RecordId))
                AddDocument(batch, record, planned, connection.Account, now);
        }

        // A repeat is answered again as well: the gateway asks because it does not know.
        batch.Add(Report, record.CompanyId, record.ConnectionId, record.RecordId, now);
        await batch.RunAsync(stop);
        await epochs.HearAsync(record.CompanyId, record.Epoch, stop);
        signals.Raise();
    }

    private List<PlannedDocument> Plan(DeliverRecord record, Connection connection)
    {
        try
        {
            return connector.Plan(record, connection).OrderBy(planned => planned.Key, StringComparer.Ordinal).ToList();
        }
        catch (JsonException)
        {
            // Its own row without more: the worker meets the same trouble and refuses it, where people see it.
            return [new PlannedDocument(record.RecordId, record.Revision, record.Kind, "", record.Body, [], Reports: true)];
        }
    }

    private static string WordOf(DeliveryWish wish) => wish switch
    {
        DeliveryWish.Stop => "stop",
        DeliveryWish.Cancel => "cancel",
        _ => "push",
    };

    private static void AddDocument(CompanyBatch batch, DeliverRecord record, PlannedDocument planned, string account, DateTimeOffset now)
    {
        var version = planned.RecordId == record.RecordId ? record.Version : 0;
        batch.Add(Document, record.CompanyId, account, planned.Key, record.ConnectionId, planned.RecordId, planned.Kind, planned.Target, planned.Reports,
            planned.Revision, version, now, Payload.Of(record, planned).ToJson(), planned.DependsOn.ToArray(), WordOf(record.Wish));
    }
}

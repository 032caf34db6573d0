using OrderSync.Contracts.Bus;
using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Pull;

/// <summary>Notes what the gateway holds, and whether it takes a collection from this connection at all.</summary>
internal sealed class PulledAnswers(LedgerDatabase database, GatewayEpochs epochs, Signals signals)
{
    private const int MostAtOnce = 500;

    // A gateway that holds more than was ever said knows it from before this ledger was restored from a backup: the row goes again, above that.
    private const string Rows = """
        update pulled r set
            acked = greatest(r.acked, ack.version), acked_epoch = greatest(r.acked_epoch, $6),
            version = greatest(r.version, ack.version + case when ack.version > r.version then 1 else 0 end), import = greatest(r.import, ack.import),
            due = case when ack.version = r.version then null when ack.version > r.version then $7 else r.due end,
            tries = case when ack.version > r.version then 0 else r.tries end
        from unnest($3::text[], $4::bigint[], $5::bigint[]) ack (key, version, import)
        where r.connection_id = $1 and r.collection = $2 and r.key = ack.key
        """;

    private const string Import = "update pull set import = greatest(import, $3) where connection_id = $1 and collection = $2 and import < $3";

    // A level as well: an answer that comes late changes nothing. A source that is new sends everything, one that is none any more nothing.
    private const string Source = """
        with turned as (
            update pull set source = $3, source_version = $4, source_epoch = $5, ask_due = case when $3 then ask_due else $6 + interval '1 hour' end
            where connection_id = $1 and collection = $2 and (source_epoch, source_version) < ($5, $4)
            returning source, source_version > 1 or not source as again)
        update pulled set due = case when turned.source then $6 end, tries = 0 from turned
        where connection_id = $1 and collection = $2 and turned.again
        """;

    private const string Older = """
        with older as (
            select r.company_id, r.connection_id, r.collection, r.key from gateway_epoch e
            cross join lateral (
                select company_id, connection_id, collection, key from pulled
                where company_id = e.company_id and due is null and acked_epoch < e.epoch limit $2 for no key update skip locked) r
            join pull p on p.company_id = r.company_id and p.connection_id = r.connection_id and p.collection = r.collection and p.source
            where not e.pulled_swept limit $2),
        made as (
            update pulled set due = $1, tries = 0 from older
            where pulled.company_id = older.company_id and pulled.connection_id = older.connection_id and pulled.collection = older.collection and pulled.key = older.key
            returning 1),
        finished as (update gateway_epoch set pulled_swept = true where not pulled_swept and not exists (select from older))
        select count(*) from made
        """;

    /// <summary>Takes an answer of the gateway.</summary>
    public async Task TakeAsync(PulledRowsAcknowledged held, CancellationToken stop)
    {
        var rows = held.Rows.OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(held.CompanyId);
            if (rows.Count > 0)
            {
                batch.Add(Rows, held.ConnectionId, held.Collection, rows.Select(row => row.Key).ToArray(), rows.Select(row => row.Version).ToArray(),
                    rows.Select(row => row.Import).ToArray(), held.Epoch, database.Now);
                batch.Add(Import, held.ConnectionId, held.Collection, rows.Max(row => row.Import));
            }

            batch.Add(Source, held.ConnectionId, held.Collection, held.IsSource, held.SourceVersion, held.Epoch, database.Now);
            await batch.RunAsync(stop);
            return 0;
        }, stop);
        await epochs.HearAsync(held.CompanyId, held.Epoch, stop);
        signals.RaisePulls();
    }

    /// <summary>Makes rows due that were acknowledged under an older epoch of the gateway; false = none are left.</summary>
    public async Task<bool> SweepAsync(CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand(Older);
        command.Parameters.Add(new() { Value = database.Now });
        command.Parameters.Add(new() { Value = MostAtOnce });
        return (long)(await command.ExecuteScalarAsync(stop))! > 0;
    }
}

using System.Collections.Concurrent;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Reports;

/// <summary>
/// The gateway's epoch. It rises when the gateway was restored from a backup: it has then forgotten reports it had acknowledged, and is told them
/// again, some at a time.
/// </summary>
internal sealed class GatewayEpochs(LedgerDatabase database, Signals signals)
{
    private const int MostAtOnce = 500;
    private readonly ConcurrentDictionary<Guid, long> heard = new();

    /// <summary>Notes an epoch the gateway told; nearly always the one that is known.</summary>
    public async Task HearAsync(Guid companyId, long epoch, CancellationToken stop)
    {
        if (epoch <= heard.GetValueOrDefault(companyId))
            return;

        await using var batch = database.For(companyId).Add("""
            insert into gateway_epoch as known (company_id, epoch) values ($1, $2)
            on conflict (company_id) do update set epoch = excluded.epoch, swept = false, pulled_swept = false where known.epoch < excluded.epoch
            """, companyId, epoch);
        await batch.RunAsync(stop);
        heard[companyId] = epoch;
        signals.Raise();
    }

    /// <summary>Makes reports due that were acknowledged under an older epoch; false = none are left.</summary>
    public async Task<bool> SweepAsync(CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand("""
            with older as (
                select r.company_id, r.connection_id, r.record_id from gateway_epoch e
                cross join lateral (
                    select company_id, connection_id, record_id from report
                    where company_id = e.company_id and due is null and acked_epoch < e.epoch limit $2 for no key update skip locked) r
                where not e.swept limit $2),
            made as (
                update report set due = $1, tries = 0 from older
                where report.company_id = older.company_id and report.connection_id = older.connection_id and report.record_id = older.record_id
                returning 1),
            finished as (update gateway_epoch set swept = true where not swept and not exists (select from older))
            select count(*) from made
            """);
        command.Parameters.Add(new() { Value = database.Now });
        command.Parameters.Add(new() { Value = MostAtOnce });
        return (long)(await command.ExecuteScalarAsync(stop))! > 0;
    }
}

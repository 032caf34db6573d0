using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.OwnRecords;

/// <summary>Which records a device asks about.</summary>
/// <param name="Ids">At most 10,000, in any order.</param>
internal sealed record ReconcileRequest(IReadOnlyList<Guid>? Ids);

/// <summary>How one record stands.</summary>
/// <param name="Id">As it was asked.</param>
/// <param name="State">
/// unknown (nothing of it is stored, or it is not this rep's), refused, waiting, held, stopped, accepted, attention (accepted, and a destination needs somebody) or inErp (every ERP it goes to has it).
/// </param>
/// <param name="Rev">The revision that stands.</param>
/// <param name="Number">Its final number.</param>
/// <param name="Code">Why it does not go on.</param>
internal sealed record ReconciledRecord(Guid Id, string State, int? Rev = null, string? Number = null, string? Code = null);

/// <summary>One answer an id, in the order asked.</summary>
/// <param name="Records">One an id.</param>
/// <param name="Counts">How many ids stand in each state.</param>
/// <param name="ServerTime">By the server's clock.</param>
internal sealed record Reconciled(IReadOnlyList<ReconciledRecord> Records, IReadOnlyDictionary<string, int> Counts, DateTimeOffset ServerTime);

/// <summary>
/// <c>POST /v1/sync/reconcile</c>: a device compares what it holds with what is stored. One round trip, whatever the number of ids. What is another company's, or another rep's, is unknown.
/// </summary>
internal sealed class Reconciliation(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Ids in one call; advertised in capabilities.</summary>
    public const int MostIds = 10_000;

    public async Task<IResult> HandleAsync(HttpContext http, ReconcileRequest? request, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        if (request?.Ids is not { } ids)
            return Problems.Bad("reconcile.ids", $"Send {{\"ids\":[…]}}: ids of records, {MostIds} at most.");
        if (ids.Count > MostIds)
            return Problems.TooLarge("reconcile.tooMany", $"{ids.Count} ids; ask for at most {MostIds} at once.");

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        DeviceStanding.Add(batch, device);
        // The rep is the one the device has now: it may have been given to somebody else, or a record may have come by another device of the same rep.
        batch.Add("""
            select r.record_id, r.rev, n.number, r.code, case
                when r.state <> 'accepted' then r.state
                when d.needs then 'attention'
                when d.total > 0 and d.there = d.total then 'inErp'
                else 'accepted' end
            from (select distinct id from unnest($2::uuid[]) as a (id)) asked
            join record r on r.company_id = $1 and r.record_id = asked.id
            join device self on self.company_id = $1 and self.device_id = $3
            left join record_number n on n.company_id = $1 and n.record_id = r.record_id
            cross join lateral (
                select coalesce(bool_or(d.wish = 'push' and d.state in ('attention', 'reconnect')), false) as needs,
                    count(*) filter (where x.connector not in ('email', 'webhook') and d.state <> 'superseded') as total,
                    count(*) filter (where x.connector not in ('email', 'webhook') and d.state = 'done' and d.external_id is not null) as there
                from delivery d join connection x on x.company_id = $1 and x.connection_id = d.connection_id
                where d.company_id = $1 and d.record_id = r.record_id and d.rev = r.rev) d
            where r.rep_id = self.rep_id or r.device_id = $3
            """, device.CompanyId, ids.ToArray(), device.DeviceId);
        await using var reader = await batch.ReadAsync(stop);
        if ((await DeviceStanding.ReadAsync(reader, stop)).Gone)
            return DeviceStanding.Refusal;
        await reader.NextResultAsync(stop);
        var found = new Dictionary<Guid, ReconciledRecord>();
        while (await reader.ReadAsync(stop))
            found[reader.GetGuid(0)] = new(reader.GetGuid(0), reader.GetString(4), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3));

        List<ReconciledRecord> records = [.. ids.Select(id => found.GetValueOrDefault(id) ?? new(id, "unknown"))];
        return Results.Ok(new Reconciled(records, records.GroupBy(record => record.State, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()), time.GetUtcNow()));
    }
}

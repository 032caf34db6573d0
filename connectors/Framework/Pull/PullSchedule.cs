using System.Collections.Concurrent;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Pull;

/// <summary>Which collections are looked at, when, and by whom.</summary>
internal sealed class PullSchedule(LedgerDatabase database, ConnectionStore connections, ConnectorInfo info)
{
    // One collection of an account at a time, and only while documents leave a call free.
    private const string Claim = """
        update pull set holder = $2, tries = pull.tries + 1
        from (
            select p.company_id, p.connection_id, p.collection from pull p
            join connection c on c.company_id = p.company_id and c.connection_id = p.connection_id
            join account a on a.company_id = c.company_id and a.account = c.account
            where p.enabled and p.holder is null and p.due <= $1 and c.held_at is null and not a.reconnect and (a.paused_until is null or a.paused_until <= $1)
              and not exists (
                select from pull r join connection o on o.company_id = r.company_id and o.connection_id = r.connection_id
                where o.company_id = c.company_id and o.account = c.account and r.holder is not null)
              and (select count(*) from document h where h.company_id = a.company_id and h.account = a.account and h.holder is not null) < a.max_concurrent
            order by p.due limit 1
            for no key update of p skip locked
        ) due
        where pull.company_id = due.company_id and pull.connection_id = due.connection_id and pull.collection = due.collection
        returning pull.company_id, pull.connection_id, pull.collection, pull.tries
        """;

    // A connection that was changed may have another set of collections, and another pace.
    private const string Plan = """
        insert into pull (company_id, connection_id, collection, due, sweep_due, ask_due)
        select $1, $2, name, $5, $5, $5 from unnest($3::text[]) name
        on conflict (company_id, connection_id, collection) do nothing
        """;

    private const string Adjust = """
        update pull set enabled = collection = any($2), due = least(due, $4::timestamptz + coalesce((
            select pace.every from unnest($2::text[], $3::interval[]) pace (name, every) where pace.name = collection), interval '0'))
        where connection_id = $1 and (enabled or collection = any($2))
        """;

    private readonly ConcurrentDictionary<Guid, long> planned = new();

    /// <summary>The paces of a connection's collections.</summary>
    public IReadOnlyList<PullPlan> Of(Connection connection) => connection.Settings<ConnectionSettings>().PullsOf(info.Pulls ?? []);

    /// <summary>Gives each new or changed connection a row for each of its collections.</summary>
    public async Task PlanAsync(CancellationToken stop)
    {
        if (info.Pulls is not { Count: > 0 })
            return;
        var changed = new List<(Guid Company, Guid Connection, long Version)>();
        await using (var command = database.Worker.CreateCommand("select company_id, connection_id, version from connection"))
        {
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                if (planned.GetValueOrDefault(reader.GetGuid(1)) != reader.GetInt64(2))
                    changed.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetInt64(2)));
            }
        }

        foreach (var (company, id, version) in changed)
        {
            if (await connections.FindAsync(company, id, stop) is not { } connection)
                continue;
            var pulls = Of(connection);
            var names = pulls.Select(one => one.Name).ToArray();
            await using var batch = database.For(company);
            batch.Add(Plan, company, id, names, pulls.Select(one => one.Every).ToArray(), database.Now);
            batch.Add(Adjust, id, names, pulls.Select(one => one.Every).ToArray(), database.Now);
            await batch.RunAsync(stop);
            planned[id] = version;
        }
    }

    /// <summary>Claims the collection that has been due longest; null = none is due.</summary>
    public async Task<PullClaim?> ClaimAsync(long holder, CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand(Claim);
        command.Parameters.Add(new() { Value = database.Now });
        command.Parameters.Add(new() { Value = holder });
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop)
            ? new(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)), holder, reader.GetInt32(3))
            : null;
    }

    /// <summary>When the next collection is due; null = none is planned.</summary>
    public async Task<DateTimeOffset?> NextAsync(CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand("select min(due) from pull where enabled and holder is null");
        return await command.ExecuteScalarAsync(stop) is DateTime next ? new DateTimeOffset(next, TimeSpan.Zero) : null;
    }
}

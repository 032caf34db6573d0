using OrderSync.Framework.Budgets;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Manage;

/// <summary>Documents of one state.</summary>
/// <param name="Count">How many.</param>
/// <param name="Oldest">When the one that has waited longest was first wanted.</param>
internal sealed record StateCount(long Count, DateTimeOffset Oldest);

/// <summary>A person paused the connection.</summary>
internal sealed record HeldState(DateTimeOffset Since, string? Person, string? Reason);

/// <summary>The account rests by itself and goes on by itself.</summary>
internal sealed record RestState(DateTimeOffset Until, string? Reason);

/// <summary>What of the budget is used.</summary>
internal sealed record BudgetState(int? PerMinute, long UsedThisMinute, int? PerDay, long UsedToday, DateTimeOffset DayEnds, int AtOnce);

/// <summary>Where a connection stands.</summary>
/// <param name="ConnectionId">Which.</param>
/// <param name="Account">The account it goes to.</param>
/// <param name="Paused">By a person; absent when not.</param>
/// <param name="Rests">Until when and why; absent when not.</param>
/// <param name="Reconnect">Why it needs new credentials; absent when not.</param>
/// <param name="Troubles">Calls in a row that found the destination in trouble.</param>
/// <param name="Budget">What of it is used.</param>
/// <param name="States">Documents by state.</param>
internal sealed record ConnectionStanding(
    Guid ConnectionId, string Account, HeldState? Paused, RestState? Rests, string? Reconnect, int Troubles, BudgetState Budget, IReadOnlyDictionary<string, StateCount> States);

/// <summary>Answers "why does nothing move?" for one connection.</summary>
internal sealed class Standing(LedgerDatabase database, ConnectionStore connections, BudgetGate gate, DayCounts days, MinuteWindow minutes, ConnectorInfo info)
{
    private const string Account = """
        select a.account, c.held_at, c.held_by, c.held_reason, a.paused_until, a.reason, a.reconnect, a.troubles
        from connection c join account a on a.account = c.account where c.connection_id = $1
        """;

    // What is under way is found by its indexes, and what of it waits as a set: asked of each row, the planner takes a long ledger for endless work and compiles it.
    private const string Counts = """
        with pending as materialized (
            select company_id, account, document from document where connection_id = $1 and state in ('pending', 'ambiguous') and holder is null
            union all
            select company_id, account, document from document where connection_id = $1 and state in ('pending', 'ambiguous') and holder is not null),
        blocked as materialized (
            select distinct d.account, d.document
            from pending d join dependency n on n.company_id = d.company_id and n.account = d.account and n.document = d.document
            left join document p on p.company_id = n.company_id and p.account = n.account and p.document = n.needs
            where coalesce(p.pushed_revision, 0) = 0)
        select case
                when d.state in ('done', 'stopped', 'reconnect') then d.state
                when d.state = 'refused' then 'attention'
                when b.document is not null then 'waiting'
                else 'inProgress' end as state, count(*), min(coalesce(d.wanted_at, d.changed_at))
        from document d left join blocked b on b.account = d.account and b.document = d.document
        where d.connection_id = $1 group by 1
        union all
        select 'unplanned', count(*), $2 from wish where connection_id = $1 and waiting having count(*) > 0
        """;

    /// <summary>Documents of a connection by state.</summary>
    public async Task<IReadOnlyDictionary<string, StateCount>> CountAsync(Guid company, Guid connection, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Counts, connection, database.Now);
        await using var reader = await batch.ReadAsync(stop);
        var counts = new SortedDictionary<string, StateCount>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            counts[reader.GetString(0)] = new(reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
        return counts;
    }

    /// <summary>Null when the connection has no settings yet.</summary>
    public async Task<ConnectionStanding?> OfAsync(Guid company, Guid connectionId, CancellationToken stop)
    {
        if (await connections.FindAsync(company, connectionId, stop) is not { } connection)
            return null;
        var states = await CountAsync(company, connectionId, stop);
        var used = await BudgetAsync(connection, stop);
        await using var batch = database.For(company).Add(Account, connectionId);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        var (until, reason) = (Time(4), Text(5));
        return new(
            connectionId, reader.GetString(0),
            Time(1) is { } since ? new(since, Text(2), Text(3)) : null,
            until > database.Now ? new(until.Value, reason) : null,
            reader.GetBoolean(6) ? reason ?? "It needs new credentials." : null,
            reader.GetInt32(7), used, states);

        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>All of a company's connections that have settings.</summary>
    public async Task<IReadOnlyList<ConnectionStanding>> ListAsync(Guid company, CancellationToken stop)
    {
        await using var batch = database.For(company).Add("select coalesce(array_agg(connection_id order by connection_id), array[]::uuid[]) from connection");
        var standings = new List<ConnectionStanding>();
        foreach (var connection in (Guid[])(await batch.ScalarAsync(stop))!)
            if (await OfAsync(company, connection, stop) is { } standing)
                standings.Add(standing);
        return standings;
    }

    private async Task<BudgetState> BudgetAsync(Connection connection, CancellationToken stop)
    {
        var budget = gate.Of(connection);
        var day = BudgetDay.Of(budget.DayZone, database.Now);
        return new(
            budget.PerMinute, await minutes.UsedAsync(connection.CompanyId, connection.Account, stop),
            budget.PerDay, await days.UsedAsync(connection.CompanyId, connection.Account, day.Day, stop), day.Ends,
            connection.Settings<ConnectionSettings>().MaxConcurrent ?? info.MaxConcurrent);
    }
}

using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Manage;

/// <summary>Whether a connection moves, without counting anything.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Paused">By a person; absent when not.</param>
/// <param name="Rests">Until when and why; absent when not.</param>
/// <param name="Reconnect">Why it needs new credentials; absent when not.</param>
/// <param name="Troubles">Calls in a row that found the destination in trouble.</param>
internal sealed record ConnectionHealth(Guid ConnectionId, HeldState? Paused, RestState? Rests, string? Reconnect, int Troubles);

/// <summary>Tells of all connections of a company whether they move: asked every few seconds while somebody watches.</summary>
internal sealed class ConnectionsHealth(LedgerDatabase database)
{
    private const string Select = """
        select c.connection_id, c.held_at, c.held_by, c.held_reason, a.paused_until, a.reason, a.reconnect, a.troubles
        from connection c join account a on a.account = c.account
        """;

    public async Task<IReadOnlyList<ConnectionHealth>> ListAsync(Guid company, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Select);
        await using var reader = await batch.ReadAsync(stop);
        var list = new List<ConnectionHealth>();
        while (await reader.ReadAsync(stop))
        {
            var (until, reason) = (Time(4), Text(5));
            list.Add(new(
                reader.GetGuid(0),
                Time(1) is { } since ? new(since, Text(2), Text(3)) : null,
                until > database.Now ? new(until.Value, reason) : null,
                reader.GetBoolean(6) ? reason ?? "It needs new credentials." : null,
                reader.GetInt32(7)));
        }

        return list;

        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}

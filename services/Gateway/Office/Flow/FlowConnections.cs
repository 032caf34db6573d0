using Npgsql;

namespace OrderSync.Gateway.Office.Flow;

/// <summary>A connection as the database knows it.</summary>
internal sealed record ConnectionFlow(
    Guid Id, string Name, string Connector, IReadOnlyList<string> Kinds, SortedDictionary<string, long> Backlog, SortedDictionary<string, long> Attention, bool AtLeast, FlowOldest? Oldest);

/// <summary>Reads what <see cref="FlowSql.Backlog"/> finds.</summary>
internal static class FlowConnections
{
    public static async Task<IReadOnlyList<ConnectionFlow>> ReadAsync(NpgsqlDataReader reader, CancellationToken stop)
    {
        await reader.NextResultAsync(stop);
        var all = new List<ConnectionFlow>();
        while (await reader.ReadAsync(stop))
        {
            if (all.Count == 0 || all[^1].Id != reader.GetGuid(0))
                all.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<string[]>(3), [], [], false, null));
            var (one, state, count) = (all[^1], reader.GetString(4), reader.GetInt64(5));
            if (count == 0)
                continue;
            var needsPerson = state is "attention" or "reconnect";
            (needsPerson ? one.Attention : one.Backlog)[state] = Math.Min(count, FlowSql.Most);
            all[^1] = one with { AtLeast = one.AtLeast || count > FlowSql.Most, Oldest = needsPerson ? one.Oldest : Older(one.Oldest, reader, state) };
        }

        return all;
    }

    private static FlowOldest? Older(FlowOldest? oldest, NpgsqlDataReader row, string state)
    {
        if (row.IsDBNull(6) || oldest?.Since <= row.GetFieldValue<DateTimeOffset>(7))
            return oldest;
        return new(row.GetGuid(6), row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9), state, row.GetFieldValue<DateTimeOffset>(7));
    }
}

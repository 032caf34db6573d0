using Npgsql;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Budgets;

/// <summary>
/// How many replicas run. Each announces itself by the name of the session that holds its claims, so one that has died is gone by itself.
/// </summary>
internal sealed class ReplicaCount(LedgerDatabase database, ConnectorInfo info) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Seen = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim one = new(1);
    private readonly Queue<(DateTimeOffset At, int Count)> counts = new();
    private DateTimeOffset countedAt = DateTimeOffset.MinValue;

    /// <summary>Name of the sessions that stand for replicas.</summary>
    public static string SessionOf(ConnectorInfo info) => $"{info.Name} replica";

    /// <summary>Most replicas at once within the last minute; at least this one.</summary>
    public async Task<int> SeenAsync(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            var now = database.Now;
            if (now >= countedAt + Fresh)
            {
                counts.Enqueue((now, await CountAsync(stop)));
                countedAt = now;
            }

            while (counts.TryPeek(out var oldest) && oldest.At < now - Seen && counts.Count > 1)
                counts.Dequeue();
            return Math.Max(1, counts.Max(count => count.Count));
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<int> CountAsync(CancellationToken stop)
    {
        try
        {
            await using var command = database.Worker.CreateCommand(
                "select count(*)::int from pg_stat_activity where datname = current_database() and usename = current_user and application_name = $1");
            command.Parameters.Add(new() { Value = SessionOf(info) });
            return (int)(await command.ExecuteScalarAsync(stop))!;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            // Without PostgreSQL nothing is claimed either; what was seen last holds.
            return counts.Count == 0 ? 1 : counts.Last().Count;
        }
    }
}

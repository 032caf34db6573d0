using Npgsql;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>A way for writers to leave word of their rows, and for a reader to find what is new.</summary>
public interface IWatchedTable
{
    Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string key);

    /// <summary>Keys of rows that were not seen by an earlier call.</summary>
    Task<IReadOnlyList<string>> PollAsync();
}

/// <summary>
/// Writers whose transactions sleep at any point between their statements while others commit, and a reader that looks again and again. The order of all steps
/// is drawn; a step that has to wait for another writer does so in its writer's own queue.
/// </summary>
public sealed class Schedule(NpgsqlDataSource database, Guid company, int seed)
{
    private const int Writers = 4;
    private const int Transactions = 2;
    private readonly Random random = new(seed);
    private readonly Lock gate = new();
    private readonly HashSet<string> committed = [];

    /// <summary>Rows that a look begun after their commit did not show, in words.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(IWatchedTable table)
    {
        var seen = new HashSet<string>();
        var missed = new List<string>();
        var queues = Enumerable.Range(0, Writers).Select(writer => (Steps: new Queue<Func<Task>>(StepsOf(table, writer)), Last: Task.CompletedTask)).ToArray();
        while (queues.Any(queue => queue.Steps.Count > 0))
        {
            if (random.Next(3) == 0)
            {
                await LookAsync();
                continue;
            }

            var (writer, busy) = (random.Next(Writers), 0);
            while (queues[writer].Steps.Count == 0 && busy++ < Writers)
                writer = (writer + 1) % Writers;
            var (before, step) = (queues[writer].Last, queues[writer].Steps.Dequeue());
            queues[writer].Last = ThenAsync(before, step);
            // Most steps are over before the next; one that waits for another writer's commit goes on beside it.
            if (random.Next(4) > 0 && queues.All(queue => queue.Last.IsCompleted || queue.Last == queues[writer].Last))
                await Task.WhenAny(queues[writer].Last, Task.Delay(20));
        }

        await Task.WhenAll(queues.Select(queue => queue.Last));
        await LookAsync();
        return missed;

        async Task LookAsync()
        {
            string[] expected;
            lock (gate)
                expected = [.. committed];
            seen.UnionWith(await table.PollAsync());
            missed.AddRange(expected.Where(key => !seen.Contains(key) && !missed.Contains(key)));
        }
    }

    private static async Task ThenAsync(Task before, Func<Task> step)
    {
        await before;
        await step();
    }

    private IEnumerable<Func<Task>> StepsOf(IWatchedTable table, int writer)
    {
        NpgsqlConnection? connection = null;
        NpgsqlTransaction? transaction = null;
        for (var n = 0; n < Transactions; n++)
        {
            var keys = Enumerable.Range(0, random.Next(1, 4)).Select(i => $"S{seed:x}-{writer}-{n}-{i}").ToArray();
            yield return async () =>
            {
                connection = await database.OpenConnectionAsync();
                transaction = await connection.BeginTransactionAsync();
                await using var set = new NpgsqlCommand("select set_config('app.company', $1, true)", connection, transaction) { Parameters = { new() { Value = company.ToString() } } };
                await set.ExecuteNonQueryAsync();
            };
            foreach (var key in keys)
                yield return () => table.WriteAsync(connection!, transaction!, key);
            // Positions may be taken long before the commit, too: then everybody who commits meanwhile waits.
            if (random.Next(4) == 0)
                yield return async () =>
                {
                    await using var early = new NpgsqlCommand("set constraints all immediate", connection, transaction);
                    await early.ExecuteNonQueryAsync();
                };
            var rolledBack = random.Next(5) == 0;
            yield return async () =>
            {
                if (rolledBack)
                    await transaction!.RollbackAsync();
                else
                    await transaction!.CommitAsync();
                if (!rolledBack)
                    lock (gate)
                        committed.UnionWith(keys);
                await transaction.DisposeAsync();
                await connection!.DisposeAsync();
            };
        }
    }
}

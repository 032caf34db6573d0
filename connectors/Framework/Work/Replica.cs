using Npgsql;
using OrderSync.Framework.Budgets;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>
/// This process as the owner of claims. Its key is a session advisory lock: while the session lives nobody takes its claims over, when it ends
/// the claims are free, and no clock has a say in it.
/// </summary>
internal sealed class Replica(LedgerDatabase database, ConnectorInfo info, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim one = new(1);
    private NpgsqlConnection? session;
    private long answeredAt;
    private long key;

    /// <summary>The key under which claims are made now; makes a new session, and so a new key, where the old one ended.</summary>
    public async Task<long> KeyAsync(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            if (session is not null && await AnswersAsync(stop))
                return key;

            await EndAsync();
            var opened = await database.Worker.OpenConnectionAsync(stop);
            try
            {
                var fresh = Random.Shared.NextInt64(1, long.MaxValue);
                if (!await LockAsync(opened, fresh, stop))
                    throw new InvalidOperationException("A new replica key was taken already.");
                await AnnounceAsync(opened, stop);
                (session, key, answeredAt) = (opened, fresh, time.GetTimestamp());
                return key;
            }
            catch
            {
                await opened.DisposeAsync();
                throw;
            }
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Whether the session of <paramref name="claimed"/> has answered within the last five seconds. Asked right before a write.</summary>
    public async Task<bool> HoldsAsync(long claimed, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            return session is not null && key == claimed && await AnswersAsync(stop);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Frees the claims of <paramref name="other"/> if its session has ended. What it had begun is looked up by whoever claims it next.</summary>
    public async Task<bool> TakeOverAsync(long other, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            if (session is null || other == key || !await LockAsync(session, other, stop))
                return false;
            await using var free = new NpgsqlCommand("""
                with pulls as (update pull set holder = null, due = $2 where holder = $1)
                update document set holder = null, due = $2 where holder = $1
                """, session)
            {
                Parameters = { new() { Value = other }, new() { Value = database.Now } },
            };
            await free.ExecuteNonQueryAsync(stop);
            await using var unlock = new NpgsqlCommand("select pg_advisory_unlock($1)", session) { Parameters = { new() { Value = other } } };
            await unlock.ExecuteNonQueryAsync(stop);
            return true;
        }
        finally
        {
            one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A session has one user at a time, also at the end: what still asks it has been told to stop.
        await one.WaitAsync(Fresh);
        await EndAsync();
        one.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken stop)
    {
        if (time.GetElapsedTime(answeredAt) < Fresh)
            return true;
        using var silent = new CancellationTokenSource(Fresh, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop, silent.Token);
        try
        {
            await using var ask = new NpgsqlCommand("select 1", session) { CommandTimeout = 0 };
            await ask.ExecuteScalarAsync(patience.Token);
            answeredAt = time.GetTimestamp();
            return true;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException || silent.IsCancellationRequested)
        {
            // The lock went with the session: a new session gets a new key.
            await EndAsync();
            return false;
        }
    }

    private static async Task<bool> LockAsync(NpgsqlConnection session, long key, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", session) { Parameters = { new() { Value = key } } };
        return (bool)(await command.ExecuteScalarAsync(stop))!;
    }

    // Budgets are shared by as many replicas as have such a session.
    private async Task AnnounceAsync(NpgsqlConnection opened, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("select set_config('application_name', $1, false)", opened)
        {
            Parameters = { new() { Value = ReplicaCount.SessionOf(info) } },
        };
        await command.ExecuteNonQueryAsync(stop);
    }

    // Closing a pooled session also gives its locks back (DISCARD ALL); a broken one is thrown away.
    private async ValueTask EndAsync()
    {
        if (session is not null)
            await session.DisposeAsync();
        session = null;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Budgets;

/// <summary>
/// Calls of an account in a day, in PostgreSQL. A replica writes its count every 20 calls, every few seconds, at stop, and near the limit with
/// each call: there the limit is exact over all replicas. A crash loses at most 19 counts.
/// </summary>
internal sealed partial class DayCounts(LedgerDatabase database, ILogger<DayCounts> log) : IHostedService
{
    private const int Block = 20;

    /// <summary>This close to the limit each call is counted by PostgreSQL.</summary>
    private const int Near = 100;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private const string Save = """
        insert into budget_day as known (company_id, account, day, calls) values ($1, $2, $3, $4)
        on conflict (company_id, account, day) do update set calls = known.calls + $4 returning calls
        """;

    private const string TakeOne = "update budget_day set calls = calls + 1 where account = $1 and day = $2 and calls < $3 returning calls";

    private readonly ConcurrentDictionary<(Guid Company, string Account), Count> counts = new();

    /// <summary>Counts one call, unless the day's <paramref name="most"/> are used.</summary>
    public async Task<bool> TakeAsync(Guid company, string account, DateOnly day, int most, CancellationToken stop)
    {
        var count = counts.GetOrAdd((company, account), _ => new Count());
        await count.One.WaitAsync(stop);
        try
        {
            if (count.Day != day)
            {
                await SaveAsync(company, account, count, stop);
                (count.Day, count.Shared, count.SavedAt) = (day, 0, DateTimeOffset.MinValue);
            }

            var certain = count.Unsaved < Block - 1 && database.Now < count.SavedAt + Fresh && count.Total < most - Near;
            if (certain || !await TakeExactlyAsync(company, account, count, most, stop))
                return count.Taken(most);
            return count.Granted;
        }
        finally
        {
            count.One.Release();
        }
    }

    /// <summary>Calls of a day, those of this replica that are not written yet included.</summary>
    public async Task<long> UsedAsync(Guid company, string account, DateOnly day, CancellationToken stop)
    {
        await using var batch = database.For(company).Add("select calls from budget_day where account = $1 and day = $2", account, day);
        var saved = (long?)await batch.ScalarAsync(stop) ?? 0;
        return saved + (counts.TryGetValue((company, account), out var count) && count.Day == day ? count.Unsaved : 0);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var ((company, account), count) in counts)
            await SaveAsync(company, account, count, cancellationToken);
    }

    // Saves what is not saved and takes one more; false when PostgreSQL is away, and the replica goes by what it knows.
    private async Task<bool> TakeExactlyAsync(Guid company, string account, Count count, int most, CancellationToken stop)
    {
        try
        {
            await using var batch = database.For(company);
            batch.Add(Save, company, account, count.Day, (long)count.Unsaved).Add(TakeOne, account, count.Day, (long)most);
            await using var reader = await batch.ReadAsync(stop);
            await reader.ReadAsync(stop);
            var shared = reader.GetInt64(0);
            await reader.NextResultAsync(stop);
            var granted = await reader.ReadAsync(stop);
            if (granted)
                shared = reader.GetInt64(0);
            await CompanyBatch.EndAsync(reader, stop);
            (count.Shared, count.Unsaved, count.SavedAt, count.Granted) = (shared, 0, database.Now, granted);
            return true;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogAway(log, company, trouble.Message);
            return false;
        }
    }

    private async Task SaveAsync(Guid company, string account, Count count, CancellationToken stop)
    {
        if (count.Unsaved == 0)
            return;
        try
        {
            await using var batch = database.For(company).Add(Save, company, account, count.Day, (long)count.Unsaved);
            await batch.RunAsync(stop);
            count.Unsaved = 0;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogAway(log, company, trouble.Message);
        }
    }

    private sealed class Count
    {
        public SemaphoreSlim One { get; } = new(1);

        public DateOnly Day { get; set; }

        public long Shared { get; set; }

        public int Unsaved { get; set; }

        public DateTimeOffset SavedAt { get; set; }

        public bool Granted { get; set; }

        public long Total => Shared + Unsaved;

        public bool Taken(int most)
        {
            if (Total >= most)
                return false;
            Unsaved++;
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Calls of company {Company} are counted in memory for now: {Reason}")]
    private static partial void LogAway(ILogger log, Guid company, string reason);
}

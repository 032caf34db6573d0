using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Calls;

/// <summary>
/// Writes calls into PostgreSQL in batches, beside the work: a push never waits for it and never fails by it. What a crash finds in memory is
/// lost, at most a moment's calls; while PostgreSQL is away at most 2,000 wait, and what is dropped beyond them is counted.
/// </summary>
internal sealed partial class CallLog(LedgerDatabase database, IOptions<CallLogOptions> options, ILogger<CallLog> log) : BackgroundService
{
    private const int Kept = 2000;
    private const int AtOnce = 100;

    /// <summary>What is made this soon after another call goes into the same statement.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    private const string Insert = """
        insert into call (company_id, at, call_id, connection_id, account, record_id, trace_id, method, target, status, milliseconds, outcome, request, response)
        select $1, c.* from unnest($2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::int[], $11::int[], $12::text[], $13::text[], $14::text[]) c
        on conflict do nothing
        """;

    private readonly Channel<Call> calls = Channel.CreateBounded<Call>(new BoundedChannelOptions(Kept) { SingleReader = true });
    private readonly HashSet<DateOnly> ready = [];
    private long dropped;

    /// <summary>Hands a call over; returns at once.</summary>
    public void Add(Call call)
    {
        if (!calls.Writer.TryWrite(call))
            Interlocked.Increment(ref dropped);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        calls.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Call>(AtOnce);
        // To the end of what was handed over, also when the service stops.
        while (await calls.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await Task.Delay(Gather, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (batch.Count < AtOnce && calls.Reader.TryRead(out var call))
                batch.Add(call);
            await KeepAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    private async Task KeepAsync(List<Call> batch, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WriteAsync(batch);
                if (Interlocked.Exchange(ref dropped, 0) is var lost and > 0)
                    LogDropped(log, lost);
                return;
            }
            catch (Exception trouble) when (LedgerDatabase.Passes(trouble) && !stop.IsCancellationRequested)
            {
                await Task.Delay(Backoff.After(tries, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10)), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogLost(log, batch.Count, trouble.Message);
                return;
            }
        }
    }

    private async Task WriteAsync(List<Call> batch)
    {
        foreach (var day in batch.Select(call => DateOnly.FromDateTime(call.At.UtcDateTime)).Distinct().Where(day => !ready.Contains(day)).ToList())
        {
            await using var partitions = database.For(batch[0].CompanyId).Add("select keep_calls($1, $2)", day, options.Value.KeepDays);
            await partitions.RunAsync(CancellationToken.None);
            ready.Add(day);
        }

        foreach (var company in batch.GroupBy(call => call.CompanyId))
        {
            var rows = company.ToList();
            await using var statement = database.For(company.Key).Add(
                Insert, company.Key, Each(call => call.At), Each(call => call.Id), Each(call => call.ConnectionId), Each(call => call.Account),
                Each(call => call.RecordId), Each(call => call.TraceId), Each(call => call.Method), Each(call => call.Target), Each(call => call.Status),
                Each(call => call.Milliseconds), Each(call => call.Outcome), Each(call => call.Request), Each(call => call.Response));
            await statement.RunAsync(CancellationToken.None);

            T[] Each<T>(Func<Call, T> value) => [.. rows.Select(value)];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} calls are not in the call log: it could not be written as fast as calls were made")]
    private static partial void LogDropped(ILogger log, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} calls are not in the call log: {Reason}")]
    private static partial void LogLost(ILogger log, int count, string reason);
}

using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Pull;

/// <summary>Looks at each collection of each connection when it is due, a few at a time.</summary>
internal sealed partial class PullLoop(Replica replica, PullSchedule schedule, PullWork work, Signals signals, ConnectorInfo info, TimeProvider time, ILogger<PullLoop> log) : BackgroundService
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    /// <summary>What is under way when the service stops may finish its page.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly List<Task> running = [];
    private readonly CancellationTokenSource ending = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (info.Pulls is not { Count: > 0 })
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await schedule.PlanAsync(stoppingToken);
                running.RemoveAll(task => task.IsCompleted);
                while (running.Count < AtOnce && await schedule.ClaimAsync(await replica.KeyAsync(stoppingToken), stoppingToken) is { } claim)
                    running.Add(Task.Run(() => TryAsync(claim), CancellationToken.None));
                var next = await schedule.NextAsync(stoppingToken) - time.GetUtcNow();
                await signals.Pulls.WaitAsync(next is { } soon && soon > TimeSpan.Zero && soon < Sweep ? soon : Sweep, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException or InvalidOperationException or CryptographicException)
            {
                LogAway(log, trouble.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        ending.CancelAfter(Grace);
        await Task.WhenAll(running);
    }

    public override void Dispose()
    {
        ending.Dispose();
        base.Dispose();
    }

    private async Task TryAsync(PullClaim claim)
    {
        try
        {
            await work.RunAsync(claim, ending.Token);
        }
        catch (Exception trouble)
        {
            // PostgreSQL is away: the claim is taken over once our session has ended.
            LogNotNoted(log, trouble, claim.Key.CompanyId, claim.Key.Collection);
        }
        finally
        {
            signals.Pulls.Set();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing is brought back until PostgreSQL answers: {Reason}")]
    private static partial void LogAway(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "How a look at the {Collection} of company {Company} ended could not be noted")]
    private static partial void LogNotNoted(ILogger log, Exception trouble, Guid company, string collection);
}

using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Pull;

/// <summary>
/// One look at a collection: page after page, each kept before the next is asked for. It uses only what documents leave of the budget. Cut off
/// anywhere, it goes on at its page.
/// </summary>
internal sealed partial class PullWork(
    PulledTable table, PullEnd end, PullSchedule schedule, ConnectionStore connections, IConnector connector, CallDesk desk, TokenStore tokens, Signals signals, ILogger<PullWork> log)
{
    private static readonly ActivitySource Source = new("OrderSync.Framework");
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(15);

    /// <summary>Does what was claimed, and notes how it ended.</summary>
    public async Task RunAsync(PullClaim claim, CancellationToken stop)
    {
        using var activity = Source.StartActivity($"pull {claim.Key.Collection}", ActivityKind.Client);
        activity?.SetTag("ordersync.company", claim.Key.CompanyId).SetTag("ordersync.connection", claim.Key.ConnectionId);
        Outcome outcome;
        Connection? connection = null;
        try
        {
            connection = await connections.FindAsync(claim.Key.CompanyId, claim.Key.ConnectionId, stop)
                ?? throw new OutcomeException(new Outcome.Reconnect("This connection has no settings any more. Enter them in Connections."));
            await ReadAsync(claim, connection, stop);
            signals.RaisePulls();
            return;
        }
        catch (PullLostException)
        {
            return;
        }
        catch (OutcomeException said)
        {
            outcome = said.Outcome;
        }
        catch (CryptographicException locked)
        {
            outcome = new Outcome.Later($"The connection's secrets cannot be read: {locked.Message}", TimeSpan.FromMinutes(1));
        }
        catch (Exception cut) when (cut is NpgsqlException or TimeoutException || stop.IsCancellationRequested)
        {
            outcome = new Outcome.Later("It was cut off and goes on where it was.", TimeSpan.Zero);
        }
        catch (Exception surprise)
        {
            LogSurprise(log, surprise, claim.Key.CompanyId, claim.Key.Collection);
            outcome = new Outcome.Later("Something unexpected happened; it is tried again.");
        }

        activity?.SetTag("ordersync.outcome", outcome.GetType().Name);
        await end.BreakOffAsync(claim, connection, outcome, Wait(outcome, claim.Tries), stop);
        signals.RaisePulls();
    }

    private async Task ReadAsync(PullClaim claim, Connection connection, CancellationToken stop)
    {
        if (schedule.Of(connection).FirstOrDefault(one => one.Name == claim.Key.Collection) is not { } pace)
            throw new OutcomeException(new Outcome.Later("The connection does not bring this back any more.", AfterRefusal));
        var run = await table.BeginAsync(claim, pace.Changes, stop);
        using (desk.For(connection, Purpose.Poll).Begin())
        {
            await foreach (var page in CollectionReader.ReadAsync(connector, claim.Key.Collection, run.From, new LookSteps(connection, claim.Key, table, tokens, stop), stop))
                await table.WriteAsync(run, page, stop);
        }

        await end.CompleteAsync(run, pace, stop);
    }

    private static TimeSpan Wait(Outcome outcome, int tries) => outcome switch
    {
        Outcome.Later { After: { } after } => after,
        Outcome.Refused => AfterRefusal,
        _ => Backoff.After(tries),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected trouble while {Collection} of company {Company} were brought back")]
    private static partial void LogSurprise(ILogger log, Exception trouble, Guid company, string collection);
}

using System.Diagnostics;
using System.Globalization;
using OrderSync.Framework.Calls;

namespace OrderSync.Framework;

/// <summary>A call that does not go by HTTP, such as handing over a mail. HTTP needs none of this: the connector's clients are counted and logged by themselves.</summary>
public static class OutboundCall
{
    /// <summary>Makes the call within the account's budget and writes it into the call log.</summary>
    /// <param name="method">What is done, such as "SMTP".</param>
    /// <param name="target">Where, such as "smtp://mail.example.com:587".</param>
    /// <param name="request">What people may see of the request; no secrets.</param>
    /// <param name="call">Makes it.</param>
    /// <param name="stop">Ends the wait for a place in the budget.</param>
    public static async Task MakeAsync(string method, string target, string request, Func<Task> call, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (Errand.Current is not { } errand)
        {
            await call();
            return;
        }

        await errand.Desk.Gate.EnterAsync(errand, stop);
        var entry = Call.Begin(errand, method, Redaction.Text(target, errand.Connection), Redaction.Text(request, errand.Connection));
        var clock = Stopwatch.StartNew();
        try
        {
            await call();
            errand.Note(Health.Answered);
            errand.Desk.Log.Add(entry.End(clock, Call.Answered));
        }
        catch (Exception trouble)
        {
            var said = (trouble as OutcomeException)?.Outcome;
            var (outcome, health) = said switch
            {
                Outcome.Refused or Outcome.Reconnect => (Call.Refused, Health.Answered),
                Outcome.Later { WholeAccount: false } => (Call.Limited, Health.Answered),
                Outcome.Later => (Call.Unreachable, Health.Trouble),
                _ => (Call.NoAnswer, Health.Trouble),
            };
            errand.Note(health);
            var words = said is null ? trouble.Message : string.Create(CultureInfo.InvariantCulture, $"{said}");
            errand.Desk.Log.Add(entry.End(clock, outcome, null, Redaction.Text(words, errand.Connection)));
            throw;
        }
    }
}

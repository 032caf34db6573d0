using System.Globalization;
using OrderSync.Framework.Calls;

namespace OrderSync.Framework.Budgets;

/// <summary>
/// Lets calls out within the account's budget. A document that finds it used up is told before it writes anything, and its account rests; what
/// has begun is finished and only counted, so that a budget never cuts a write in two.
/// </summary>
internal sealed class BudgetGate(DayCounts days, MinuteWindow minutes, ConnectorInfo info, TimeProvider time)
{
    /// <summary>Longest wait for a place in the minute; what takes longer goes back to the ledger.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>What an account may use, as its settings say.</summary>
    public Budget Of(Connection connection) => connection.Settings<ConnectionSettings>().BudgetOf(info.Budget ?? Budget.None);

    /// <summary>Returns when a call may go out.</summary>
    /// <exception cref="OutcomeException">The budget is used up; nothing was sent.</exception>
    public async Task EnterAsync(Errand errand, CancellationToken stop)
    {
        var budget = Of(errand.Connection);
        if (Free(errand, budget))
            return;
        if (!errand.InStep && errand.Purpose != Purpose.Tokens)
            await TakeAsync(errand, budget, stop);
        else if (!errand.UseReserved())
            await TakeAsync(errand, budget with { PerMinute = Endless(budget.PerMinute), PerDay = Endless(budget.PerDay) }, stop);
    }

    /// <summary>Takes the place of a write before its intent is written.</summary>
    /// <exception cref="OutcomeException">The budget is used up.</exception>
    public Task ReserveAsync(Errand errand, CancellationToken stop)
    {
        var budget = Of(errand.Connection);
        return Free(errand, budget) ? Task.CompletedTask : TakeAsync(errand, budget, stop);
    }

    private static bool Free(Errand errand, Budget budget) =>
        budget is { PerMinute: null, PerDay: null } || (errand.Purpose == Purpose.Tokens && !budget.CountsTokens);

    private static int? Endless(int? limit) => limit is null ? null : int.MaxValue;

    private async Task TakeAsync(Errand errand, Budget budget, CancellationToken stop)
    {
        var (company, account) = (errand.Connection.CompanyId, errand.Connection.Account);
        var poll = errand.Purpose == Purpose.Poll;
        if (budget.PerMinute is { } perMinute)
        {
            var patient = time.GetUtcNow() + Patience;
            while (await minutes.TakeAsync(company, account, Most(perMinute), stop) is { } wait)
            {
                var free = time.GetUtcNow() + wait;
                if (free > patient)
                    throw Rest(string.Create(CultureInfo.InvariantCulture, $"{info.Title} takes {perMinute:N0} calls a minute; it goes on at {free:HH:mm:ss} UTC."), wait);
                await Task.Delay(wait, time, stop);
            }
        }

        if (budget.PerDay is { } perDay)
        {
            var day = BudgetDay.Of(budget.DayZone, time.GetUtcNow());
            if (!await days.TakeAsync(company, account, day.Day, Most(perDay), stop))
                throw Rest(string.Create(
                    CultureInfo.InvariantCulture, $"{info.Title}'s {perDay:N0} calls of today are used; it goes on at 00:00 {budget.DayZone} ({day.Ends:yyyy-MM-dd HH:mm} UTC)."),
                    day.Ends - time.GetUtcNow());
        }

        int Most(int limit) => poll ? (int)(limit * (1 - budget.DocumentShare)) : limit;

        OutcomeException Rest(string reason, TimeSpan wait) => new(new Outcome.Later(reason, wait, WholeAccount: !poll));
    }
}

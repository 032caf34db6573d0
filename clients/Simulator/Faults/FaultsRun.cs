using System.Collections.Concurrent;
using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Replay;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Faults;

/// <summary>What to disturb, and how.</summary>
/// <param name="File">Past sales to send; null = seeded orders.</param>
/// <param name="Orders">How many seeded orders.</param>
/// <param name="Rounds">How often each part is killed.</param>
/// <param name="Devices">How many devices send at once.</param>
/// <param name="Seed">Orders, lines, faults and kills follow from it.</param>
/// <param name="Wait">How long to wait for the whole.</param>
internal sealed record FaultsOptions(string? File, int Orders, int Rounds, int Devices, int Seed, TimeSpan Wait);

/// <summary>
/// Devices on bad lines send seeded orders into an ERP that loses answers and commits late, while every part is killed; then what was promised is checked.
/// </summary>
internal sealed class FaultsRun : IDisposable
{
    private const string Erp = "zoho", Currency = "USD";
    private const double LostAnswers = 0.10, LateCommits = 0.05;
    private const int LatestCommitSeconds = 5, AmbiguitySeconds = 10;
    // So many mails may be under way at a time, each of which is sent again if its sender is killed before it could note it.
    private const int MailsAtOnce = 4;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly FaultsOptions _options;
    private readonly Surroundings _where;
    private readonly Patience _patience;
    private readonly Http _gateway, _sandboxHttp, _mailHttp;
    private readonly OfficeApi _office;
    private readonly SandboxControl _sandbox;

    public FaultsRun(FaultsOptions options, Surroundings where, Uri mail)
    {
        (_options, _where) = (options, where);
        _patience = new Patience(TimeProvider.System, TimeProvider.System.GetUtcNow() + options.Wait);
        (_gateway, _sandboxHttp, _mailHttp) = (new Http(where.Gateway, CallTimeout), new Http(where.Sandbox, CallTimeout), new Http(mail, CallTimeout));
        _office = new OfficeApi(_gateway, where.ApiKey, _patience);
        _sandbox = new SandboxControl(_sandboxHttp, _patience);
    }

    /// <summary>True if every invariant holds.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        var file = _options.File ?? SeededSales.Write(Directory.CreateDirectory(Path.Combine(_where.StateFolder, "faults")).FullName, _options.Seed, _options.Orders);
        var sales = SalesFile.Read(file);
        var capture = Capture.Of(sales, RoundingLevel.Document, Currency);
        Screen.Say($"Seed {_options.Seed}: {capture.Orders.Count:N0} orders, every part killed {_options.Rounds} × ({string.Join(", ", Killer.Victims)}), {LostAnswers:P0} of the ERP's answers lost, {LateCommits:P0} committed late");
        var before = await _office.SummaryAsync(stop);
        var replayed = new ReplayOptions(file, RoundingLevel.Document, Currency, _options.Devices, int.MaxValue, _options.Wait, Erp, Erp, _options.Seed, AmbiguitySeconds);
        using var replay = new ReplayRun(replayed, _where, sales);
        bool isAllThere;
        try
        {
            await DisturbAsync("sandbox", stop);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var work = replay.RunAsync(over.Token);
            var killer = new Killer(new RunningParts(_where.StateFolder), _options.Seed, () => ProgressAsync(before, capture.Orders.Count, stop), said => Screen.Say($"{said}"));
            try
            {
                await killer.RunAsync(_options.Rounds, work, part => DisturbAsync(part, stop), stop);
            }
            catch
            {
                await over.CancelAsync();
                await Task.WhenAny(work);
                throw;
            }

            isAllThere = await work;
        }
        finally
        {
            await EndFaultsAsync();
        }

        return Judge(await LookAsync(capture, stop)) && isAllThere;
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _sandboxHttp.Dispose();
        _mailHttp.Dispose();
    }

    private async Task EndFaultsAsync()
    {
        using var soon = new CancellationTokenSource(CallTimeout);
        try
        {
            await _sandbox.FaultsAsync(new { }, soon.Token);
        }
        catch (Exception silence) when (silence is OperationCanceledException or NoAnswer)
        {
            Screen.Say($"The sandbox does not answer. It may go on losing answers until it is started again: ./ordersync down, then up.");
        }
    }

    // A stand-in that was killed has forgotten that it is to go wrong.
    private Task DisturbAsync(string part, CancellationToken stop) => part != "sandbox" ? Task.CompletedTask : _sandbox.FaultsAsync(
        new { DropAnswer = LostAnswers, CommitLate = LateCommits, CommitLateSeconds = new[] { 1, LatestCommitSeconds }, _options.Seed, Methods = "POST" }, stop);

    /// <summary>How far the orders are on their three stretches, together.</summary>
    private async Task<double?> ProgressAsync(OfficeSummary before, int orders, CancellationToken stop)
    {
        try
        {
            var now = await _gateway.AskAsync<OfficeSummary>("gateway, summary", Http.Request(HttpMethod.Get, "v1/office/summary", _where.ApiKey), stop);
            var done = now.OrderCount - before.OrderCount + now.At(Erp).Done - before.At(Erp).Done + now.At("email").Done - before.At("email").Done;
            return done / (3.0 * orders);
        }
        catch (NoAnswer)
        {
            return null;
        }
    }

    private async Task<Invariants> LookAsync(Capture capture, CancellationToken stop)
    {
        var records = new ConcurrentDictionary<Guid, OfficeRecord?>();
        await Parallel.ForEachAsync(capture.Customers.Concat(capture.Orders), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop },
            async (record, ended) => records[record.Id] = await _office.StandingAsync(record.Id, ended));
        var page = new MailPage(_mailHttp, _patience);
        var mails = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var customer in capture.Customers)
            mails[customer.Name] = await page.MessageIdsAsync(customer.Name, stop);
        return Invariants.Of(capture, records, Erp, await _sandbox.OrdersAsync(stop), await _sandbox.SummaryAsync(stop), mails, Killer.Victims.Count * _options.Rounds * MailsAtOnce);
    }

    private bool Judge(Invariants found)
    {
        const int shown = 5;
        foreach (var (promise, seen, broken) in found.Checks)
        {
            Screen.Say($"{(broken.Count == 0 ? "✓" : "✗")} {promise}: {seen}");
            foreach (var one in broken.Take(shown))
                Screen.Say($"    {one}");
            if (broken.Count > shown)
                Screen.Say($"    and {broken.Count - shown:N0} more");
        }

        var holds = found.Checks.All(check => check.Broken.Count == 0);
        Screen.Say($"{(holds ? "Every promise was kept" : "A promise was broken")}, seed {_options.Seed}. {(holds ? "" : string.Create(CultureInfo.InvariantCulture, $"Once more: ./ordersync faults --seed {_options.Seed}"))}");
        return holds;
    }
}

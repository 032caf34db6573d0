using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrderSync.Contracts.Records;
using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;
using OrderSync.Simulator.Targets;
using static OrderSync.Simulator.Replay.Screen;

namespace OrderSync.Simulator.Replay;

/// <summary>One replay from the file to the last mail, in the order in which it happens.</summary>
internal sealed class ReplayRun : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SeldomEnough = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Standstill = TimeSpan.FromMinutes(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ReplayOptions _options;
    private readonly Surroundings _where;
    private readonly Capture _capture;
    private readonly Stages _stages;
    private readonly Screen _screen;
    private readonly Outcomes _outcomes;
    private readonly Patience _patience;
    private readonly Http _gateway;
    private readonly OfficeApi _office;
    private readonly IReplayTarget _erp;

    public ReplayRun(ReplayOptions options, Surroundings where, IReadOnlyList<IReadOnlyList<SalesLine>> sales)
    {
        (_options, _where) = (options, where);
        _patience = new Patience(TimeProvider.System, TimeProvider.System.GetUtcNow() + options.Wait);
        _erp = ReplayTargets.Of(options.Into, where, _patience);
        _capture = Capture.Of(sales, options.Level, options.Currency, _erp.Tie);
        _stages = new Stages(_capture.Customers.Count, _capture.Orders.Count);
        _screen = new Screen(_stages);
        _outcomes = new Outcomes(_stages);
        _patience.Waits += _stages.Tell;
        _gateway = new Http(where.Gateway, CallTimeout);
        _office = new OfficeApi(_gateway, where.ApiKey, _patience);
    }

    /// <summary>True if every order of the file is stored, in the ERP and mailed, and the sums agree.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        Introduce();
        await LoadAsync(stop);
        await using var fleet = await OpenFleetAsync(stop);
        OfficeSummary? last = null;
        try
        {
            var work = Task.Run(
                async () =>
                {
                    await CaptureAsync(fleet, stop);
                    last = await WaitAsync(stop);
                },
                stop);
            await _screen.ShowAsync(work);
            await work;
        }
        catch (NoAnswer silence)
        {
            Say($"The time is up. {silence.Message}");
        }

        if (_options.BadLine is { } seed)
            Say($"Lines (seed {seed}): {fleet.Devices.Sum(d => d.Line!.Requests):N0} requests, {fleet.Devices.Sum(d => d.Line!.Cuts):N0} cut, {fleet.Devices.Sum(d => d.Line!.Copies):N0} delivered twice");
        if (_options.Rate is { } rate)
            Say($"{rate} orders a second, from the acknowledgement to the document in {_options.Connection}: {await Lags.ReadAsync(_office, _capture.Orders.Select(order => order.Id), _options.Connection, stop)}");
        return await JudgeAsync(last, stop);
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _erp.Dispose();
    }

    private void Introduce()
    {
        var c = _capture;
        Say($"{Path.GetFileName(_options.File)}: {c.Orders.Count:N0} orders, {c.Lines:N0} lines, {c.Customers.Count:N0} customers, {c.Items.Count:N0} items, {c.From:yyyy-MM-dd} to {c.To:yyyy-MM-dd}");
        var taxes = string.Join(", ", c.Rates.Select(rate => Invariant($"{rate.Key:0.###} % on {rate.Value:N0} lines")));
        Say($"Captured {c.Total:N2} {_options.Currency}, tax {taxes}, rounded by {(_options.Level == RoundingLevel.Line ? "line" : "document")}{(_erp.Tie == Tie.HalfEven ? ", halves to the even cent" : "")}");
        foreach (var odd in c.OddRates.Take(5))
            Say($"  {odd}");
        if (c.OddRates.Count > 5)
            Say($"  and {c.OddRates.Count - 5:N0} more lines without a round tax rate");
    }

    private async Task LoadAsync(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var taxes = _capture.Rates.Keys.Select(rate => new Tax(Capture.TaxCode(rate), Invariant($"Tax {rate:0.###} %"), rate)).ToList();
        var organisation = await _erp.SetUpAsync(new Goods(_options.Currency, _options.Level, taxes, _capture.Items.Values), stop);
        Say($"✓ ERP: {organisation.Name} has the items and taxes, {clock.Elapsed.TotalSeconds:F1} s");

        clock.Restart();
        await _office.LoadTaxesAsync(taxes, stop);
        await _office.LoadProductsAsync(_capture.Items.Values, stop);
        if (_options.AmbiguitySeconds is { } seconds)
            organisation.Settings["ambiguitySeconds"] = seconds;
        await _office.ConnectAsync(_options.Connection, _erp.Connector, ["order", "customer"], organisation.Settings, stop);
        await _office.ConnectAsync("email", "email", ["order"], new { From = "orders@ordersync.example", FromName = "OrderSync" }, stop);
        Say($"✓ Gateway: items, taxes and the connections {_options.Connection} and email, {clock.Elapsed.TotalSeconds:F1} s");
    }

    private Task<DeviceFleet> OpenFleetAsync(CancellationToken stop)
    {
        if (_options.BadLine is not null && _where.Gateway.Scheme != Uri.UriSchemeHttp)
            throw new CannotReplay("A bad line stands in front of a gateway that speaks http. Name its http address with --gateway, or leave --line bad out.");
        // Devices are a company's; the same ones again with the next replay.
        var company = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_where.ApiKey)))[..12];
        var plan = new FleetPlan(
            _where.Gateway, Path.Combine(_where.StateFolder, "devices", Invariant($"{_where.Gateway.Host}-{_where.Gateway.Port}-{company}")), _options.Devices, "Replay")
        {
            Rounding = new TaxRounding(_options.Level == RoundingLevel.Line ? "line" : "document", _erp.Tie == Tie.HalfUp ? "halfUp" : "halfEven"),
            Downloads = _options.Downloads,
            LineOf = _options.BadLine is { } seed ? FleetPlan.BadLines(seed) : static _ => null,
        };
        return DeviceFleet.OpenAsync(plan, (rep, branch) => _office.EnrolmentCodeAsync(rep, branch, stop), _patience, stop);
    }

    /// <summary>
    /// Gives the devices what they would have captured, at the wanted rate, and lets them sync: all records of a customer to the same device, in the same bytes
    /// each time.
    /// </summary>
    private async Task CaptureAsync(DeviceFleet fleet, CancellationToken stop)
    {
        var known = _capture.Customers.Concat(_capture.Orders).ToDictionary(record => record.Id);
        foreach (var one in fleet.Devices)
        {
            one.Device.Told += told =>
            {
                if (known.TryGetValue(told.Id, out var record))
                    _outcomes.Note(record, told.Verdict!);
            };
        }

        Import(_capture.Customers);
        // At a pace: as on a working day, on which the customers are known.
        if (_options.Rate is not null)
        {
            await fleet.DrainAsync(_patience, stop);
            while (!_patience.IsOver && (await _office.SummaryAsync(stop)).At(_options.Connection, "customer").OnTheWay > 0)
                await Task.Delay(AskEvery, stop);
        }

        var (captured, since) = (0, _clock.Elapsed);
        while (captured < _capture.Orders.Count)
        {
            var due = _options.Rate is { } rate ? Math.Min(_capture.Orders.Count, 1 + (int)((_clock.Elapsed - since).TotalSeconds * rate)) : _capture.Orders.Count;
            Import(_capture.Orders.Skip(captured).Take(due - captured));
            captured = due;
            await fleet.DrainAsync(_patience, stop);
            await Task.Delay(Tick, stop);
        }

        void Import(IEnumerable<CapturedRecord> records)
        {
            foreach (var share in records.GroupBy(record => (int)((uint)record.Customer.GetHashCode() % fleet.Devices.Count)))
                fleet.Devices[share.Key].Device.Import(share.Select(record => record.Bytes));
        }
    }

    /// <summary>Asks the gateway until nothing is on the way any more, nothing moves, or the time is up.</summary>
    private async Task<OfficeSummary> WaitAsync(CancellationToken stop)
    {
        var (shown, since) = ("", Stopwatch.StartNew());
        while (true)
        {
            var asked = _clock.Elapsed;
            var summary = await _office.SummaryAsync(stop);
            asked = _clock.Elapsed - asked;
            var (erp, mail) = (summary.At(_options.Connection), summary.At("email"));

            // The company may have other orders. They count as done, so that whatever is missing is looked for here.
            var others = Math.Max(0, summary.OrderCount - _outcomes.OrdersStored);
            _stages.Reached(OfThese(erp.Done, others), OfThese(mail.Done, others), erp.NeedsAttention + mail.NeedsAttention + summary.OrdersHeld);

            var onTheWay = erp.OnTheWay + mail.OnTheWay;
            if (onTheWay == 0 && Math.Min(erp.Known, mail.Known) >= _outcomes.OrdersStored)
                return summary;
            if (_stages.ToString() is var stages && stages != shown)
                (shown, since) = (stages, Stopwatch.StartNew());
            if (_patience.IsOver || (onTheWay == 0 && since.Elapsed > Standstill))
            {
                Say($"After {_clock.Elapsed.TotalMinutes:F0} minutes {erp.OnTheWay:N0} orders are on the way to the ERP and {mail.OnTheWay:N0} to the mail. They go on by themselves; the same command looks again.");
                return summary;
            }

            // The summary counts everything, so whoever watches leaves it time; but what took long may have been a gateway that was away.
            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(20 * asked.Ticks, AskEvery.Ticks, SeldomEnough.Ticks)), stop);
        }
    }

    private int OfThese(int done, int others) => Math.Clamp(done - others, 0, _outcomes.OrdersStored);

    private async Task<bool> JudgeAsync(OfficeSummary? office, CancellationToken stop)
    {
        var findings = Findings.Of(_capture, _options.Currency, _options.Connection, _stages, office, await _erp.OrdersAsync(stop));

        foreach (var sentence in _outcomes.TurnedAway())
            Say($"{sentence}");
        if (_outcomes.CustomersKnownOtherwise > 0)
            Say($"{_outcomes.CustomersKnownOtherwise:N0} customers stand at the gateway with other details than in this file");
        foreach (var problem in findings.Problems)
            Say($"✗ {problem}");
        if (_outcomes.Duplicates > 0)
            Say($"{_outcomes.Duplicates} duplicates");
        var money = "F" + (Currencies.Decimals(_options.Currency) ?? 2);
        var (captured, erp) = (_capture.Total.ToString(money, CultureInfo.InvariantCulture), findings.ErpTotal.ToString(money, CultureInfo.InvariantCulture));
        Say($"stored {_stages.OrdersStored} · in ERP {_stages.InErp} · mailed {_stages.Mailed} · attention {_stages.Attention} · captured {captured} · ERP {erp}");
        return findings.Problems.Count == 0;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

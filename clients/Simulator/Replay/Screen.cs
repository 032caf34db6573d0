using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace OrderSync.Simulator.Replay;

/// <summary>Shows the stages while the work runs: bars on a terminal, now and then a line elsewhere.</summary>
internal sealed class Screen
{
    private static readonly TimeSpan BarsEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LinesEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SameLineAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SameSentenceAgain = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly Stages _stages;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly bool _isTerminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private string _told = "";
    private TimeSpan _toldAt;

    public Screen(Stages stages)
    {
        _stages = stages;
        stages.Told += Tell;
    }

    /// <summary>Writes a line, above the bars where there are some.</summary>
    public static void Say(FormattableString text)
    {
        var line = text.ToString(CultureInfo.InvariantCulture);
        if (Console.IsOutputRedirected)
            Console.WriteLine(line);
        else
            AnsiConsole.WriteLine(line);
    }

    /// <summary>Shows until the work is done; its failure is the caller's.</summary>
    public Task ShowAsync(Task work) => _isTerminal ? ShowBarsAsync(_stages, work) : ShowLinesAsync(work);

    private void Tell(string sentence)
    {
        lock (_lock)
        {
            if (sentence == _told && _clock.Elapsed - _toldAt < SameSentenceAgain)
                return;
            (_told, _toldAt) = (sentence, _clock.Elapsed);
        }

        Say($"{sentence} Trying again.");
    }

    private static Task ShowBarsAsync(Stages stages, Task work) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
        .StartAsync(async screen =>
        {
            var customers = screen.AddTask("Customers", maxValue: Math.Max(1, stages.Customers));
            var orders = screen.AddTask("Stored", maxValue: stages.Orders);
            var erp = screen.AddTask("In the ERP", maxValue: stages.Orders);
            var mail = screen.AddTask("Mailed", maxValue: stages.Orders);
            var attention = screen.AddTask("Need attention", maxValue: stages.Orders);
            void Draw()
            {
                Set(customers, "Customers", stages.CustomersStored, stages.Customers);
                Set(orders, "Stored", stages.OrdersStored, stages.Orders);
                Set(erp, "In the ERP", stages.InErp, stages.Orders);
                Set(mail, "Mailed", stages.Mailed, stages.Orders);
                Set(attention, "Need attention", stages.Attention, stages.Orders);
            }

            while (!work.IsCompleted)
            {
                Draw();
                await Task.WhenAny(work, Task.Delay(BarsEvery));
            }

            Draw();
            foreach (var bar in new[] { customers, orders, erp, mail, attention })
                bar.StopTask();
        });

    private static void Set(ProgressTask bar, string name, int value, int of)
    {
        bar.Description = FormattableString.Invariant($"{name,-14} {value,6:N0} of {of:N0}");
        bar.Value = value;
    }

    private async Task ShowLinesAsync(Task work)
    {
        var (shown, at) = ("", TimeSpan.Zero);
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(LinesEvery));
            var line = _stages.ToString();
            if (line == shown && _clock.Elapsed - at < SameLineAgain)
                continue;
            (shown, at) = (line, _clock.Elapsed);
            Say($"{at.TotalSeconds,5:F0} s  {line}");
        }
    }
}

using System.Globalization;
using OrderSync.Device;
using OrderSync.Simulator.Replay;
using Spectre.Console;

namespace OrderSync.Simulator.Demo;

/// <summary>Shows the board while the demo runs: a table on a terminal, a line for each thing that happens elsewhere.</summary>
internal sealed class DemoScreen
{
    private const int NarrowestTable = 90;
    private const int LastSentences = 6;
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(150);
    private static readonly (Stage Stage, string Name)[] Places =
        [(Stage.Device, "Device"), (Stage.Gateway, "Gateway"), (Stage.Queue, "Queue"), (Stage.Erp, "Zoho"), (Stage.Mail, "Mail")];

    private readonly Queue<string> _said = new();
    private readonly Board _board;

    /// <summary>Hears of everything from now on.</summary>
    public DemoScreen(Board board)
    {
        _board = board;
        board.Happened += Note;
    }

    /// <summary>Shows until the work is done; its failure is the caller's.</summary>
    public async Task ShowAsync(Task work)
    {
        if (!IsTable)
        {
            await Task.WhenAny(work);
            return;
        }

        await AnsiConsole.Live(Draw()).AutoClear(false).StartAsync(async screen =>
        {
            while (!work.IsCompleted)
            {
                await Task.WhenAny(work, Task.Delay(DrawEvery));
                screen.UpdateTarget(Draw());
            }
        });
    }

    private static bool IsTable => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi && AnsiConsole.Profile.Width >= NarrowestTable;

    private void Note(TimeSpan at, string sentence)
    {
        if (!IsTable)
        {
            Screen.Say($"{at.TotalSeconds,5:F1} s  {sentence}");
            return;
        }

        lock (_said)
        {
            _said.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,5:F1} s  {sentence}"));
            if (_said.Count > LastSentences)
                _said.Dequeue();
        }
    }

    private Rows Draw()
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("From").AddColumn("Record").AddColumn(new TableColumn("Amount").RightAligned());
        foreach (var (_, name) in Places)
            table.AddColumn(name);
        foreach (var track in _board.Tracks)
            table.AddRow([new Text(track.Device), new Text(track.Number is { } number ? $"{track.Kind} {number}" : track.Kind),
                new Text(track.Amount?.ToString("N2", CultureInfo.InvariantCulture) ?? ""), .. Places.Select(place => Cell(track, place.Stage))]);

        string[] sentences;
        lock (_said)
            sentences = [.. _said];
        return new Rows([table, .. _board.Strips.Select(strip => Strip(strip.Device, strip.State)), Text.Empty, .. sentences.Select(sentence => new Text(sentence))]);
    }

    private static Text Cell(Track track, Stage stage) => track switch
    {
        _ when !track.Goes(stage) => new Text("–", Color.Grey),
        _ when track.Reached(stage) is { } at => new Text(string.Create(CultureInfo.InvariantCulture, $"✓ {at.TotalSeconds:F1} s"), Color.Green),
        { Trouble: not null } when stage == Next(track) => new Text("needs a person", Color.Red),
        _ when stage == Next(track) => new Text("…", Color.Yellow),
        _ => new Text(""),
    };

    private static Stage Next(Track track) => Enum.GetValues<Stage>().First(stage => track.Goes(stage) && track.Reached(stage) is null);

    private static Text Strip(string device, SyncState state) => new Text($"{device}: {state}", state.Attention > 0 ? Color.Red : state.Activity == SyncActivity.Offline ? Color.Yellow : Color.Green);
}

using System.Diagnostics;
using System.Globalization;

namespace OrderSync.AppHost.Local;

/// <summary>What people see while things start: one line for each thing done, with its time; plain text when it is not a terminal.</summary>
internal sealed class Screen(TextWriter output, bool terminal)
{
    private const int NameWidth = 16;
    private const int DetailWidth = 34;

    private readonly Lock turn = new();
    private readonly Stopwatch sinceStart = Stopwatch.StartNew();
    private string working = "";

    public static Screen OfConsole { get; } = new(Console.Out, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"));

    public TimeSpan Elapsed => sinceStart.Elapsed;

    public void Line(string text = "")
    {
        lock (turn)
        {
            Clear();
            output.WriteLine(text);
            output.Flush();
        }
    }

    public void Done(string name, string detail, double? seconds) =>
        Line($"  {Colour(32, "✓")} {name,-NameWidth} {detail,-DetailWidth} {(seconds is { } known ? Seconds(known) : ""),8}".TrimEnd());

    public void Failed(string name, string detail) => Line($"  {Colour(31, "✗")} {name,-NameWidth} {detail}");

    /// <summary>What is being waited for; replaced by the next line, and left out where lines cannot be replaced.</summary>
    public void Working(string text)
    {
        lock (turn)
        {
            if (!terminal || text == working)
                return;
            Clear();
            var room = Math.Max(20, Width() - 4);
            working = text;
            output.Write($"  … {(text.Length > room ? text[..room] : text)}");
            output.Flush();
        }
    }

    public string Bold(string text) => Colour(1, text);

    public string Colour(int code, string text) =>
        terminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "" ? $"\e[{code}m{text}\e[0m" : text;

    public static string Count(int count, string thing) =>
        count == 1 ? $"1 {thing}" : $"{count} {thing}{(thing.EndsWith('s') ? "es" : "s")}";

    public static string Seconds(double seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60} min {(int)seconds % 60} s");

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }

    private void Clear()
    {
        if (working.Length > 0)
            output.Write("\r\e[K");
        working = "";
    }
}

using System.Globalization;
using System.Text.Json;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>`./ordersync status`: each part's state, process, address, age, restarts and trouble.</summary>
internal static class ShowStatus
{
    private const int NotUp = 3;

    public static async Task<int> RunAsync(string folder, bool json, bool watch, CancellationToken stop)
    {
        if (json)
            return ShowJson(folder);
        if (!watch)
            return Show(Console.Out, folder);
        while (!stop.IsCancellationRequested)
        {
            // Written at once after clearing, so that it does not flicker.
            var page = new StringWriter();
            Show(page, folder);
            Console.Write(Console.IsOutputRedirected ? $"{page}\n" : $"\e[H\e[2J{page}");
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), stop));
        }
        return 0;
    }

    private static int ShowJson(string folder)
    {
        var status = Status.ReadLive(folder);
        Console.WriteLine(JsonSerializer.Serialize(new { Up = status?.Phase == Phase.Up, State = folder, status?.Pid, status?.Phase, Parts = status?.Parts ?? [] }, Files.Json));
        return status is null ? NotUp : 0;
    }

    private static int Show(TextWriter output, string folder)
    {
        if (Status.ReadLive(folder) is not { } status)
        {
            output.WriteLine("Nothing runs. Start it with ./ordersync up");
            return NotUp;
        }
        output.WriteLine($"{status.Phase switch { Phase.Up => "Up", Phase.Starting => "Starting", Phase.Failed => "Failed", _ => "Stopping" }} for {Age(status.Since)} (process {status.Pid})");
        output.WriteLine();
        output.WriteLine($"{"PART",-16} {"STATE",-11} {"PID",-8} {"UP",-9} {"RESTARTS",-9} ADDRESS");
        foreach (var part in status.Parts)
        {
            var state = JsonNamingPolicy.CamelCase.ConvertName(part.State.ToString());
            var age = part.Pid is not null && part.Since is { } since ? Age(since) : "";
            output.WriteLine($"{part.Name,-16} {state,-11} {part.Pid,-8} {age,-9} {part.Restarts,-9} {part.Url}{(part.Trouble is null || part.State == PartState.Healthy ? "" : $"  {part.Trouble}")}".TrimEnd());
        }
        return 0;
    }

    private static string Age(DateTimeOffset since)
    {
        var age = DateTimeOffset.UtcNow - since;
        return age.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s")
            : age.TotalHours < 1 ? $"{age.Minutes} min"
            : age.TotalDays < 1 ? $"{age.Hours} h {age.Minutes} m"
            : $"{age.Days} d {age.Hours} h";
    }
}

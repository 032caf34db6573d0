
namespace OrderSync.AppHost.Local.Verbs;

/// <summary>`./ordersync logs [PART] [-f]`: the end of one log, or of all, and what is added to them.</summary>
internal static class ShowLogs
{
    private const int LinesOfOne = 200;
    private const int LinesOfEach = 10;

    public static async Task<int> RunAsync(string folder, string? part, bool follow, CancellationToken stop)
    {
        var logs = Path.Combine(folder, "logs");
        var all = Directory.Exists(logs)
            ? Directory.GetFiles(logs, "*.log").ToDictionary(file => Path.GetFileNameWithoutExtension(file)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList()
            : [];
        var chosen = all.Where(log => part is null || log.Key == part).ToList();
        if (chosen.Count == 0)
        {
            await Console.Error.WriteLineAsync(all.Count == 0 ? "There are no logs yet." : $"There is no log of '{part}'. Logs: {string.Join(", ", all.Select(log => log.Key))}.");
            return 1;
        }

        var width = chosen.Max(log => log.Key.Length);
        Dictionary<string, long> read = [];
        foreach (var (name, file) in chosen)
        {
            read[file] = Length(file);
            foreach (var line in File.ReadLines(file).TakeLast(part is null ? LinesOfEach : LinesOfOne))
                Show(name, line);
        }
        while (follow && !stop.IsCancellationRequested)
        {
            foreach (var (name, file) in chosen)
                read[file] = await ShowNewAsync(file, read[file], line => Show(name, line), stop);
            await Task.WhenAny(Task.Delay(300, stop));
        }
        return 0;

        void Show(string name, string line) => Console.WriteLine(part is null ? $"{name.PadRight(width)} | {line}" : line);
    }

    /// <summary>Whole lines only; a log that was emptied is read from its beginning.</summary>
    private static async Task<long> ShowNewAsync(string file, long from, Action<string> show, CancellationToken stop)
    {
        if (!File.Exists(file))
            return 0;
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = from = stream.Length < from ? 0 : from;
        var added = new byte[Math.Min(stream.Length - from, 1_000_000)];
        await stream.ReadExactlyAsync(added, stop);
        var end = Array.LastIndexOf(added, (byte)'\n') + 1;
        foreach (var line in System.Text.Encoding.UTF8.GetString(added, 0, end).Split('\n').SkipLast(1))
            show(line);
        return from + end;
    }

    private static long Length(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return stream.Length;
    }
}

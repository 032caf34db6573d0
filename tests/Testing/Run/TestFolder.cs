using System.Globalization;
using OrderSync.AppHost.Local.Servers;

namespace OrderSync.Testing.Run;

/// <summary>
/// A folder for what this process starts: beneath the runner's when there is one, which ends all of it. What processes that were killed
/// left behind is swept by the next one.
/// </summary>
public static class TestFolder
{
    /// <summary>Tells test processes the folder of their runner.</summary>
    internal const string Variable = "ORDERSYNC_TEST_FOLDER";

    // Not in the temporary folder of the system, which is often memory: fsync would then cost nothing.
    private static readonly string All = $"/var/tmp/ordersync-tests-{Environment.UserName}";

    private static readonly Lazy<string> Mine = new(Create);

    /// <summary>The folder, which is also the state tag of the servers in it.</summary>
    public static string Path => Mine.Value;

    /// <summary>Where programs are kept that are installed once.</summary>
    public static string Tools => Directory.CreateDirectory(System.IO.Path.Combine(All, "tools")).FullName;

    /// <summary>A new folder in it.</summary>
    public static string Create(string name) => MakeReachable(System.IO.Path.Combine(Path, $"{name}-{Guid.NewGuid():N}"));

    /// <summary>Ends what is left of this run and removes its folder.</summary>
    internal static async Task RemoveAsync()
    {
        if (Mine.IsValueCreated)
            await RemoveAsync(Path);
    }

    private static string Create()
    {
        var above = Environment.GetEnvironmentVariable(Variable);
        if (above is null)
        {
            above = MakeReachable(All);
            foreach (var folder in Directory.GetDirectories(All, "run-*").Where(folder => !IsAlive(folder)))
                RemoveAsync(folder).GetAwaiter().GetResult();
        }
        var mine = MakeReachable(System.IO.Path.Combine(above, $"run-{Environment.ProcessId}-{StartOf(Environment.ProcessId)}"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveAsync(mine).GetAwaiter().GetResult();
        return mine;
    }

    /// <summary>As root PostgreSQL runs under its own account and must get to its folder, whatever our umask.</summary>
    private static string MakeReachable(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private static async Task RemoveAsync(string folder)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Leftovers.EndOfFolderAsync(folder, patience.Token);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process swept it at the same moment.
        }
    }

    private static bool IsAlive(string folder) =>
        System.IO.Path.GetFileName(folder).Split('-') is [_, var id, var start]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && StartOf(process) == start;

    /// <summary>When a process began, in ticks since boot: with its number it is never reused.</summary>
    private static string? StartOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace OrderSync.Email.Printing;

/// <summary>What the processes of a browser hold in memory, so that one that grows can be replaced. Linux only; elsewhere nothing is seen.</summary>
internal static class BrowserMemory
{
    /// <summary>Megabytes held by browsers that this process started, in whatever generation; 0 where it cannot be told.</summary>
    public static int Megabytes()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        long bytes = 0;
        foreach (var process in Process.GetProcesses())
            using (process)
                if (process.ProcessName.StartsWith("chrom", StringComparison.Ordinal) && IsOurs(process.Id))
                    bytes += OwnBytes(process.Id);
        return (int)(bytes / (1024 * 1024));
    }

    private static bool IsOurs(int process)
    {
        for (var parent = ParentOf(process); parent > 1; parent = ParentOf(parent))
            if (parent == Environment.ProcessId)
                return true;
        return false;
    }

    private static int ParentOf(int process) =>
        Read($"/proc/{process}/stat") is { } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    // Without what processes share, which would count once for each of them: resident less shared pages.
    private static long OwnBytes(int process) =>
        Read($"/proc/{process}/statm") is { } pages && pages.Split(' ') is [_, var resident, var shared, ..]
            ? (long.Parse(resident, CultureInfo.InvariantCulture) - long.Parse(shared, CultureInfo.InvariantCulture)) * Environment.SystemPageSize
            : 0;

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}

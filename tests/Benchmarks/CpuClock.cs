using System.Globalization;

namespace OrderSync.Benchmarks;

/// <summary>Processor time used so far by each side, in seconds.</summary>
internal readonly record struct CpuReading(double Gateway, double Postgres, double Generator)
{
    public double All => Gateway + Postgres + Generator;

    public static CpuReading operator -(CpuReading later, CpuReading earlier) =>
        new(later.Gateway - earlier.Gateway, later.Postgres - earlier.Postgres, later.Generator - earlier.Generator);

    public static CpuReading operator +(CpuReading one, CpuReading other) =>
        new(one.Gateway + other.Gateway, one.Postgres + other.Postgres, one.Generator + other.Generator);

    public static CpuReading operator /(CpuReading whole, double by) => new(whole.Gateway / by, whole.Postgres / by, whole.Generator / by);
}

/// <summary>Reads the kernel's own count of processor time: it does not depend on what else the machine does.</summary>
internal static class CpuClock
{
    private const double TicksPerSecond = 100;

    /// <summary>Gateway, PostgreSQL with all its processes, and this process.</summary>
    public static CpuReading Read(int gateway, int postmaster) => new(Own(Stat(gateway)), PostgresSeconds(postmaster), Environment.CpuUsage.TotalTime.TotalSeconds);

    /// <summary>One process.</summary>
    public static double Of(int process) => Own(Stat(process));

    /// <summary>The most memory a process has held since <see cref="ForgetPeak"/>, in MB.</summary>
    public static double PeakMemory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Starts the peak anew.</summary>
    public static void ForgetPeak(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    /// <summary>PostgreSQL. Its sessions are children; what those that have ended used is in the parent's own count of children.</summary>
    public static double PostgresSeconds(int postmaster)
    {
        var parent = Stat(postmaster);
        var seconds = Own(parent) + ((Number(parent, 13) + Number(parent, 14)) / TicksPerSecond);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
                continue;
            if (TryStat(process) is { } stat && Number(stat, 1) == postmaster)
                seconds += Own(stat);
        }

        return seconds;
    }

    private static double Own(string[] stat) => (Number(stat, 11) + Number(stat, 12)) / TicksPerSecond;

    private static long Number(string[] stat, int field) => long.Parse(stat[field], CultureInfo.InvariantCulture);

    private static string[] Stat(int process) => TryStat(process) ?? throw new InvalidOperationException($"Process {process} has ended.");

    // Fields after the name, which may hold blanks: 0 is the state, 1 the parent, 11 to 14 the times.
    private static string[]? TryStat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

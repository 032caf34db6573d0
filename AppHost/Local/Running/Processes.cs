using System.Runtime.InteropServices;
using System.Text;

namespace OrderSync.AppHost.Local.Running;

/// <summary>Processes of this machine, seen from outside.</summary>
internal static class Processes
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>All processes that belong to a state folder, ourselves and whoever called us excepted.</summary>
    public static IReadOnlyList<int> Of(string folder)
    {
        var callers = Callers();
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id => id > 1 && !callers.Contains(id) && BelongsTo(id, folder))];
    }

    /// <summary>True when the process carries the mark of the folder or has it in its arguments.</summary>
    public static bool BelongsTo(int id, string folder)
    {
        try
        {
            return !IsZombie(id)
                && (HasVariable(File.ReadAllBytes($"/proc/{id}/environ"), $"{StateFolder.Mark}={folder}")
                    || Mentions(Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline")), folder)
                    || IsPostgresIn(id, folder));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to another user and so not to us.
            return false;
        }
    }

    public static void Signal(int id, int signal) => _ = SendSignal(id, signal);

    /// <summary>A path is meant only if it ends there: /x/.ordersync is not in /x/.ordersync-2.</summary>
    internal static bool Mentions(string text, string folder)
    {
        for (var at = text.IndexOf(folder, StringComparison.Ordinal); at >= 0; at = text.IndexOf(folder, at + 1, StringComparison.Ordinal))
            if (at + folder.Length == text.Length || text[at + folder.Length] is '/' or '\0' or ' ' or ':' or ',' or ';' or '"' or '\'')
                return true;
        return false;
    }

    private static bool HasVariable(ReadOnlySpan<byte> environment, string assignment)
    {
        var wanted = Encoding.UTF8.GetBytes(assignment);
        foreach (var range in environment.Split((byte)0))
            if (environment[range].SequenceEqual(wanted))
                return true;
        return false;
    }

    /// <summary>PostgreSQL's own children write their title over their environment; they stay in the data folder, though.</summary>
    private static bool IsPostgresIn(int id, string folder) =>
        File.ReadAllText($"/proc/{id}/comm").Trim() == "postgres"
        && new FileInfo($"/proc/{id}/cwd").LinkTarget is { } home && Mentions(home, folder);

    private static HashSet<int> Callers()
    {
        HashSet<int> callers = [];
        for (var id = Environment.ProcessId; id > 1 && callers.Add(id);)
            id = ParentOf(id);
        return callers;
    }

    // The name in parentheses may hold anything; what follows it is "state parent …".
    private static string[] Stat(int id) => File.ReadAllText($"/proc/{id}/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : [];

    private static int ParentOf(int id) => int.TryParse(Stat(id)[1], out var parent) ? parent : 0;

    private static bool IsZombie(int id) => Stat(id)[0] is "Z" or "X";

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int id, int signal);
}

using System.Text;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>Finds and ends what an earlier run that was killed has left running.</summary>
public static class Leftovers
{
    /// <summary>Processes whose environment carries this state tag, ourselves excepted.</summary>
    public static IReadOnlyList<int> OfState(string stateTag) => With(ServerProcess.StateVariable, stateTag);

    /// <summary>Ends every process of a server folder, or of server folders beneath it, and waits until it is gone.</summary>
    public static Task EndOfFolderAsync(string folder, CancellationToken stop) =>
        EndAsync(() => [.. With(ServerProcess.FolderVariable, folder, orBeneath: true), .. PostgresIn(folder)], stop);

    /// <summary>Ends every process that carries this state tag and waits until it is gone.</summary>
    public static Task EndOfStateAsync(string stateTag, CancellationToken stop) => EndAsync(() => OfState(stateTag), stop);

    private static async Task EndAsync(Func<IReadOnlyList<int>> find, CancellationToken stop)
    {
        while (find() is { Count: > 0 } left)
        {
            foreach (var id in left)
                _ = ServerProcess.SendSignal(id, ServerProcess.Kill);
            await Task.Delay(20, stop);
        }
    }

    private static List<int> With(string variable, string value, bool orBeneath = false)
    {
        // Variables are separated by zero bytes; one more in front makes the first like the others.
        var wanted = Encoding.UTF8.GetBytes($"\0{variable}={value}");
        return Processes(process =>
        {
            byte[] environment = [0, .. File.ReadAllBytes(Path.Combine(process, "environ"))];
            var at = environment.AsSpan().IndexOf(wanted);
            return at >= 0 && environment[at + wanted.Length] is var next && (next == 0 || (orBeneath && next == '/'));
        });
    }

    /// <summary>PostgreSQL's own children write their title over their environment; they stay in the data folder, though.</summary>
    private static List<int> PostgresIn(string folder) => Processes(process =>
        File.ReadAllText(Path.Combine(process, "comm")).Trim() == "postgres"
        && Directory.ResolveLinkTarget(Path.Combine(process, "cwd"), false)?.FullName.StartsWith(folder + "/", StringComparison.Ordinal) == true);

    private static List<int> Processes(Func<string, bool> wanted)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id) || id == Environment.ProcessId)
                continue;
            try
            {
                if (wanted(folder) && !IsZombie(folder))
                    found.Add(id);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked, or it belongs to somebody else.
            }
        }
        return found;
    }

    private static bool IsZombie(string folder) =>
        File.ReadAllText(Path.Combine(folder, "stat")) is var stat && stat[(stat.LastIndexOf(')') + 2)..].StartsWith('Z');
}

using System.Globalization;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>Only one `up` at a time prepares a state folder; a file beside the lock says who, so that `down` can end it.</summary>
internal sealed class Turn : IDisposable
{
    private readonly FileStream file;

    private Turn(FileStream file) => this.file = file;

    /// <summary>Null when somebody else has it. The lock ends with its process, however that ends.</summary>
    public static Turn? TryTake(string folder)
    {
        try
        {
            var file = new FileStream(LockIn(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Files.WritePrivate(HolderIn(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new Turn(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The process that has the turn now.</summary>
    public static int? Holder(string folder)
    {
        try
        {
            // Whoever holds it has it locked, so that it can be opened only when nobody does.
            using var free = new FileStream(LockIn(folder), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return ReadHolder(folder);
        }
    }

    public void Dispose() => file.Dispose();

    private static int? ReadHolder(string folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderIn(folder)), out var id) ? id : null;
        }
        catch (FileNotFoundException)
        {
            // Locked, and not yet said by whom.
            return null;
        }
    }

    private static string LockIn(string folder) => Path.Combine(folder, "up.lock");

    private static string HolderIn(string folder) => Path.Combine(folder, "up.pid");
}

using System.Globalization;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>Only one `up` at a time prepares a state folder; the file says who, so that `down` can end it.</summary>
internal sealed class Turn : IDisposable
{
    private readonly FileStream file;

    private Turn(FileStream file) => this.file = file;

    /// <summary>Null when somebody else has it. The lock ends with its process, however that ends.</summary>
    public static Turn? TryTake(string folder)
    {
        try
        {
            var file = new FileStream(FileIn(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // In a file of its own: what is locked cannot be read by others.
            File.WriteAllText(HolderIn(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
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
        if (!File.Exists(FileIn(folder)))
            return null;
        var holder = File.Exists(HolderIn(folder)) && int.TryParse(File.ReadAllText(HolderIn(folder)), out var id) ? id : (int?)null;
        if (TryTake(folder) is not { } free)
            return holder;
        free.Dispose();
        return null;
    }

    public void Dispose() => file.Dispose();

    private static string HolderIn(string folder) => Path.Combine(folder, "up.pid");

    private static string FileIn(string folder) => Path.Combine(folder, "up.lock");
}

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
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
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
        if (TryTake(folder) is { } free)
        {
            free.Dispose();
            return null;
        }
        using var reader = new StreamReader(new FileStream(FileIn(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return int.TryParse(reader.ReadToEnd(), out var id) ? id : null;
    }

    public void Dispose() => file.Dispose();

    private static string FileIn(string folder) => Path.Combine(folder, "up.lock");
}

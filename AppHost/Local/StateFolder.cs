using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OrderSync.AppHost.Local;

/// <summary>
/// Where a checkout keeps what it makes while it runs: data, logs, ports, secrets. The only place that knows the rule:
/// `.ordersync` in the checkout, or a folder under /var/tmp for root and for a checkout others cannot enter
/// (PostgreSQL refuses root, runs as another user then, and must reach its files).
/// </summary>
internal static class StateFolder
{
    /// <summary>Names another folder, for who wants it elsewhere.</summary>
    public const string Variable = "ORDERSYNC_FOLDER";

    /// <summary>Every process we start has this set to the folder it belongs to: so it is found, whatever became of us.</summary>
    public const string Mark = "ORDERSYNC_STATE";

    public static string Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? Path.GetFullPath(given) : For(Checkout(), UserId());

    public static string For(string checkout, uint user) =>
        user != 0 && OthersCanEnter(checkout)
            ? Path.Combine(checkout, ".ordersync")
            : $"/var/tmp/ordersync-{user}-{Hash(checkout)}";

    /// <summary>The file with addresses and credentials of what runs now; it is there only while everything is up.</summary>
    public static string RunningFile(string folder) => Path.Combine(folder, "ordersync.json");

    /// <summary>The folder with the solution, looked for upwards from the program that is running.</summary>
    public static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrderSync.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"OrderSync.sln is in no folder above {AppContext.BaseDirectory}. Set {Variable} to the state folder.");
    }

    /// <summary>Makes the folder, closed for others except to pass through, or says why it cannot be ours.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The local parts run on Linux and macOS.");
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(folder, mode);
        try
        {
            File.SetUnixFileMode(folder, mode);
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{folder} belongs to another user. Remove it, or set {Variable} to a folder of your own.");
        }
    }

    /// <summary>Makes a folder that only its owner can enter.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The local parts run on Linux and macOS.");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool OthersCanEnter(string path)
    {
        if (OperatingSystem.IsWindows())
            return true;
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
            if (!folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        return true;
    }

    /// <summary>The same for a path always, and most likely another one for another path.</summary>
    public static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..8];

    private static uint UserId() => OperatingSystem.IsWindows() ? 1 : GetEffectiveUserId();

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUserId();
}

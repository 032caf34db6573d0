using System.Diagnostics;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>Programs of the machine that set a server up.</summary>
internal static class Tool
{
    /// <summary>The full path of a program on the PATH or in the folders where Debian keeps servers; null when it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>The full path, or a failure that names the package to install.</summary>
    public static string Require(string name, string package) =>
        Find(name) ?? throw new InvalidOperationException($"{name} is not installed. Run: apt-get install {package}");

    /// <summary>Writes a file that only our own account can read.</summary>
    public static async Task WritePrivateAsync(string path, string text, CancellationToken stop)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync(text.AsMemory(), stop);
    }

    /// <summary>
    /// Runs a program to its end and answers its output; a non-zero exit is a failure with what it printed. In a session of its own: Ctrl-C is ours to act on.
    /// </summary>
    public static async Task<string> RunAsync(string folder, IEnumerable<string> command, CancellationToken stop, IReadOnlyDictionary<string, string>? environment = null)
    {
        var words = command.ToList();
        var start = new ProcessStartInfo("setsid", words)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', words)} ended with code {process.ExitCode}.{Environment.NewLine}{await output}{await errors}");
        return await output;
    }
}

namespace OrderSync.Email.Printing;

/// <summary>Settings of the browser that prints, section <c>Chromium</c>.</summary>
internal sealed class ChromiumOptions
{
    public const string Section = "Chromium";

    /// <summary>The browser's program; unset = Debian's headless shell, else its chromium.</summary>
    public string? Path { get; set; }

    /// <summary>Whether Chromium shuts itself in; unset = unless we run as root, where it cannot.</summary>
    public bool? Sandbox { get; set; }

    /// <summary>Documents after which a fresh browser takes over, so that no leak lasts.</summary>
    public int DocumentsPerBrowser { get; set; } = 500;

    /// <summary>Megabytes from which on a fresh browser takes over; looked at after every 25 documents.</summary>
    public int MaxMegabytes { get; set; } = 800;

    /// <summary>Documents printed at the same time.</summary>
    public int Concurrency { get; set; } = 2;

    /// <summary>Longest time one document may take before its browser is given up.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    private static readonly string[] Known = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    /// <summary>Null when good.</summary>
    public string? WhyNot() =>
        !File.Exists(Program()) ? $"Path: there is no browser at {Program()}. Install chromium-headless-shell, or set the path of a Chromium"
        : DocumentsPerBrowser < 1 ? "DocumentsPerBrowser must be at least 1"
        : MaxMegabytes < 50 ? "MaxMegabytes must be at least 50"
        : Concurrency is < 1 or > 32 ? "Concurrency must lie between 1 and 32"
        : null;

    /// <summary>The program to start.</summary>
    public string Program() => Path ?? Known.FirstOrDefault(File.Exists) ?? Known[0];

    /// <summary>Whether the browser's own sandbox is used.</summary>
    public bool Sandboxed() => Sandbox ?? Environment.UserName != "root";
}

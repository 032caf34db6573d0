using System.Diagnostics;
using OrderSync.AppHost.Local.Servers;

namespace OrderSync.AppHost.Local;

/// <summary>
/// Sees to it that the programs we run are on the machine: as root or by sudo it installs them from Debian, otherwise it says how to.
/// Used by `./ordersync up` and `./ordersync test`.
/// </summary>
internal static class Install
{
    /// <summary>Its name has its version in it, which differs from release to release.</summary>
    private const string Icu = "'^libicu[0-9]+$'";

    private static readonly (string Package, Func<bool> IsThere)[] Needs =
    [
        ("ca-certificates", () => File.Exists("/etc/ssl/certs/ca-certificates.crt")),
        (Icu, () => HasLibrary("libicuuc.so")),
        ("postgresql", () => Directory.Exists("/usr/lib/postgresql") && Directory.EnumerateFiles("/usr/lib/postgresql", "initdb", SearchOption.AllDirectories).Any()
            || IsOnPath("initdb")),
        ("rabbitmq-server", () => File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server") || IsOnPath("rabbitmq-server")),
        ("redis-server", () => IsOnPath("redis-server") || IsOnPath("garnet-server")),
        ("chromium-headless-shell", () => IsOnPath("chromium-headless-shell") || IsOnPath("chromium")),
        ("fonts-noto-core", () => Directory.Exists("/usr/share/fonts/truetype/noto")),
        // Chinese, Japanese and Korean; a tenth of the size of Noto's.
        ("fonts-droid-fallback", () => Directory.Exists("/usr/share/fonts/truetype/droid") || Directory.Exists("/usr/share/fonts/opentype/noto")),
        // The demo reads the PDFs that were mailed.
        ("poppler-utils", () => IsOnPath("pdftotext") && IsOnPath("pdfinfo")),
        ("nodejs", () => IsOnPath("node")),
        ("npm", () => IsOnPath("npm")),
    ];

    /// <summary>What only tests run: they generate money again.</summary>
    private static readonly (string Package, Func<bool> IsThere)[] NeedsOfTests =
    [
        ("python3", () => IsOnPath("python3")),
    ];

    /// <summary>A real ERP to write into: for the tests that CI runs, and for who asks for it.</summary>
    private static readonly (string Package, Func<bool> IsThere)[] NeedsOfTryton =
    [
        .. TrytonDatabase.Packages.Select(package => (package, (Func<bool>)(() => File.Exists($"/var/lib/dpkg/info/{package}.list")))),
    ];

    /// <summary>Debian packages that are missing.</summary>
    /// <param name="tests">Those that only tests need, too.</param>
    /// <param name="tryton">Those of Tryton, too.</param>
    public static IReadOnlyList<string> Missing(bool tests = false, bool tryton = false) =>
        [.. Needs.Concat(tests ? NeedsOfTests : []).Concat(tryton ? NeedsOfTryton : []).Where(need => !need.IsThere()).Select(need => need.Package)];

    /// <summary>A package's name as people say it.</summary>
    public static string Plain(string package) => package == Icu ? "libicu" : package;

    /// <summary>Null when everything is there now, else what a person has to do.</summary>
    public static async Task<string?> RunAsync(IReadOnlyList<string> packages, string log, Action<string> progress, CancellationToken stop)
    {
        if (packages.Count == 0)
            return null;
        var byHand = $"apt-get install --no-install-recommends {string.Join(' ', packages)}";
        if (!IsOnPath("apt-get"))
            return $"These programs are missing (Debian's package names): {string.Join(", ", packages)}. Install them with your system's own tool.";
        if (!Environment.IsPrivilegedProcess && !await SudoWorksAsync(stop))
            return $"Run this once, then try again:{Environment.NewLine}{Environment.NewLine}    sudo {byHand}{Environment.NewLine}";

        // In a session of its own: Ctrl-C must not cut the package tool off in the middle of a package.
        var command = new List<string> { "setsid", "--wait", "sh", "-c", Script, "sh" };
        command.AddRange(packages.Select(package => package.Trim('\'')));
        if (!Environment.IsPrivilegedProcess)
            command.InsertRange(0, ["sudo", "-n"]);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        await using var copy = new StreamWriter(log, append: false) { AutoFlush = true };
        List<string> last = [];
        await using var asked = stop.Register(() =>
        {
            progress("the package in work is finished first");
            Process.Start("kill", ["-TERM", $"{process.Id}"]).Dispose();
        });
        // Read to the end even when asked to stop: whoever writes must not wait for us.
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            await copy.WriteLineAsync(line);
            last.Add(line);
            if (line.StartsWith("Setting up ", StringComparison.Ordinal))
                progress(line["Setting up ".Length..].Split(' ')[0]);
        }
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        if (process.ExitCode == 0 && !Missing(tests: true, tryton: true).Intersect(packages).Any())
            return null;
        return $"{byHand} did not work (exit code {process.ExitCode}, log {log}):{Environment.NewLine}{string.Join(Environment.NewLine, last.TakeLast(15))}";
    }

    /// <summary>
    /// Fetching can be cut off at any moment, installing only between two packages: half of one would be left otherwise.
    /// While it installs, no package may start a service of its own; what was running before is left alone. Services that came with
    /// these packages are switched off, so that they do not start with the machine either.
    /// </summary>
    private const string Script = """
        exec 2>&1
        export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 LC_ALL=C.UTF-8
        policy=/usr/sbin/policy-rc.d
        if [ ! -e $policy ]; then
            trap 'rm -f $policy' EXIT
            printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy
        fi
        stop= fetching=
        trap 'stop=1; [ -z "$fetching" ] || { kill $fetching; wait $fetching; }' TERM
        fetch() { "$@" & fetching=$!; wait $fetching; result=$?; fetching=; [ -z "$stop" ] || exit 143; return $result; }
        dpkg --configure -a &&
        fetch apt-get update -q -o Acquire::Retries=3 &&
        fetch apt-get install -y -q --no-install-recommends --download-only -o Acquire::Retries=3 "$@" || exit
        for package in "$@"; do
            apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 "$package" || exit
            case $package in
                postgresql) services=postgresql ;;
                redis-server) services=redis-server ;;
                rabbitmq-server) services="rabbitmq-server epmd.service epmd.socket" ;;
                *) services= ;;
            esac
            [ -z "$services" ] || ! command -v systemctl >/dev/null || systemctl disable $services
            [ -z "$stop" ] || exit 143
        done
        exit 0
        """;

    private static async Task<bool> SudoWorksAsync(CancellationToken stop)
    {
        if (!IsOnPath("sudo"))
            return false;
        using var sudo = Process.Start(new ProcessStartInfo("sudo", ["-n", "true"]) { RedirectStandardError = true })!;
        await sudo.WaitForExitAsync(stop);
        return sudo.ExitCode == 0;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/bin", "/usr/local/bin"])
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static readonly string[] LibraryFolders = ["/usr/lib", "/usr/lib64", "/lib", "/usr/local/lib"];

    private static bool HasLibrary(string prefix) =>
        LibraryFolders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder, "*-linux-*").Prepend(folder))
            .Any(folder => Directory.EnumerateFiles(folder, prefix + "*").Any());
}

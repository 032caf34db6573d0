namespace OrderSync.AppHost.Local.Servers;

/// <summary>A private PostgreSQL with the durability of production: fsync, full page writes and synchronous commit are on.</summary>
public sealed class PostgresServer : IServer
{
    private const string Account = "postgres";

    private readonly ServerProcess process;
    private readonly ServerOptions options;

    private PostgresServer(ServerProcess process, ServerOptions options) => (this.process, this.options) = (process, options);

    /// <inheritdoc />
    public string Name => "PostgreSQL";

    /// <inheritdoc />
    public int ProcessId => process.ProcessId;

    /// <inheritdoc />
    public int Port => options.Port;

    /// <inheritdoc />
    public string Log => process.Log;

    /// <inheritdoc />
    public Task<int> Exited => process.Exited;

    /// <summary>The administrator in the database `postgres`.</summary>
    public string ConnectionString => ConnectionStringOf(options);

    /// <summary>Known before the server runs: the administrator in the database `postgres`.</summary>
    public static string ConnectionStringOf(ServerOptions options) => Connection(options.Port, "postgres", Account, options.Password);

    /// <summary>The administrator in a database of this server.</summary>
    public string ConnectionStringTo(string database) => Connection(Port, database, Account, options.Password);

    /// <summary>Somebody else in a database of this server.</summary>
    public string ConnectionStringTo(string database, string user, string password) => Connection(Port, database, user, password);

    /// <summary>Creates the cluster when the folder has none, starts it and returns when it takes connections.</summary>
    public static async Task<PostgresServer> StartAsync(ServerOptions options, CancellationToken stop)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        var programs = FindPrograms();
        var data = Path.Combine(options.Folder, "data");
        Directory.CreateDirectory(options.Folder);
        await Leftovers.EndOfFolderAsync(options.Folder, stop);
        if (!Directory.Exists(data))
            await CreateClusterAsync(options, programs, data, stop);
        // No process of this folder is left, so a lock file in it is that of a killed server; its number may be somebody else's by now.
        File.Delete(Path.Combine(data, "postmaster.pid"));

        string[] command =
        [
            .. AsServerAccount(), Path.Combine(programs, "postgres"), "-D", data,
            "-c", "listen_addresses=127.0.0.1", "-c", $"port={options.Port}", "-c", "unix_socket_directories=",
            "-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on",
            "-c", "max_connections=500", "-c", "shared_buffers=256MB",
            "-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "logging_collector=off",
        ];
        var process = ServerProcess.Start(options, Path.Combine(options.Folder, "postgres.log"), command);
        try
        {
            await process.AnswersAsync("PostgreSQL", _ => Task.FromResult(IsReady(data, process.ProcessId)), TimeSpan.FromSeconds(60), stop);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return new PostgresServer(process, options);
    }

    /// <summary>Fast shutdown: sessions are ended, everything committed is on disk.</summary>
    public Task StopAsync() => process.EndAsync(ServerProcess.Interrupt, TimeSpan.FromSeconds(30));

    /// <inheritdoc />
    public async Task KillAsync()
    {
        await process.EndAsync(ServerProcess.Kill, TimeSpan.FromSeconds(10));
        await Leftovers.EndOfFolderAsync(options.Folder, CancellationToken.None);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await process.DisposeAsync();
    }

    private static string Connection(int port, string database, string user, string password) =>
        $"Host=127.0.0.1;Port={port};Database={database};Username={user};Password={password}";

    private static string FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var newest = Directory.Exists(debian)
            ? Directory.GetDirectories(debian)
                .Where(folder => File.Exists(Path.Combine(folder, "bin/postgres")))
                .OrderByDescending(folder => decimal.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .FirstOrDefault()
            : null;
        return newest is not null ? Path.Combine(newest, "bin") : Path.GetDirectoryName(Tool.Require("initdb", "postgresql"))!;
    }

    private static async Task CreateClusterAsync(ServerOptions options, string programs, string data, CancellationToken stop)
    {
        // Made under another name first: a half-made cluster of an interrupted start is never taken for a whole one.
        var unfinished = data + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        var password = Path.Combine(options.Folder, "password");
        await Tool.WritePrivateAsync(password, options.Password, stop);
        try
        {
            if (Environment.IsPrivilegedProcess)
                await Tool.RunAsync("/", ["chown", $"{Account}:", options.Folder, password], stop);
            await Tool.RunAsync("/",
            [
                .. AsServerAccount(), Path.Combine(programs, "initdb"), "-D", unfinished, "-U", Account,
                "--auth=scram-sha-256", $"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8",
            ], stop);
            Directory.Move(unfinished, data);
        }
        finally
        {
            File.Delete(password);
        }
    }

    /// <summary>PostgreSQL refuses root: as root it runs under the account its package made.</summary>
    private static string[] AsServerAccount() => Environment.IsPrivilegedProcess
        ? [Tool.Require("setpriv", "util-linux"), $"--reuid={Account}", $"--regid={Account}", "--init-groups", "--"]
        : [];

    /// <summary>The first line of the lock file is the process, the eighth its state: what pg_ctl reads too.</summary>
    private static bool IsReady(string data, int processId)
    {
        var file = Path.Combine(data, "postmaster.pid");
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        return lines.Length >= 8 && lines[0] == $"{processId}" && lines[7].Trim() == "ready";
    }
}

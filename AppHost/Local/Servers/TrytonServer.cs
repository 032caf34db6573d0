namespace OrderSync.AppHost.Local.Servers;

/// <summary>A private Tryton 6.0, the one ERP that runs on a machine of ours: what is written into it is judged by an ERP and by nothing of ours.</summary>
public sealed class TrytonServer : IServer
{
    /// <summary>Role at PostgreSQL that owns its databases; "tryton" is that of the connector.</summary>
    public const string Role = "trytond";

    private readonly ServerProcess process;
    private readonly TrytonOptions options;

    private TrytonServer(ServerProcess process, TrytonOptions options) => (this.process, this.options) = (process, options);

    /// <inheritdoc />
    public string Name => "Tryton";

    /// <inheritdoc />
    public int ProcessId => process.ProcessId;

    /// <inheritdoc />
    public int Port => options.Port;

    /// <inheritdoc />
    public string Log => process.Log;

    /// <inheritdoc />
    public Task<int> Exited => process.Exited;

    /// <summary>Where it listens; the name of a database follows.</summary>
    public Uri Address => AddressOf(options);

    /// <summary>Known before it runs.</summary>
    public static Uri AddressOf(TrytonOptions options) => new($"http://127.0.0.1:{options.Port}/");

    /// <summary>Starts it and returns when it answers; it opens each database when it is first asked for it.</summary>
    public static async Task<TrytonServer> StartAsync(TrytonOptions options, CancellationToken stop)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        Directory.CreateDirectory(options.Folder);
        await Leftovers.EndOfFolderAsync(options.Folder, stop);
        var process = ServerProcess.Start(options, Path.Combine(options.Folder, "trytond.log"), [.. Python("trytond"), "-c", await ConfigureAsync(options, stop)]);
        try
        {
            await process.AnswersAsync("Tryton", token => AnswersAsync(options, token), TimeSpan.FromSeconds(60), stop);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return new TrytonServer(process, options);
    }

    /// <inheritdoc />
    public Task StopAsync() => process.EndAsync(ServerProcess.Terminate, TimeSpan.FromSeconds(10));

    /// <inheritdoc />
    public Task KillAsync() => process.EndAsync(ServerProcess.Kill, TimeSpan.FromSeconds(10));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await process.DisposeAsync();
    }

    /// <summary>One of its programs, by the system's own Python: another one on the PATH does not know Debian's modules.</summary>
    internal static string[] Python(string program) => ["/usr/bin/python3", "-E", "-s", Tool.Require(program, "tryton-server")];

    /// <summary>Writes its configuration, which holds the password of its role; answers where it stands.</summary>
    internal static async Task<string> ConfigureAsync(TrytonOptions options, CancellationToken stop)
    {
        var file = Path.Combine(options.Folder, "trytond.conf");
        var files = Directory.CreateDirectory(Path.Combine(options.Folder, "files")).FullName;
        await Tool.WritePrivateAsync(file, $"""
            [database]
            uri = postgresql://{Role}:{options.Password}@127.0.0.1:{options.PostgresPort}
            path = {files}
            [web]
            listen = 127.0.0.1:{options.Port}

            """, stop);
        return file;
    }

    private static async Task<bool> AnswersAsync(TrytonOptions options, CancellationToken stop)
    {
        using var rpc = new TrytonRpc(AddressOf(options), "");
        return (string?)await rpc.AskAsync("common.server.version", [], stop) is not null;
    }
}

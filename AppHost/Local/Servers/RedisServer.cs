using System.Net.Sockets;
using System.Text;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>A private Redis that keeps nothing on disk, or Garnet where Redis is not installed.</summary>
public sealed class RedisServer : IServer
{
    private readonly ServerProcess process;
    private readonly ServerOptions options;

    private RedisServer(ServerProcess process, ServerOptions options) => (this.process, this.options) = (process, options);

    /// <inheritdoc />
    public string Name => "Redis";

    /// <inheritdoc />
    public int ProcessId => process.ProcessId;

    /// <inheritdoc />
    public int Port => options.Port;

    /// <inheritdoc />
    public string Log => process.Log;

    /// <inheritdoc />
    public Task<int> Exited => process.Exited;

    /// <summary>Host, port and password in StackExchange.Redis' words.</summary>
    public string ConnectionString => ConnectionStringOf(options);

    /// <summary>Known before the server runs.</summary>
    public static string ConnectionStringOf(ServerOptions options) => $"127.0.0.1:{options.Port},password={options.Password}";

    /// <summary>Starts the server and returns when it answers.</summary>
    public static async Task<RedisServer> StartAsync(ServerOptions options, CancellationToken stop)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        Directory.CreateDirectory(options.Folder);
        await Leftovers.EndOfFolderAsync(options.Folder, stop);
        // The password stands in a file that only we can read, not in the list of processes.
        var settings = Path.Combine(options.Folder, "redis.conf");
        await Tool.WritePrivateAsync(settings, $"bind 127.0.0.1\nport {options.Port}\nrequirepass {options.Password}\n", stop);

        var process = ServerProcess.Start(options, Path.Combine(options.Folder, "redis.log"), Command(settings));
        try
        {
            await process.AnswersAsync("Redis", token => AnswersAsync(options, token), TimeSpan.FromSeconds(30), stop);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return new RedisServer(process, options);
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

    private static string[] Command(string settings)
    {
        var folder = Path.GetDirectoryName(settings)!;
        if (Tool.Find("redis-server") is { } redis)
            // A process title would overwrite the environment that marks the process as ours.
            return [redis, settings, "--save", "", "--appendonly", "no", "--daemonize", "no", "--set-proc-title", "no", "--dir", folder];
        var garnet = Tool.Find("garnet-server")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet/tools/garnet-server");
        return File.Exists(garnet)
            ? [garnet, "--config-import-path", settings, "--config-import-format", "RedisConf", "--lua"]
            : throw new InvalidOperationException("redis-server is not installed. Run: apt-get install redis-server");
    }

    private static async Task<bool> AnswersAsync(ServerOptions options, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", options.Port, stop);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"AUTH {options.Password}\r\nPING\r\n"), stop);
        var answer = new StringBuilder();
        var buffer = new byte[256];
        while (!answer.ToString().Contains("+PONG", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, stop);
            if (read == 0)
                return false;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (answer[0] == '-')
                return false;
        }
        return true;
    }
}

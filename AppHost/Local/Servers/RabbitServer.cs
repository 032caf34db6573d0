using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>A private RabbitMQ node: own name, folders, cookie and port mapper, everything on the loopback address.</summary>
public sealed class RabbitServer : IServer
{
    /// <summary>The administrator of the broker.</summary>
    public const string User = "ordersync";

    private const string Node = "ordersync@127.0.0.1";

    private readonly ServerProcess process;
    private readonly ServerProcess portMapper;
    private readonly RabbitOptions options;

    private RabbitServer(ServerProcess process, ServerProcess portMapper, RabbitOptions options) =>
        (this.process, this.portMapper, this.options) = (process, portMapper, options);

    /// <inheritdoc />
    public string Name => "RabbitMQ";

    /// <inheritdoc />
    public int ProcessId => process.ProcessId;

    /// <inheritdoc />
    public int Port => options.Port;

    /// <inheritdoc />
    public string Log => process.Log;

    /// <inheritdoc />
    public Task<int> Exited => process.Exited;

    /// <summary>The default virtual host with the administrator's name and password.</summary>
    public Uri Uri => UriOf(options);

    /// <summary>Known before the server runs.</summary>
    public static Uri UriOf(ServerOptions options) => new($"amqp://{User}:{Uri.EscapeDataString(options.Password)}@127.0.0.1:{options.Port}");

    /// <summary>The management page and API with the administrator's name and password; null when it was not asked for.</summary>
    public Uri? Management => options.ManagementPort is { } port
        ? new Uri($"http://{User}:{Uri.EscapeDataString(options.Password)}@127.0.0.1:{port}")
        : null;

    /// <summary>Starts the port mapper and the broker, and returns when the broker takes connections.</summary>
    public static async Task<RabbitServer> StartAsync(RabbitOptions options, CancellationToken stop)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        Directory.CreateDirectory(options.Folder);
        await Leftovers.EndOfFolderAsync(options.Folder, stop);
        await WriteSettingsAsync(options, stop);

        // Our own port mapper in the foreground: the one RabbitMQ would start itself becomes a daemon that outlives it.
        var portMapper = ServerProcess.Start(options, Path.Combine(options.Folder, "epmd.log"),
            [Tool.Require("epmd", "rabbitmq-server"), "-address", "127.0.0.1", "-port", $"{options.EpmdPort}"]);
        ServerProcess? process = null;
        try
        {
            await portMapper.AnswersAsync("epmd", token => ListensAsync(options.EpmdPort, token), TimeSpan.FromSeconds(10), stop);
            process = ServerProcess.Start(options, Path.Combine(options.Folder, "rabbitmq.log"), [FindProgram()], EnvironmentOf(options));
            await process.AnswersAsync("RabbitMQ", token => AnswersAsync(options, token), TimeSpan.FromSeconds(120), stop);
            return new RabbitServer(process, portMapper, options);
        }
        catch
        {
            if (process is not null)
                await process.DisposeAsync();
            await portMapper.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the broker, then its port mapper.</summary>
    public async Task StopAsync()
    {
        await process.EndAsync(ServerProcess.Terminate, TimeSpan.FromSeconds(30));
        await portMapper.EndAsync(ServerProcess.Terminate, TimeSpan.FromSeconds(5));
    }

    /// <inheritdoc />
    public async Task KillAsync()
    {
        await process.EndAsync(ServerProcess.Kill, TimeSpan.FromSeconds(10));
        await portMapper.EndAsync(ServerProcess.Kill, TimeSpan.FromSeconds(5));
        await Leftovers.EndOfFolderAsync(options.Folder, CancellationToken.None);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await process.DisposeAsync();
        await portMapper.DisposeAsync();
    }

    // The wrapper in /usr/sbin changes the user when root and then fails on our folder with exit code 0.
    private static string FindProgram() =>
        File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server")
            ? "/usr/lib/rabbitmq/bin/rabbitmq-server"
            : Tool.Require("rabbitmq-server", "rabbitmq-server");

    /// <summary>Erlang terms rather than `rabbitmq.conf`: translating that takes half of the start.</summary>
    private static async Task WriteSettingsAsync(RabbitOptions options, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.Combine(options.Folder, "conf.d"));
        await Tool.WritePrivateAsync(Path.Combine(options.Folder, "rabbitmq-env.conf"), "", stop);
        await Tool.WritePrivateAsync(Path.Combine(options.Folder, "enabled_plugins"),
            options.ManagementPort is null ? "[].\n" : "[rabbitmq_management].\n", stop);
        var password = options.Password.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        await Tool.WritePrivateAsync(Path.Combine(options.Folder, "rabbitmq.config"),
            $$"""
            [
              {rabbit, [
                {tcp_listeners, [{"127.0.0.1", {{options.Port}}}]},
                {default_user, <<"{{User}}">>},
                {default_pass, <<"{{password}}">>}
              ]},
              {rabbitmq_management, [{tcp_config, [{ip, "127.0.0.1"}, {port, {{options.ManagementPort ?? 0}}}]}]}
            ].

            """, stop);
    }

    private static Dictionary<string, string> EnvironmentOf(RabbitOptions options)
    {
        string In(string name) => Path.Combine(options.Folder, name);
        return new()
        {
            ["HOME"] = options.Folder,
            ["ERL_EPMD_PORT"] = $"{options.EpmdPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = Node,
            // A name with dots needs no host file to be found.
            ["RABBITMQ_USE_LONGNAME"] = "true",
            ["RABBITMQ_NODE_PORT"] = $"{options.Port}",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_DIST_PORT"] = $"{options.DistributionPort}",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
            ["RABBITMQ_CONF_ENV_FILE"] = In("rabbitmq-env.conf"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.config"),
            ["RABBITMQ_CONFIG_FILES"] = In("conf.d"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = In("mnesia"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_PID_FILE"] = In("pid"),
            // The start script then replaces itself by the broker instead of waiting for it.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            ["NOTIFY_SOCKET"] = "",
        };
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, stop);
        return true;
    }

    /// <summary>The broker answers the AMQP greeting with its first frame once it has started; the management API comes right after.</summary>
    private static async Task<bool> AnswersAsync(RabbitOptions options, CancellationToken stop)
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", options.Port, stop);
            var stream = client.GetStream();
            await stream.WriteAsync((byte[])[(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1], stop);
            var first = new byte[1];
            if (await stream.ReadAsync(first, stop) == 0 || first[0] != 1)
                return false;
        }
        if (options.ManagementPort is not { } management)
            return true;
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{options.Password}")));
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{management}/api/vhosts/%2F"), stop);
        if (answer.StatusCode == System.Net.HttpStatusCode.Unauthorized)
            throw new InvalidOperationException($"RabbitMQ in {options.Folder} was made with another password.");
        return answer.IsSuccessStatusCode;
    }
}

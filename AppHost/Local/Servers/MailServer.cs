using System.Net.Sockets;
using System.Text;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>A mail server that delivers nowhere: what it receives is shown on a web page and read by tests (maildev).</summary>
public sealed class MailServer : IServer
{
    private const string Version = "2.2.1";

    private readonly ServerProcess process;
    private readonly MailOptions options;

    private MailServer(ServerProcess process, MailOptions options) => (this.process, this.options) = (process, options);

    /// <inheritdoc />
    public string Name => "Mail";

    /// <inheritdoc />
    public int ProcessId => process.ProcessId;

    /// <inheritdoc />
    public int Port => options.Port;

    /// <inheritdoc />
    public string Log => process.Log;

    /// <inheritdoc />
    public Task<int> Exited => process.Exited;

    /// <summary>Where mail is handed in.</summary>
    public Uri Uri => new($"smtp://127.0.0.1:{Port}");

    /// <summary>The page that shows it; `/email` lists it as JSON.</summary>
    public Uri Page => new($"http://127.0.0.1:{options.WebPort}");

    /// <summary>Installs maildev on first use, starts it and returns when both of its ports answer.</summary>
    public static async Task<MailServer> StartAsync(MailOptions options, CancellationToken stop)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        Directory.CreateDirectory(options.Folder);
        await Leftovers.EndOfFolderAsync(options.Folder, stop);
        var program = await InstallAsync(Path.GetFullPath(options.Tools), stop);
        var process = ServerProcess.Start(options, Path.Combine(options.Folder, "mail.log"),
        [
            Tool.Require("node", "nodejs"), program, "--ip", "127.0.0.1", "--smtp", $"{options.Port}",
            "--web-ip", "127.0.0.1", "--web", $"{options.WebPort}", "--mail-directory", Path.Combine(options.Folder, "mails"),
        ]);
        try
        {
            await process.AnswersAsync("The mail server", token => AnswersAsync(options, token), TimeSpan.FromSeconds(30), stop);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return new MailServer(process, options);
    }

    /// <summary>Fetches the mail server once; two that try at the same time wait for each other.</summary>
    public static async Task<string> InstallAsync(string tools, CancellationToken stop)
    {
        var folder = Path.Combine(tools, $"maildev-{Version}");
        var program = Path.Combine(folder, "node_modules/maildev/bin/maildev");
        if (File.Exists(program))
            return program;
        var npm = Tool.Require("npm", "npm");
        Directory.CreateDirectory(tools);
        await using var turn = await TurnAsync(Path.Combine(tools, "install.lock"), stop);
        if (File.Exists(program))
            return program;
        var unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        await Tool.RunAsync(unfinished,
            [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", unfinished, $"maildev@{Version}"], stop);
        Directory.Move(unfinished, folder);
        return program;
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

    private static async Task<FileStream> TurnAsync(string file, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another run is installing.
                await Task.Delay(200, stop);
            }
        }
    }

    private static async Task<bool> AnswersAsync(MailOptions options, CancellationToken stop)
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", options.Port, stop);
            var greeting = new byte[3];
            await client.GetStream().ReadExactlyAsync(greeting, stop);
            if (Encoding.ASCII.GetString(greeting) != "220")
                return false;
        }
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{options.WebPort}/healthz"), stop);
        return answer.IsSuccessStatusCode;
    }
}

using System.Net;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing.Run;

namespace OrderSync.Testing;

/// <summary>One of our services as a process of its own, to be killed and started again.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string project;
    private readonly Dictionary<string, string> environment;
    private readonly ServerOptions options;
    private ServerProcess? process;

    private ServiceProcess(string project, IReadOnlyDictionary<string, string> environment, int? at = null)
    {
        this.project = project;
        var port = at ?? TestPorts.Take(1)[0];
        Url = new Uri($"http://127.0.0.1:{port}");
        this.environment = new(environment) { ["ASPNETCORE_URLS"] = Url.OriginalString, ["DOTNET_gcServer"] = "0" };
        options = new ServerOptions(
            Directory.CreateDirectory(Path.Combine(TestFolder.Path, $"{Path.GetFileName(project)}-{Guid.NewGuid():N}")).FullName, port, "", TestFolder.Path);
    }

    /// <summary>Where it listens; the same after each start.</summary>
    public Uri Url { get; }

    /// <summary>Its process number while it runs.</summary>
    public int ProcessId => process?.ProcessId ?? throw new InvalidOperationException($"{project} does not run.");

    /// <summary>Everything it printed, over all its starts.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(options.Folder, "log");

    /// <summary>Starts the program built from a project folder such as `services/Gateway` and waits until it is healthy.</summary>
    /// <param name="project">Folder of the project, from the repository's root.</param>
    /// <param name="environment">Its settings, such as `ConnectionStrings__gateway`.</param>
    /// <param name="healthy">The path to wait for: `/alive` for a service whose servers are not up yet.</param>
    /// <param name="port">Where it listens, for others that must know it before; one of <see cref="TestPorts"/>.</param>
    public static async Task<ServiceProcess> StartAsync(string project, IReadOnlyDictionary<string, string> environment, string healthy = "/health", int? port = null)
    {
        var service = new ServiceProcess(project, environment, port);
        await service.StartAsync(healthy);
        return service;
    }

    /// <summary>Runs the program to its end, such as `services/Gateway migrate`; returns its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string project, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var service = new ServiceProcess(project, environment);
        await using var process = service.Launch(arguments);
        return (await process.Exited, service.Log);
    }

    /// <summary>Starts it again at the same address.</summary>
    public async Task StartAsync(string healthy = "/health")
    {
        process = Launch([]);
        await process.AnswersAsync(project, async stop =>
        {
            using var answer = await Http.GetAsync(new Uri(Url, healthy), stop);
            return answer.StatusCode == HttpStatusCode.OK;
        }, Eventually.Patience, default);
    }

    /// <summary>Ends it with SIGKILL, in the middle of whatever it does.</summary>
    public Task KillAsync() => EndAsync(ServerProcess.Kill);

    /// <summary>Asks it to stop and waits until it has.</summary>
    public Task StopAsync() => EndAsync(ServerProcess.Terminate);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await KillAsync();
    }

    private ServerProcess Launch(string[] arguments)
    {
        var program = Repository.ProgramOf(project);
        if (!File.Exists(program))
            throw new FileNotFoundException($"{project} is not built.", program);
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        return ServerProcess.Start(options, LogFile, [dotnet, "exec", program, .. arguments], environment);
    }

    private async Task EndAsync(int signal)
    {
        await process!.EndAsync(signal, TimeSpan.FromSeconds(30));
        await process.DisposeAsync();
        process = null;
    }
}

using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local.Servers;

namespace OrderSync.AppHost.Local.Running;

/// <summary>Turns a resource into a process of this machine, and asks it how it is.</summary>
internal sealed class StartPart(Machine machine) : IDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<RunningProcess> StartAsync(RunningResource resource, CancellationToken stop) => resource switch
    {
        ProjectResource project => StartProject(project),
        PostgresServerResource postgres => await StartPostgresAsync(postgres, stop),
        RabbitMQServerResource rabbit => Of(await RabbitServer.StartAsync(new RabbitOptions(
            FolderOf(rabbit), PortOf(rabbit, "tcp"), rabbit.Password.GetValue(machine), machine.Folder, PortOf(rabbit, "epmd"), PortOf(rabbit, "distribution"),
            rabbit.Endpoints.Exists(endpoint => endpoint.Name == "management") ? PortOf(rabbit, "management") : null), stop), rabbit),
        RedisResource redis => Of(await RedisServer.StartAsync(
            new ServerOptions(FolderOf(redis), PortOf(redis, "tcp"), redis.Password.GetValue(machine), machine.Folder), stop), redis),
        ContainerResource { Image: var image } mail when image.StartsWith("axllent/mailpit:", StringComparison.Ordinal) => Of(await MailServer.StartAsync(
            new MailOptions(FolderOf(mail), PortOf(mail, "smtp"), machine.Folder, PortOf(mail, "http"), ToolsIn(machine.Folder)), stop), mail),
        ContainerResource { IsTryton: true } tryton => Of(await StartTrytonAsync(tryton, stop), tryton),
        _ => throw new DistributedApplicationException($"'{resource.Name}' needs containers: nothing on this machine stands in for it."),
    };

    /// <summary>Where programs from npm are kept.</summary>
    public static string ToolsIn(string folder) => Path.Combine(folder, "tools");

    /// <summary>Null when it is well.</summary>
    public async Task<string?> TroubleOfAsync(RunningResource resource, CancellationToken stop)
    {
        try
        {
            // A server answered when it was started; from then on it is well as long as it lives.
            if (resource.HealthPath is not { } path)
                return null;
            using var answer = await http.GetAsync(new Uri($"http://{Endpoint.Host}:{PortOf(resource, "http")}{path}"), stop);
            return answer.IsSuccessStatusCode ? null : $"{path} answers {(int)answer.StatusCode}";
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return failure is OperationCanceledException ? "it does not answer within 5 s" : "it does not listen";
        }
    }

    /// <summary>What a project's process gets on top of our own environment.</summary>
    public static Dictionary<string, string> EnvironmentOf(ProjectResource project, Machine machine)
    {
        var environment = project.Environment.ToDictionary(pair => pair.Key, pair => pair.Value.GetValue(machine));
        if (project.Endpoints.Count > 0)
            environment["ASPNETCORE_URLS"] = string.Join(';', project.Endpoints.Select(endpoint => new EndpointReference(project, endpoint.Name).GetValue(machine)));
        environment["OTEL_SERVICE_NAME"] = project.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={project.Name}";
        return environment;
    }

    public void Dispose() => http.Dispose();

    private RunningProcess StartProject(ProjectResource project)
    {
        var environment = EnvironmentOf(project, machine);
        // `./ordersync` works without ICU, which it may have to install first; what it starts has it.
        environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0";
        var home = Path.GetDirectoryName(project.Path)!;
        var log = machine.LogOf(project.Name);
        var process = ServerProcess.Start(
            new ServerOptions(home, 0, "", machine.Folder), log, ["dotnet", Build.OutputOf(project), .. project.Arguments], environment);
        return new(process.ProcessId, log, process.Exited, () => process.EndAsync(Processes.Terminate, TimeSpan.FromSeconds(15)));
    }

    private async Task<RunningProcess> StartPostgresAsync(PostgresServerResource resource, CancellationToken stop)
    {
        var server = await PostgresServer.StartAsync(
            new ServerOptions(FolderOf(resource), PortOf(resource, "tcp"), resource.Password.GetValue(machine), machine.Folder), stop);
        foreach (var database in resource.Databases)
            await CreateDatabaseAsync(database.Name, server.Port, resource.Password.GetValue(machine), stop);
        return Of(server, resource);
    }

    // In a database whose books are set up: from scratch that takes a minute or two, once on a machine.
    private async Task<TrytonServer> StartTrytonAsync(ContainerResource resource, CancellationToken stop)
    {
        const string database = "erp", currency = "USD";
        string Given(string name) => resource.Environment[name].GetValue(machine);
        var options = new TrytonOptions(
            FolderOf(resource), PortOf(resource, "http"), Given("TRYTON_PASSWORD"), machine.Folder, int.Parse(Given("DB_PORT"), CultureInfo.InvariantCulture), Given("DB_PASSWORD"));
        await TrytonDatabase.EnsureAsync(options, database, currency, _ => { }, stop);
        return await TrytonServer.StartAsync(options, stop);
    }

    private static async Task CreateDatabaseAsync(string name, int port, string password, CancellationToken stop)
    {
        var start = new ProcessStartInfo("psql",
        [
            "--no-psqlrc", "--quiet", "--host", Endpoint.Host, "--port", $"{port}", "--username", "postgres", "--set", "ON_ERROR_STOP=1", "--set", $"name={name}",
        ])
        { RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = password;
        using var psql = Process.Start(start)!;
        await psql.StandardInput.WriteAsync("select format('create database %I', :'name') where not exists (select from pg_database where datname = :'name') \\gexec\n");
        psql.StandardInput.Close();
        var errors = await psql.StandardError.ReadToEndAsync(stop);
        await psql.WaitForExitAsync(stop);
        if (psql.ExitCode != 0)
            throw new PartFailedException($"The database {name} could not be made: {errors.Trim()}");
    }

    /// <summary>Servers log into their own folder; a link puts all logs side by side.</summary>
    private RunningProcess Of(IServer server, RunningResource resource)
    {
        var link = machine.LogOf(resource.Name);
        File.Delete(link);
        File.CreateSymbolicLink(link, server.Log);
        return new(server.ProcessId, link, server.Exited, server.StopAsync);
    }

    private string FolderOf(RunningResource resource) => Path.Combine(machine.Folder, resource.Name);

    private int PortOf(RunningResource resource, string endpoint) => machine.Ports.Of(resource.Endpoint(endpoint));
}

using OrderSync.AppHost.Local.Servers;

namespace OrderSync.Testing.Run;

/// <summary>Servers as processes of this machine, started by the code that `./ordersync up` uses.</summary>
internal sealed class LocalServers : IServerSource
{
    private const string Password = "only-for-tests";

    public async Task<string> PostgresAsync() =>
        (await StartAsync(() => PostgresServer.StartAsync(Options("postgres"), default))).ConnectionString;

    public async Task<RabbitAddress> RabbitAsync()
    {
        var server = await StartAsync(() => RabbitServer.StartAsync(Rabbit("rabbitmq", management: true), default));
        return new RabbitAddress(server.Uri, server.Management!);
    }

    public async Task<string> RedisAsync() => (await StartAsync(() => RedisServer.StartAsync(Options("redis"), default))).ConnectionString;

    public async Task<MailAddresses> MailAsync()
    {
        var server = await StartAsync(() =>
        {
            var ports = TestPorts.Take(2);
            return MailServer.StartAsync(new MailOptions(FolderOf("mail"), ports[0], TestFolder.Path, ports[1], TestFolder.Tools), default);
        });
        return new MailAddresses(server.Uri, server.Page);
    }

    public static ServerOptions Options(string name) => new(FolderOf(name), TestPorts.Take(1)[0], Password, TestFolder.Path);

    public static RabbitOptions Rabbit(string name, bool management)
    {
        var ports = TestPorts.Take(4);
        return new RabbitOptions(FolderOf(name), ports[0], Password, TestFolder.Path, ports[1], ports[2], management ? ports[3] : null);
    }

    private static string FolderOf(string name) => Path.Combine(TestFolder.Path, name);

    /// <summary>A port can be taken by somebody else between asking for it and using it: then other ports are tried.</summary>
    private static async Task<T> StartAsync<T>(Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (InvalidOperationException taken) when (taken.Message.Contains("in use", StringComparison.Ordinal)
            || taken.Message.Contains("eaddrinuse", StringComparison.OrdinalIgnoreCase))
        {
            return await start();
        }
    }
}

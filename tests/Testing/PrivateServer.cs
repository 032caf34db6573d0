using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing.Run;

namespace OrderSync.Testing;

/// <summary>A server of a test's own, to be started late, killed and started again at the same address.</summary>
public sealed class PrivateServer<TServer> : IAsyncDisposable where TServer : class, IServer
{
    private readonly Func<Task<TServer>> start;
    private TServer? server;

    internal PrivateServer(Func<Task<TServer>> start, string connectionString) => (this.start, ConnectionString) = (start, connectionString);

    /// <summary>Known before it runs.</summary>
    public string ConnectionString { get; }

    /// <summary>The running server.</summary>
    public TServer Server => server ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>Starts it, at first or again; it has what it had.</summary>
    public async Task StartAsync() => server = await start();

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        await Server.KillAsync();
        server = null;
    }

    /// <summary>Stops it properly.</summary>
    public async Task StopAsync()
    {
        await Server.StopAsync();
        server = null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await KillAsync();
    }
}

/// <summary>Makes private servers; they run only once they are started.</summary>
public static class PrivateServer
{
    /// <summary>PostgreSQL with nothing in it.</summary>
    public static PrivateServer<PostgresServer> Postgres()
    {
        var options = LocalServers.Options(Name("postgres"));
        return new(() => PostgresServer.StartAsync(options, default), PostgresServer.ConnectionStringOf(options));
    }

    /// <summary>RabbitMQ with nothing in it.</summary>
    public static PrivateServer<RabbitServer> Rabbit(bool management = false)
    {
        var options = LocalServers.Rabbit(Name("rabbitmq"), management);
        return new(() => RabbitServer.StartAsync(options, default), RabbitServer.UriOf(options).OriginalString);
    }

    /// <summary>Redis with nothing in it, each time it starts.</summary>
    public static PrivateServer<RedisServer> Redis()
    {
        var options = LocalServers.Options(Name("redis"));
        return new(() => RedisServer.StartAsync(options, default), RedisServer.ConnectionStringOf(options));
    }

    private static string Name(string server) => $"{server}-{Guid.NewGuid():N}";
}

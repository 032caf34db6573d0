#if CONTAINERS
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;
using Testcontainers.Redis;

namespace OrderSync.Testing.Run;

/// <summary>The servers of a test run as containers, for machines with Docker: build with `-p:Containers=true`.</summary>
internal sealed class ContainerServers : IServerSource
{
    // The mail server is a Node program; it has no container of its own here.
    private readonly LocalServers local = new();

    public async Task<string> PostgresAsync()
    {
        var container = new PostgreSqlBuilder().WithImage("postgres:15").WithDatabase("postgres").WithUsername("postgres").WithPassword(Servers.RolePassword)
            // Testcontainers switches durability off; a gateway that cannot keep its promise is unhealthy.
            .WithCommand("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on", "-c", "max_connections=500").Build();
        await container.StartAsync();
        return container.GetConnectionString();
    }

    public async Task<RabbitAddress> RabbitAsync()
    {
        var container = new RabbitMqBuilder().WithImage("rabbitmq:3.10-management").WithUsername("ordersync").WithPassword(Servers.RolePassword)
            .WithPortBinding(15672, assignRandomHostPort: true).Build();
        await container.StartAsync();
        return new RabbitAddress(
            new Uri(container.GetConnectionString()),
            new Uri($"http://ordersync:{Servers.RolePassword}@{container.Hostname}:{container.GetMappedPublicPort(15672)}"));
    }

    public async Task<string> RedisAsync()
    {
        var container = new RedisBuilder().WithImage("redis:7").Build();
        await container.StartAsync();
        return container.GetConnectionString();
    }

    public Task<MailAddresses> MailAsync() => local.MailAsync();
}
#endif

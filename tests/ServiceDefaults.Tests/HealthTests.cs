using System.Net;
using MassTransit;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.ServiceDefaults.Database;
using OrderSync.Testing;

namespace OrderSync.ServiceDefaults.Tests;

public sealed class HealthTests
{
    [Fact]
    [InCi]
    public async Task A_service_that_starts_before_its_servers_becomes_healthy_once_they_are_up_and_again_after_each_was_killed()
    {
        await using var postgres = PrivateServer.Postgres();
        await using var rabbit = PrivateServer.Rabbit();
        await using var service = await Service.StartAsync(
            [KeyValuePair.Create("ConnectionStrings__gateway", postgres.ConnectionString), KeyValuePair.Create("ConnectionStrings__rabbitmq", rabbit.ConnectionString)],
            builder =>
            {
                builder.AddDatabase("gateway");
                builder.AddBus(Queues.Gateway, 10, bus => bus.AddConsumer<Ignore>());
            });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.HealthAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(new Uri("/alive", UriKind.Relative))).StatusCode);

        await Task.WhenAll(postgres.StartAsync(), rabbit.StartAsync());
        await BecomesAsync(service, HttpStatusCode.OK, "healthy once both servers are up");

        await postgres.KillAsync();
        await BecomesAsync(service, HttpStatusCode.ServiceUnavailable, "unhealthy without PostgreSQL");
        await postgres.StartAsync();
        await BecomesAsync(service, HttpStatusCode.OK, "healthy with PostgreSQL back");

        await rabbit.Server.QueuesOnDiskAsync();
        await rabbit.KillAsync();
        await BecomesAsync(service, HttpStatusCode.ServiceUnavailable, "unhealthy without RabbitMQ");
        await rabbit.StartAsync();
        await BecomesAsync(service, HttpStatusCode.OK, "healthy with RabbitMQ back");
    }

    [Fact]
    public async Task Health_names_the_part_that_is_missing_and_nothing_secret()
    {
        await using var service = await Service.StartAsync(
            [KeyValuePair.Create("ConnectionStrings__gateway", "Host=127.0.0.1;Port=1;Username=gateway;Password=hidden")],
            builder => builder.AddDatabase("gateway"));
        var (status, parts) = await service.HealthAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"database\":\"Unhealthy\"", parts, StringComparison.Ordinal);
        using var answer = await service.Http.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.DoesNotContain("hidden", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_would_lose_commits_makes_the_service_unhealthy()
    {
        await using var postgres = PrivateServer.Postgres();
        await postgres.StartAsync();
        await using var service = await Service.StartAsync(
            [KeyValuePair.Create("ConnectionStrings__gateway", postgres.ConnectionString + ";Options=-c synchronous_commit=off")],
            builder => builder.AddDatabase("gateway"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.HealthAsync()).Status);
    }

    private static Task BecomesAsync(Service service, HttpStatusCode status, string what) =>
        Eventually.GetAsync(service.HealthAsync, health => health.Status == status, what);

    private sealed class Ignore : IConsumer<DeliveryReports>
    {
        public Task Consume(ConsumeContext<DeliveryReports> context) => Task.CompletedTask;
    }
}

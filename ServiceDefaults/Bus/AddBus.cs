using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Database;
using RabbitMQ.Client.Exceptions;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>RabbitMQ through MassTransit, by OrderSync's bus rules.</summary>
public static class AddBusExtensions
{
    /// <summary>
    /// Reads <paramref name="queue"/> with the given consumers. Consumers acknowledge by returning; one that throws hands the message back to the
    /// broker, which parks it after its delivery limit; one that cannot be read is parked at once, with the reason. No inbox, outbox, scheduler or error queue of MassTransit: their memories expire.
    /// </summary>
    /// <param name="builder">The host being built.</param>
    /// <param name="queue">The service's own queue.</param>
    /// <param name="prefetch">Messages taken at once.</param>
    /// <param name="consumers">Registers the consumers.</param>
    public static void AddBus(this IHostApplicationBuilder builder, QueueDefinition queue, ushort prefetch, Action<IRegistrationConfigurator> consumers)
    {
        var broker = new Uri(builder.Configuration.RequireConnectionString("rabbitmq"));
        builder.Services.AddSingleton<BrokerQueues>();
        builder.Services.AddHealthChecks().AddCheck<BrokerUserCheck>("broker-user", HealthStatus.Unhealthy, ["ready"], TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton(services => new BusSender(services.GetRequiredService<IBus>(), services.GetRequiredService<BrokerQueues>(), queue));
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = false);
        builder.Services.AddMassTransit(bus =>
        {
            // The library would report how it is used to its makers over the internet.
            bus.DisableUsageTelemetry();
            consumers(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var credentials = broker.UserInfo.Split(':', 2);
                var virtualHost = broker.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(broker.AbsolutePath[1..]) : "/";
                rabbit.Host(broker.Host, (ushort)(broker.Port > 0 ? broker.Port : 5672), virtualHost, host =>
                {
                    host.Username(Uri.UnescapeDataString(credentials[0]));
                    host.Password(Uri.UnescapeDataString(credentials.ElementAtOrDefault(1) ?? ""));
                    host.Heartbeat(TimeSpan.FromSeconds(10));
                    host.PublisherConfirmation = true;
                    // The library gives a refused user up for ever; told as a broker that is away it tries again, until somebody has brought the user back.
                    host.OnRefreshConnectionFactory = async factory =>
                    {
                        if (await BrokerUserCheck.IsRefusedAsync(factory))
                            throw new RabbitMqConnectionException("RabbitMQ does not let this service's user in.", new BrokerUnreachableException(new IOException("It is tried again.")));
                    };
                });
                rabbit.ReceiveEndpoint(queue.Name, endpoint =>
                {
                    endpoint.ConfigureConsumeTopology = false;
                    // Nobody reads them, and the service's user may make no exchange for them.
                    endpoint.PublishFaults = false;
                    endpoint.PrefetchCount = prefetch;
                    foreach (var (argument, value) in queue.Arguments)
                        endpoint.SetQueueArgument(argument, value);
                    // Declared with the queue at each connect, so that an emptied broker can park again.
                    endpoint.BindDeadLetterQueue(queue.Parked, queue.Parked, parked =>
                    {
                        foreach (var (argument, value) in QueueDefinition.ParkedArguments)
                            parked.SetQueueArgument(argument, value);
                    });
                    var unreadable = new ParkUnreadable(context.GetRequiredService<BrokerQueues>(), queue, context.GetRequiredService<ILogger<ParkUnreadable>>());
                    endpoint.ConfigureError(pipe => pipe.UseFilter(unreadable));
                    endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(unreadable));
                    endpoint.ConfigureConsumers(context);
                });
            });
        });
    }

    /// <summary>Takes what is parked off the service's parked queue and gives it to <typeparamref name="TStore"/>.</summary>
    /// <param name="builder">The host being built.</param>
    /// <param name="queue">The service's own queue.</param>
    public static void AddParkedKeeper<TStore>(this IHostApplicationBuilder builder, QueueDefinition queue) where TStore : class, IKeepParked =>
        builder.Services.AddHostedService(services => new ParkedKeeper(
            services.GetRequiredService<TStore>(), services.GetRequiredService<BrokerQueues>(), queue, services.GetRequiredService<ILogger<ParkedKeeper>>()));
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OrderSync.ServiceDefaults.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>
/// Tells a broker that does not know this service's user from one that is away: the first comes back only by a person's hand, as after the broker's data
/// was deleted, and health and log name the command.
/// </summary>
internal sealed partial class BrokerUserCheck(BrokerQueues queues, IConfiguration configuration, ILogger<BrokerUserCheck> log) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await queues.WithChannelAsync(_ => Task.FromResult(0), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception trouble) when (IsRefused(trouble))
        {
            var user = Uri.UnescapeDataString(new Uri(configuration.RequireConnectionString("rabbitmq")).UserInfo.Split(':')[0]);
            LogRefused(log, user);
            return HealthCheckResult.Unhealthy(trouble.Message, data: new Dictionary<string, object>
            {
                [AddServiceDefaultsExtensions.Advice] = $"RabbitMQ does not let the user {user} in. If its data was deleted its users went with it: run this service's program once more with the argument migrate, which makes the user again, "
                    + "or ./ordersync up, which does so for all services. Nothing is lost: what waited is sent again.",
            });
        }
        catch (Exception trouble) when (trouble is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("RabbitMQ does not answer.", trouble);
        }
    }

    /// <summary>Whether the broker is there and does not let the user in.</summary>
    public static async Task<bool> IsRefusedAsync(ConnectionFactory factory)
    {
        try
        {
            await using var knock = await factory.CreateConnectionAsync("knock");
            return false;
        }
        catch (Exception trouble) when (IsRefused(trouble))
        {
            return true;
        }
        catch (Exception trouble) when (trouble is RabbitMQClientException or IOException or TimeoutException)
        {
            // It is away, which whoever connects sees himself.
            return false;
        }
    }

    // 403: the password or the user; 530: no rights to the virtual host.
    private static bool IsRefused(Exception? trouble) => trouble is not null && (trouble is AuthenticationFailureException or PossibleAuthenticationFailureException
        || trouble is OperationInterruptedException { ShutdownReason.ReplyCode: 403 or 530 } || IsRefused(trouble.InnerException));

    [LoggerMessage(Level = LogLevel.Error, Message = "RabbitMQ does not let the user {User} in. If its data was deleted, run this service's program once more with the argument migrate, or ./ordersync up.")]
    private static partial void LogRefused(ILogger log, string user);
}

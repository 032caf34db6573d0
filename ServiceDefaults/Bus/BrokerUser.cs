using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Configuration;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>Makes a service's user at the broker, through RabbitMQ's management API: as the schema run makes its role in the database.</summary>
public static class BrokerUser
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Makes the user of ConnectionStrings:rabbitmq, with the rights of the service. Does nothing where ConnectionStrings:rabbitmqAdministrator and
    /// Broker:Management are not set: then the users are somebody else's care.
    /// </summary>
    /// <param name="configuration">Holds all three.</param>
    /// <param name="service">Name of the service, which is also its queue's.</param>
    /// <param name="stop">Ends the wait for the broker.</param>
    public static async Task MakeAsync(IConfiguration configuration, string service, CancellationToken stop)
    {
        if (configuration.GetConnectionString("rabbitmqAdministrator") is not { Length: > 0 } administrator || configuration["Broker:Management"] is not { Length: > 0 } address)
        {
            Console.WriteLine("ConnectionStrings:rabbitmqAdministrator and Broker:Management are not set: no user is made at the broker.");
            return;
        }

        var own = new Uri(configuration.RequireConnectionString("rabbitmq"));
        using var management = ManagementOf(new Uri(address), new Uri(administrator).UserInfo);
        var (name, password) = Account(own.UserInfo);
        await WaitAsync(management, stop);
        await PutAsync(management, own.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(own.AbsolutePath[1..]) : "/", name, password, BrokerRights.Of(service), stop);
    }

    /// <summary>The management API as an administrator.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="account">User and password as a URI has them.</param>
    public static HttpClient ManagementOf(Uri address, string account)
    {
        var client = new HttpClient { BaseAddress = new Uri(address, "/api/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(account))));
        return client;
    }

    /// <summary>Makes a user or gives it this password and exactly these rights.</summary>
    public static async Task PutAsync(HttpClient management, string virtualHost, string name, string password, BrokerRights rights, CancellationToken stop)
    {
        var user = Uri.EscapeDataString(name);
        using var made = await management.PutAsJsonAsync($"users/{user}", new { password, tags = "" }, stop);
        made.EnsureSuccessStatusCode();
        using var granted = await management.PutAsJsonAsync($"permissions/{Uri.EscapeDataString(virtualHost)}/{user}", rights, stop);
        granted.EnsureSuccessStatusCode();
    }

    private static async Task WaitAsync(HttpClient management, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                using var answer = await management.GetAsync("whoami", patience.Token);
                if (answer.StatusCode == HttpStatusCode.Unauthorized)
                    throw new InvalidOperationException("RabbitMQ does not know the administrator of ConnectionStrings:rabbitmqAdministrator.");
                if (answer.IsSuccessStatusCode)
                    return;
                Console.WriteLine($"Waiting for RabbitMQ's management API: it answers {(int)answer.StatusCode}");
            }
            catch (HttpRequestException trouble)
            {
                Console.WriteLine($"Waiting for RabbitMQ's management API: {trouble.Message}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);
        }
    }

    private static (string Name, string Password) Account(string userInfo) => userInfo.Split(':', 2) is [var name, var password]
        ? (Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
        : throw new InvalidOperationException("ConnectionStrings:rabbitmq names no user with a password.");
}

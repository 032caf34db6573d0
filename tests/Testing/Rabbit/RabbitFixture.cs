using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.ServiceDefaults.Bus;
using RabbitMQ.Client;
using Xunit;

namespace OrderSync.Testing;

/// <summary>A virtual host for a test class, removed after it.</summary>
public class RabbitFixture : IAsyncLifetime
{
    private readonly string virtualHost = $"t{Guid.NewGuid():N}";
    private readonly HashSet<string> users = [];
    private HttpClient? management;

    /// <summary>The broker with this class's virtual host.</summary>
    public Uri Uri { get; private set; } = new("amqp://127.0.0.1");

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        var broker = await Servers.RabbitAsync();
        management = BrokerUser.ManagementOf(new UriBuilder(broker.Management) { UserName = "", Password = "" }.Uri, broker.Management.UserInfo);
        (await management.PutAsync(Api($"vhosts/{virtualHost}"), null)).EnsureSuccessStatusCode();
        Uri = new Uri(broker.Broker, virtualHost);
    }

    /// <summary>The broker as a service's own user, with no more rights than the service has.</summary>
    public async Task<Uri> UserAsync(string service)
    {
        var name = $"{virtualHost}.{service}";
        users.Add(name);
        await BrokerUser.PutAsync(Management, virtualHost, name, Servers.RolePassword, BrokerRights.Of(service), default);
        return new UriBuilder(Uri) { UserName = name, Password = Servers.RolePassword }.Uri;
    }

    /// <summary>Takes a service's user away, as a broker does that lost its data.</summary>
    public async Task RemoveUserAsync(string service)
    {
        users.Remove($"{virtualHost}.{service}");
        (await Management.DeleteAsync(Api($"users/{virtualHost}.{service}"))).EnsureSuccessStatusCode();
    }

    /// <summary>Names of the exchanges that are not the broker's own.</summary>
    public async Task<IReadOnlyList<string>> ExchangesAsync() => [.. (await Management.GetFromJsonAsync<JsonElement>(Api($"exchanges/{virtualHost}"))).EnumerateArray()
        .Select(exchange => exchange.GetProperty("name").GetString()!).Where(name => name.Length > 0 && !name.StartsWith("amq.", StringComparison.Ordinal))];

    /// <summary>Names of the queues and the messages ready in each.</summary>
    public async Task<IReadOnlyDictionary<string, long>> QueuesAsync()
    {
        var names = (await Management.GetFromJsonAsync<JsonElement>(Api($"queues/{virtualHost}"))).EnumerateArray()
            .Select(queue => queue.GetProperty("name").GetString()!).ToList();
        // Counted by the broker itself: the management API's figures are seconds old.
        await using var connection = await new ConnectionFactory { Uri = Uri }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var counts = new Dictionary<string, long>();
        foreach (var name in names)
            counts[name] = (await channel.QueueDeclarePassiveAsync(name)).MessageCount;
        return counts;
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (management is null)
            return;
        (await management.DeleteAsync(Api($"vhosts/{virtualHost}"))).EnsureSuccessStatusCode();
        foreach (var user in users)
            (await management.DeleteAsync(Api($"users/{user}"))).EnsureSuccessStatusCode();
        management.Dispose();
    }

    private HttpClient Management => management ?? throw new InvalidOperationException("The fixture has not been initialised.");

    private static Uri Api(string path) => new(path, UriKind.Relative);
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using Xunit;

namespace OrderSync.Testing;

/// <summary>A virtual host for a test class, removed after it.</summary>
public class RabbitFixture : IAsyncLifetime
{
    private readonly string virtualHost = $"t{Guid.NewGuid():N}";
    private HttpClient? management;

    /// <summary>The broker with this class's virtual host.</summary>
    public Uri Uri { get; private set; } = new("amqp://127.0.0.1");

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        var broker = await Servers.RabbitAsync();
        var account = Uri.UnescapeDataString(broker.Management.UserInfo);
        management = new HttpClient { BaseAddress = new Uri($"{broker.Management.GetLeftPart(UriPartial.Path).Replace(broker.Management.UserInfo + "@", "", StringComparison.Ordinal)}api/") };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(account)));
        (await management.PutAsync(Api($"vhosts/{virtualHost}"), null)).EnsureSuccessStatusCode();
        Uri = new Uri(broker.Broker, virtualHost);
    }

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
        management.Dispose();
    }

    private HttpClient Management => management ?? throw new InvalidOperationException("The fixture has not been initialised.");

    private static Uri Api(string path) => new(path, UriKind.Relative);
}

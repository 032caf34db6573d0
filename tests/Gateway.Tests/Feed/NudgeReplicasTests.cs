using System.Net;
using System.Net.Http.Json;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>What is committed at one gateway is heard at another: by Redis, and without it.</summary>
[Collection("gateway-2")]
[InCi]
public sealed class NudgeReplicasTests(GatewayFixture gateway)
{
    private const string Never = "3600";
    private const string Often = "0.1";

    [Fact]
    public async Task Without_Redis_a_replica_finds_by_itself_what_another_or_anybody_else_has_committed()
    {
        await using var listens = await StartAsync(null, Often, Often);
        using var device = await gateway.EnrolAsync();
        using var line = await NudgeLine.OpenAsync(listens.Url, device);
        await line.PullsAsync();

        await ChangeAsync(gateway.Office);
        await line.PullsAsync();

        // Nobody's code: only the database knows.
        await gateway.Execute("update gateway.item set name = name || '!' where sku = 'SKU-1'");
        await line.PullsAsync();
    }

    [Fact]
    public async Task What_is_committed_where_a_device_listens_is_told_without_asking_anybody()
    {
        await using var alone = await StartAsync(null, Never, Never);
        using var device = await TestDevice.EnrolAsync(gateway.Office, alone.Url, "Ada");
        using var another = await TestDevice.EnrolAsync(gateway.Office, alone.Url, "Grace");
        using var line = await NudgeLine.OpenAsync(alone.Url, device);
        await line.PullsAsync();

        await ChangeAsync(alone);
        await line.PullsAsync();
        await another.PushAsync(An.Customer());
        await line.PullsAsync();
    }

    [Fact]
    public async Task With_Redis_it_is_told_and_asks_no_more()
    {
        await using var redis = PrivateServer.Redis();
        await redis.StartAsync();
        await using var commits = await StartAsync(redis, Never, Never);
        await using var listens = await StartAsync(redis, Never, Never);
        using var device = await gateway.EnrolAsync();
        using var line = await NudgeLine.OpenAsync(listens.Url, device);
        await line.PullsAsync();

        await HearsAsync(commits, line);
    }

    [Fact]
    [InFull]
    public async Task When_Redis_dies_both_stay_healthy_and_it_is_heard_all_the_same_and_when_it_is_back_it_tells_again()
    {
        await using var redis = PrivateServer.Redis();
        await using var commits = await StartAsync(redis, Never, Never);
        await using var asks = await StartAsync(redis, Often, Never);
        await using var waits = await StartAsync(redis, Never, Never);
        using var first = await gateway.EnrolAsync();
        using var second = await gateway.EnrolAsync();
        using var asking = await NudgeLine.OpenAsync(asks.Url, first);
        using var waiting = await NudgeLine.OpenAsync(waits.Url, second);
        await asking.PullsAsync();
        await waiting.PullsAsync();
        await redis.StartAsync();
        await HearsAsync(commits, waiting);
        await asking.CalmsDownAsync();

        await redis.KillAsync();
        await Eventually.TrueAsync(async () =>
        {
            await ChangeAsync(commits);
            return await asking.ComesAsync(TimeSpan.FromSeconds(2));
        }, "it is found without Redis");
        using var http = new HttpClient();
        Assert.All(await Task.WhenAll(http.GetAsync(new Uri(commits.Url, "/health")), http.GetAsync(new Uri(asks.Url, "/health"))), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        // At first what was said meanwhile is looked for; then it is told again.
        await redis.StartAsync();
        await HearsAsync(commits, waiting);
        await waiting.CalmsDownAsync();
        await HearsAsync(commits, waiting);
    }

    // Redis may not be connected yet when the first is committed; then it is the next that is told of.
    private static Task HearsAsync(ServiceProcess commits, NudgeLine line) => Eventually.TrueAsync(async () =>
    {
        await ChangeAsync(commits);
        if (!await line.ComesAsync(TimeSpan.FromSeconds(2)))
            return false;
        Assert.Equal("pull", (await line.NextAsync())?.Name);
        return true;
    }, "it is told by Redis");

    private async Task<ServiceProcess> StartAsync(PrivateServer<RedisServer>? redis, string poll, string withRedis)
    {
        var environment = gateway.Environment;
        environment["Nudge__PollSeconds"] = poll;
        environment["Nudge__PollSecondsWithRedis"] = withRedis;
        if (redis is not null)
            environment["ConnectionStrings__redis"] = redis.ConnectionString;
        return await ServiceProcess.StartAsync("services/Gateway", environment);
    }

    private static async Task ChangeAsync(ServiceProcess at)
    {
        using var office = new HttpClient { BaseAddress = at.Url };
        office.DefaultRequestHeaders.Authorization = new("Bearer", GatewayFixture.ApiKey);
        await ChangeAsync(office);
    }

    private static async Task ChangeAsync(HttpClient office) => (await office.PutAsJsonAsync("/v1/office/products", new
    {
        products = new[] { new { sku = $"NEW-{Guid.NewGuid():N}", name = "Brand new", price = 10.00m } },
    })).EnsureSuccessStatusCode();
}

using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests;

/// <summary>The servers everything stands on die under the running services.</summary>
public sealed class DeadServersTests
{
    [Fact]
    public async Task F057_When_PostgreSQL_or_RabbitMQ_dies_the_services_say_so_lose_nothing_and_recover_by_themselves()
    {
        await using var system = await WholeSystem.StartAsync();
        var replay = system.ReplayAsync();
        await Eventually.TrueAsync(async () => !replay.IsCompleted && await system.DoneAsync("zoho") > 0, "the first orders are in the ERP");

        await system.Rabbit.KillAsync();
        await Eventually.TrueAsync(async () => !await system.HealthyAsync(system.Gateway) && !await system.HealthyAsync(system.Zoho), "both are unhealthy without RabbitMQ");
        await system.Rabbit.StartAsync();
        await Eventually.TrueAsync(async () => await system.HealthyAsync(system.Gateway) && await system.HealthyAsync(system.Zoho), "both are healthy again");

        await system.Postgres.KillAsync();
        await Eventually.TrueAsync(async () => !await system.HealthyAsync(system.Gateway) && !await system.HealthyAsync(system.Zoho), "both are unhealthy without PostgreSQL");
        await system.Postgres.StartAsync();
        await Eventually.TrueAsync(async () => await system.HealthyAsync(system.Gateway) && await system.HealthyAsync(system.Zoho), "both are healthy again");

        var (code, output) = await replay;
        Assert.True(code == 0, output);
        Assert.Equal(SixtyOrdersTests.AllThere, SixtyOrdersTests.LastLine(output));
    }
}

using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests;

/// <summary>The servers everything stands on die under the running services.</summary>
[Collection("whole system")]
[InCi]
public sealed class DeadServersTests(SharedSystem shared)
{
    [Fact]
    public async Task F057_When_PostgreSQL_or_RabbitMQ_dies_the_services_say_so_lose_nothing_and_recover_by_themselves()
    {
        var system = shared.System;
        await using var company = await system.CompanyAsync("Company of dead servers");
        var replay = company.ReplayAsync();
        await Eventually.TrueAsync(async () => !replay.IsCompleted && await company.DoneAsync("zoho") > 0, "the first orders are in the ERP");

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

using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests;

/// <summary>The main job with everything going wrong on the way.</summary>
[Collection("whole system")]
[InFull]
public sealed class LostAnswersTests(SharedSystem shared)
{
    [Fact]
    public async Task F036_F104_Sixty_orders_of_devices_on_bad_lines_are_each_once_in_the_ERP_when_answers_are_lost_and_gateway_and_connectors_are_killed_on_the_way()
    {
        var system = shared.System;
        await using var company = await system.CompanyAsync("Company of lost answers");
        await company.FaultsAsync(new { dropAnswer = 0.1, seed = 7, methods = "POST" });

        var replay = company.ReplayAsync("--line", "bad", "--seed", "7", "--devices", "2");
        await Eventually.TrueAsync(async () => !replay.IsCompleted && await company.DoneAsync("zoho") > 0, "the first orders are in the ERP");
        await system.Zoho.KillAsync();
        await system.Gateway.KillAsync();
        await system.Gateway.StartAsync();
        await system.Zoho.StartAsync();
        await system.Email.KillAsync();
        await system.Email.StartAsync();

        var (code, output) = await replay;
        Assert.True(code == 0, output);
        Assert.Equal(SixtyOrdersTests.AllThere, SixtyOrdersTests.LastLine(output));
        Assert.Contains("Lines (seed 7): ", output, StringComparison.Ordinal);
    }
}

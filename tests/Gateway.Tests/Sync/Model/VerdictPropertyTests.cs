using System.Globalization;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Gateway.Tests.Sync.Model;

/// <summary>
/// Random runs against a model of the verdict table: batches of all kinds in any order, repeats, revisions, other contents, cuts, lost answers, two devices at once, what the office adds, what is
/// given up and taken up again. ORDERSYNC_SEED runs one seed again.
/// </summary>
public sealed class VerdictPropertyTests(GatewayFixture gateway, ITestOutputHelper output) : IClassFixture<GatewayFixture>
{
    [Fact]
    [InCi]
    public Task F053_F054_F055_A_few_random_runs_end_as_the_model_says() => RunAsync(12);

    [Fact]
    [InCi]
    public Task F040_F041_F042_F046_F053_F054_F055_Random_runs_of_several_devices_end_as_the_model_says() => RunAsync(Servers.Full ? 10_000 : 300);

    private async Task RunAsync(int runs)
    {
        var given = Environment.GetEnvironmentVariable("ORDERSYNC_SEED") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : (int?)null;
        // The same ones before each commit and in CI: what fails there is the change's doing. The long tier draws new ones.
        var first = given ?? (Servers.Full ? Random.Shared.Next(1, int.MaxValue - runs) : 20_261_122);
        output.WriteLine($"Seeds from {first} on; ORDERSYNC_SEED={first} runs the first alone.");
        await Parallel.ForEachAsync(Enumerable.Range(first, given is null ? runs : 1), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            var script = Script.Of(seed);
            if (await ModelCompany.RunAsync(gateway, script) is { } wrong)
                Assert.Fail(await ShrunkAsync(script, wrong));
        });
    }

    // Deeds that can be left out and it still goes wrong say nothing about why.
    private async Task<string> ShrunkAsync(Script script, string wrong)
    {
        for (var i = script.Deeds.Count - 1; i >= 0; i--)
        {
            var less = script with { Deeds = [.. script.Deeds.Take(i), .. script.Deeds.Skip(i + 1)] };
            if (await ModelCompany.RunAsync(gateway, less) is { } still)
                (script, wrong) = (less, still);
        }

        return $"{wrong}\n{script}\nRun it again, whole: ORDERSYNC_SEED={script.Seed}";
    }
}

using System.Globalization;
using System.Net.Http.Json;
using Npgsql;
using OrderSync.Simulator.Sales;
using OrderSync.Testing;
using OrderSync.Testing.Run;
using Xunit.Abstractions;

namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>
/// One company's orders go through a system that works, another's, with the same orders under the same ids, through the same system while its parts
/// are killed: both end with the same.
/// </summary>
[InCi]
public sealed class RandomKillsTests(ITestOutputHelper output)
{
    /// <summary>Set to repeat a run.</summary>
    private const string SeedVariable = "ORDERSYNC_TEST_SEED";

    private const int MailsAtOnce = 4;
    private static readonly int Orders = Servers.Full ? 500 : 30;
    private static readonly int Kills = Servers.Full ? 20 : 3;
    private static readonly int Minutes = Servers.Full ? 15 : 5;

    [Fact]
    public async Task F036_F104_F113_However_parts_are_killed_all_ends_as_if_none_had_been()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"{SeedVariable}={seed}");
        var file = SeededSales.Write(TestFolder.Create("sales"), seed, Orders);
        var (calm, troubled) = ($"os_calm-{Guid.NewGuid():N}", $"os_troubled-{Guid.NewGuid():N}");
        await using var system = await WholeSystem.StartAsync(apiKey: calm);
        await using var otherErp = await WholeSystem.StartSandboxAsync();
        await system.AddCompanyAsync("Troubled company", troubled);
        // The server dies under its connections, so none is kept.
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(system.Administrator) { Pooling = false }.ConnectionString);

        await ReplayAsync(system.ReplayAsync(file, calm, system.Sandbox, Minutes));
        var expected = await CompanyEnd.OfAsync(database, calm, system.Sandbox);
        // A write takes a moment, as it does at an ERP: most kills of its connector strike one of them, which is carried out all the same.
        (await system.Office.PutAsJsonAsync(new Uri(otherErp.Url, "_control/faults"), new { slow = 1, slowMilliseconds = 100, methods = "POST" })).EnsureSuccessStatusCode();
        var work = ReplayAsync(system.ReplayAsync(file, troubled, otherErp, Minutes));
        var killed = await new RandomKills(system, seed, () => Progress.OfAsync(database, CompanyEnd.CompanyOf(troubled), CompanyEnd.CompanyOf(calm)), output.WriteLine).RunAsync(Kills, work);
        await work;
        var actual = await CompanyEnd.OfAsync(database, troubled, otherErp);

        Assert.Equal(Enumerable.Range(1, Orders).Select(counter => (long)counter), expected.Counters);
        Assert.Equal(Orders, expected.Documents.Count);
        Assert.Equal(expected.MailsDue.Order(), expected.Mails.Order());
        foreach (var end in new[] { expected, actual })
        {
            Assert.Empty(end.Waiting);
            Assert.Empty(end.WrongNumbers);
        }

        Assert.Equal(expected.Records, actual.Records);
        Assert.Equal(expected.Counters, actual.Counters);
        Assert.Equal(expected.Documents, actual.Documents);
        Assert.Equal(actual.MailsDue.Order(), actual.Mails.Distinct().Order());
        var twice = actual.Mails.Count - actual.MailsDue.Count;
        output.WriteLine($"{Orders} orders, {Kills} kills, {twice} mails a second time");
        // A mail goes out again only where who noted it was killed, or what it is noted in.
        Assert.InRange(twice, 0, killed.Count(part => part is "email" or "postgres") * MailsAtOnce);
    }

    private async Task ReplayAsync(Task<(int ExitCode, string Output)> replay)
    {
        var (code, said) = await replay;
        output.WriteLine(said);
        Assert.True(code == 0, said);
    }
}

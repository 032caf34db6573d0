using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>Where a connection stands is told at once however long its ledger is: right, and quick in the full tier.</summary>
public sealed class StandingManyTests(LedgerFixture database, ITestOutputHelper output) : IClassFixture<LedgerFixture>
{
    private static readonly int Count = Servers.Full ? 100_000 : 2_000;
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task The_ledger_is_counted_by_state_with_the_oldest_of_each_however_long_it_is()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        await FillAsync();
        using var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");

        var (took, all) = (new List<double>(), new JsonArray());
        for (var i = 0; i < (Servers.Full ? 40 : 2); i++)
        {
            var watch = Stopwatch.StartNew();
            all = (await http.GetFromJsonAsync<JsonNode>($"/manage/standing?company={company}"))!["connections"]!.AsArray();
            took.Add(watch.Elapsed.TotalMilliseconds);
        }

        var ordered = took.Order().ToList();
        var p95 = ordered[(int)Math.Ceiling(took.Count * 0.95) - 1];
        output.WriteLine($"{Count} documents: first {took[0]:0} ms, median {ordered[took.Count / 2]:0} ms, p95 {p95:0} ms of {took.Count}");
        var states = Assert.Single(all)!["states"]!.AsObject();
        Assert.Equal(Enumerable.Range(1, Count).GroupBy(StateOf).ToDictionary(one => one.Key, one => one.Count()), states.ToDictionary(state => state.Key, state => (int)state.Value!["count"]!));
        Assert.Equal(clock.GetUtcNow().AddSeconds(-Count), (DateTimeOffset)states["done"]!["oldest"]!);
        Assert.Equal(clock.GetUtcNow().AddSeconds(1 - Count / 50), (DateTimeOffset)states["waiting"]!["oldest"]!);
        if (Servers.Full)
            Assert.True(p95 <= 300, $"p95 {p95:0} ms");
    }

    // The newest fiftieth is under way, and every other one of those waits for the one before it.
    private static string StateOf(int i) => i <= Count / 50 ? i % 2 == 1 ? "waiting" : "inProgress" : i % 100 == 50 ? "stopped" : i % 20 == 3 ? "attention" : "done";

    // Document i was wanted i seconds ago.
    private async Task FillAsync()
    {
        await using var line = await database.Administrator.OpenConnectionAsync();
        foreach (var sql in new[]
        {
            "set session_replication_role = replica; set search_path = recording",
            $"""
            insert into document (company_id, account, document, connection_id, record_id, kind, target, reports, wish, wanted_revision, wanted_version, pushed_revision, state, due, changed_at, wanted_at)
            select c.company_id, c.account, 'order:' || i, c.connection_id, md5('r' || i)::uuid, 'order', 'order', true, 'push', 1, 1, case when state = 'done' then 1 else 0 end, state, at, at, at
            from connection c, generate_series(1, {Count}) i
            cross join lateral (select timestamptz '{clock.GetUtcNow():O}' - i * interval '1 second' as at,
                case when i <= {Count / 50} then 'pending' when i % 100 = 50 then 'stopped' when i % 20 = 3 then 'refused' else 'done' end as state) made
            where c.connection_id = '{connection}'
            """,
            $"""
            insert into dependency (company_id, account, document, needs)
            select d.company_id, d.account, d.document, 'order:' || case when d.state <> 'pending' then {Count} when i % 2 = 1 then i + 1 else {Count} end
            from document d cross join lateral (select substr(d.document, 7)::int as i) n where d.connection_id = '{connection}'
            """,
            "vacuum analyze document, dependency",
        })
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, line) { CommandTimeout = 300 };
            await command.ExecuteNonQueryAsync();
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>Its own gateway: its database takes no connections for a while.</summary>
[InCi]
public sealed class AwayDatabaseTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task F057_F133_While_the_database_is_away_every_call_of_a_device_is_temporary_and_nothing_is_refused()
    {
        using var device = await gateway.EnrolAsync();
        // One that would be refused, one that would be accepted: neither is judged.
        var push = An.Push(An.Order(sku: "NO-SUCH"), An.Customer());
        await OpenAsync(false);
        try
        {
            foreach (var call in new Func<Task<HttpResponseMessage>>[]
            {
                () => device.SendAsync(push), () => device.GetAsync("/v1/sync/pull"), () => device.GetAsync("/v1/sync/status"), () => device.GetAsync("/v1/sync/attention"),
                () => device.PostAsync("/v1/sync/reconcile", new { ids = new[] { Guid.NewGuid() } }), () => device.PostAsync("/v1/sync/retry-errored", null), () => device.GetSelfAsync(), () => device.RefreshAsync(),
            })
            {
                using var answer = await call();
                var said = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, said);
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
                Assert.Equal("server.busy", JsonSerializer.Deserialize<JsonElement>(said).GetProperty("type").GetString());
                Assert.DoesNotContain("refused", said, StringComparison.Ordinal);
            }
        }
        finally
        {
            await OpenAsync(true);
        }

        await using (var here = NpgsqlDataSource.Create(gateway.Database.ConnectionString))
        {
            await using var count = here.CreateCommand("select count(*) from gateway.record");
            Assert.Equal(0L, await count.ExecuteScalarAsync());
        }

        var again = await Eventually.GetAsync(() => device.SendAsync(push), answer => answer.StatusCode == HttpStatusCode.OK, "the gateway works again");
        Assert.Equal(["refused", "accepted"], (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts").EnumerateArray().Select(verdict => verdict.GetProperty("outcome").GetString()));
    }

    private async Task OpenAsync(bool open)
    {
        var here = new NpgsqlConnectionStringBuilder(gateway.Database.ConnectionString);
        var name = here.Database;
        here.Database = "postgres";
        await using var server = NpgsqlDataSource.Create(here.ConnectionString);
        await using var command = server.CreateCommand($"alter database \"{name}\" allow_connections {(open ? "true" : "false")}; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        await command.ExecuteNonQueryAsync();
    }
}

using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Connections;
using OrderSync.Framework.OAuth;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class TokenTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly TokenEndpoint endpoint = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task Two_replicas_that_need_a_token_at_once_refresh_once()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.ConnectAsync(company, connection, refreshToken: "refresh-0");
        var both = new[] { one, two };

        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => GetAsync(both[i % 2])));

        Assert.Equal(1, endpoint.Calls);
        Assert.All(tokens, token => Assert.Equal("access-1", token.AccessToken));
    }

    [Fact]
    public async Task A_token_is_refreshed_a_minute_before_it_ends_and_when_it_was_rejected()
    {
        await using var host = await StartAsync();
        await host.ConnectAsync(company, connection, refreshToken: "refresh-0");
        Assert.Equal("access-1", (await GetAsync(host)).AccessToken);

        Assert.Equal("access-2", (await GetAsync(host, rejected: "access-1")).AccessToken);
        clock.Advance(TimeSpan.FromMinutes(58));
        Assert.Equal("access-2", (await GetAsync(host, rejected: "access-1")).AccessToken);
        clock.Advance(TimeSpan.FromMinutes(1.5));
        Assert.Equal("access-3", (await GetAsync(host)).AccessToken);
    }

    [Fact]
    public async Task An_answer_is_stored_encrypted_before_it_is_used()
    {
        await using var host = await StartAsync();
        await host.ConnectAsync(company, connection, refreshToken: "refresh-0");
        await GetAsync(host);

        await using var another = await StartAsync();
        Assert.Equal("access-1", (await GetAsync(another)).AccessToken);

        Assert.Equal(1, endpoint.Calls);
        var stored = await database.ScalarAsync<byte[]>($"select string_agg(secret, ''::bytea) from recording.token where company_id = '{company}'");
        var settings = await database.ScalarAsync<byte[]>($"select secrets || convert_to(settings::text, 'UTF8') from recording.connection where company_id = '{company}'");
        Assert.DoesNotContain("access-1", Encoding.UTF8.GetString(stored), StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-", Encoding.UTF8.GetString(stored), StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-", Encoding.UTF8.GetString(settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_killed_between_refresh_and_save_leads_to_reconnect_and_all_goes_on_after_it()
    {
        var spent = new TaskCompletionSource();
        var first = await StartAsync();
        await first.ConnectAsync(company, connection, refreshToken: "refresh-0");
        endpoint.Answering = () =>
        {
            first.Kill();
            spent.SetResult();
            return new TaskCompletionSource().Task;
        };
        _ = GetAsync(first);
        await spent.Task.WaitAsync(Eventually.Patience);
        endpoint.Answering = () => Task.CompletedTask;

        await using var second = await StartAsync();
        var reconnect = await Assert.ThrowsAsync<OutcomeException>(() => GetAsync(second));
        endpoint.Valid = "entered by the office";
        await second.ConnectAsync(company, connection, refreshToken: "entered by the office");

        Assert.Contains("cut off", Assert.IsType<Outcome.Reconnect>(reconnect.Outcome).Reason, StringComparison.Ordinal);
        Assert.Equal("access-2", (await GetAsync(second)).AccessToken);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Saving_settings_again_keeps_a_rotated_refresh_token()
    {
        await using var host = await StartAsync();
        await host.ConnectAsync(company, connection, refreshToken: "refresh-0");
        await GetAsync(host);

        await host.ConnectAsync(company, connection, "org", refreshToken: "refresh-0");
        clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal("access-2", (await GetAsync(host)).AccessToken);
    }

    [Fact]
    public async Task What_people_enter_while_tokens_are_refreshed_is_taken_and_each_has_a_number_of_its_own()
    {
        const int Each = 20;
        await using var host = await StartAsync();
        await host.ConnectAsync(company, connection, refreshToken: "entered");
        // The lock of a refresh is the token store's own: what is entered goes past it, and the endpoint refuses it.
        var refreshes = Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
                await Assert.ThrowsAsync<OutcomeException>(() => GetAsync(host));
        });
        var people = Enumerable.Range(0, 4).Select(person => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
                await host.ConnectAsync(company, connection, refreshToken: $"entered-{person}-{i}", maxConcurrent: 1 + i % 2);
        }));

        await Task.WhenAll([refreshes, .. people]);

        Assert.Equal(1 + (4L * Each), await database.ScalarAsync<long>($"select count(*) from recording.token where company_id = '{company}' and kind = 'entered'"));
    }

    [Fact]
    public async Task A_connection_without_credentials_stands_in_reconnect_and_everything_goes_on_once_they_are_entered()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock, endpoint);
        await host.ConnectAsync(company, connection, maxConcurrent: 1);
        var asks = host.Services.GetRequiredService<TokenStore>();
        var settings = host.Services.GetRequiredService<ConnectionStore>();
        erp.Arriving = async _ => await asks.GetAsync((await settings.FindAsync(company, connection, default))!, null, default);
        var orders = new[] { A.Order(company, connection), A.Order(company, connection) };

        foreach (var order in orders)
            await host.TakeAsync(order);
        await database.UntilAsync(orders[0].RecordId, "reconnect");
        var told = await host.ReportAsync(orders[1]);
        await host.ConnectAsync(company, connection, refreshToken: "refresh-0");
        await database.UntilAsync(orders[0].RecordId, "done", clock);
        await database.UntilAsync(orders[1].RecordId, "done", clock);

        Assert.Equal((DeliveryState.Reconnect, "connection.reconnect"), (told.State, told.Code));
        Assert.Equal(2, erp.Created.Count);
    }

    [Fact]
    public async Task What_a_person_enters_while_the_ERP_says_no_to_the_old_counts_and_nobody_has_to_enter_it_again()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock, endpoint);
        await host.ConnectAsync(company, connection, refreshToken: "refresh-0");
        erp.Arriving = async _ =>
        {
            erp.Arriving = _ => Task.CompletedTask;
            await host.ConnectAsync(company, connection, refreshToken: "refresh-new");
            throw new OutcomeException(new Outcome.Reconnect("The ERP no longer takes our sign-in."));
        };
        var order = A.Order(company, connection);

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Single(erp.Created);
        Assert.False(await database.ScalarAsync<bool>($"select reconnect from recording.account where company_id = '{company}'"));
    }

    private Task<RecordingHost> StartAsync() => RecordingHost.StartAsync(database, new RecordingErp(clock), clock, endpoint);

    private async Task<Tokens> GetAsync(RecordingHost host, string? rejected = null)
    {
        var found = await host.Services.GetRequiredService<ConnectionStore>().FindAsync(company, connection, default);
        return await host.Services.GetRequiredService<TokenStore>().GetAsync(found!, rejected, default);
    }
}

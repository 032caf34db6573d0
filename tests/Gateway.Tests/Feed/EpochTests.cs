using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>An older backup of the database is put back, and what devices bring proves it.</summary>
[Collection("epochs")]
[InCi]
public sealed class EpochTests(EpochsFixture gateway)
{
    private const string Levels = "select string_agg(distinct level::text || epoch::text, ' ') from gateway.company_feed";

    [Fact]
    public async Task What_was_acknowledged_and_is_not_there_begins_one_epoch_for_all_companies_however_many_devices_find_it()
    {
        using var device = await gateway.EnrolAsync();
        var backup = await Backup.TakeAsync(gateway);
        var lost = await PushAsync(device, 6);
        var (before, past) = (await gateway.Scalar<long>("select max(level) from gateway.company_feed"), await gateway.Scalar<long>("select count(distinct ended_at) from gateway.past_epoch"));

        await backup.PutBackAsync();
        var verdicts = await Task.WhenAll(lost.Select(one => device.OfferAsync((one.Record, one.Proof))));

        Assert.Equal(lost.Select(one => one.Number), verdicts.Select(answer => Number(Assert.Single(answer))));
        Assert.All(verdicts, answer => Assert.Equal("accepted", answer[0].GetProperty("outcome").GetString()));
        Assert.Equal(past + 1, await gateway.Scalar<long>("select count(distinct ended_at) from gateway.past_epoch"));
        Assert.DoesNotContain(' ', await gateway.Scalar<string>(Levels));
        Assert.True(await gateway.Scalar<long>("select max(level) from gateway.company_feed") > before);
        foreach (var office in new[] { gateway.Office, gateway.Other })
            Assert.Contains((await office.GetFromJsonAsync<JsonElement>("/v1/office/alerts?seen=false")).GetProperty("alerts").EnumerateArray(), alert => alert.GetProperty("kind").GetString() == "server.setBack");
    }

    [Fact]
    public async Task Numbers_stay_as_they_were_also_when_they_are_stated_later_than_new_orders_are_numbered()
    {
        using var device = await gateway.EnrolAsync();
        await PushAsync(device, 2);
        var backup = await Backup.TakeAsync(gateway);
        var lost = await PushAsync(device, 3);

        await backup.PutBackAsync();
        Assert.Equal(0, (await CommandAsync("epoch", "--new")).ExitCode);
        var fresh = await PushAsync(device, 3);
        var again = await device.OfferAsync(lost.Select(one => (one.Record, one.Proof)));
        var later = Assert.Single(await PushAsync(device, 1));

        Assert.Equal(lost.Select(one => one.Number), again.Select(Number));
        var letters = await gateway.Scalar<string>("select sub from gateway.series where kind = 'order' and prefix = 'SO-MAIN-' limit 1");
        Assert.Equal(new[] { 1, 2, 3, 4 }.Select(n => $"SO-MAIN-{letters}{n:000000}"), [.. fresh.Select(one => one.Number).Order(), later.Number]);
        Assert.Matches("^[A-Z]{4}-$", letters);
    }

    [Fact]
    public async Task A_proof_that_is_not_ours_counts_for_nothing_and_the_office_is_told()
    {
        using var device = await gateway.EnrolAsync();
        using var stranger = await TestDevice.EnrolAsync(gateway.Other, gateway.Gateway.Url, "Stranger");
        var (record, other) = (An.Customer(), An.Customer());
        var foreign = Proof(Assert.Single(await stranger.PushAsync(record)));
        var ofAnother = Proof(Assert.Single(await device.PushAsync(other)));
        var levels = await gateway.Scalar<string>(Levels);

        foreach (var proof in new[] { foreign, ofAnother, foreign[..^1] + (foreign[^1] == 'A' ? 'B' : 'A'), "", "not a proof", new string('A', 5_000), "ä" })
            Assert.Contains(Assert.Single(await device.OfferAsync((record, proof))).GetProperty("outcome").GetString(), new[] { "accepted", "duplicate" });

        Assert.Equal(levels, await gateway.Scalar<string>(Levels));
        Assert.True(await gateway.Scalar<bool>($"select acknowledged_before is null from gateway.record where company_id = '{gateway.CompanyId}' and record_id = '{record["id"]!.GetValue<Guid>()}'"));
        var alert = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/alerts?device={device.Id}")).GetProperty("alerts")[0];
        Assert.Equal(("proof.notOurs", 7), (alert.GetProperty("kind").GetString(), alert.GetProperty("times").GetInt32()));
    }

    [Fact]
    public async Task A_number_that_is_somebody_elses_by_now_is_not_given_twice_and_the_office_is_told()
    {
        using var device = await gateway.EnrolAsync();
        await CommandAsync("epoch", "--new");
        var backup = await Backup.TakeAsync(gateway);
        var lost = Assert.Single(await PushAsync(device, 1));

        await backup.PutBackAsync();
        // Nobody has noticed yet: a record that no cursor and no proof came with gets the number once more.
        var twin = Assert.Single(await PushAsync(device, 1));
        Assert.Equal(lost.Number, twin.Number);
        var again = Assert.Single(await device.OfferAsync((lost.Record, lost.Proof)));

        Assert.Equal("accepted", again.GetProperty("outcome").GetString());
        Assert.NotEqual(lost.Number, Number(again));
        Assert.Contains((await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/alerts")).GetProperty("alerts").EnumerateArray(),
            alert => alert.GetProperty("kind").GetString() == "number.taken" && alert.GetProperty("message").GetString()!.Contains(lost.Number!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_is_held_when_it_comes_again_keeps_its_number_and_gets_no_second_one_when_it_goes_on()
    {
        using var device = await gateway.EnrolAsync();
        var (code, order) = ($"C-{Guid.NewGuid():N}", An.Order());
        order["body"]!["customer"] = new JsonObject { ["code"] = code };
        var backup = await Backup.TakeAsync(gateway);
        await AddCustomerAsync(code);
        var lost = Assert.Single(await device.PushAsync(order));

        await backup.PutBackAsync();
        var again = Assert.Single(await device.OfferAsync((order, Proof(lost))));
        Assert.Equal(("held", Number(lost)), (again.GetProperty("state").GetString(), Number(again)));
        await AddCustomerAsync(code);

        var id = order["id"]!.GetValue<Guid>();
        var stands = await Eventually.GetAsync(() => gateway.RecordAsync(id), record => record.GetProperty("state").GetString() == "accepted", "it goes on");
        Assert.Equal(Number(lost), stands.GetProperty("number").GetString());
    }

    [Fact]
    public async Task What_the_office_had_stopped_stays_stopped_when_it_is_offered_again()
    {
        using var device = await gateway.EnrolAsync();
        var backup = await Backup.TakeAsync(gateway);
        var order = An.Order();
        order["body"]!["customer"] = new JsonObject { ["code"] = $"C-{Guid.NewGuid():N}" };
        await device.PushAsync(order);
        var id = order["id"]!.GetValue<Guid>();
        (await gateway.Office.PostAsJsonAsync($"/v1/office/records/{id}/stop", new { })).EnsureSuccessStatusCode();
        var stopped = Assert.Single(await device.PushAsync(order));

        await backup.PutBackAsync();
        var again = Assert.Single(await device.OfferAsync((order, Proof(stopped))));

        Assert.Equal(("duplicate", "stopped"), (again.GetProperty("outcome").GetString(), again.GetProperty("state").GetString()));
        Assert.Equal("stopped", (await gateway.RecordAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Connectors_hear_of_the_epoch_by_itself_and_that_what_was_offered_again_may_exist_until_a_person_says_otherwise()
    {
        using var device = await gateway.EnrolAsync();
        var name = $"c{Guid.NewGuid():N}";
        await gateway.Execute($"insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{gateway.CompanyId}', gen_random_uuid(), '{name}', '{name}', '{{customer}}')");
        await using var connector = await TestConnector.StartAsync(gateway, name);
        var backup = await Backup.TakeAsync(gateway);
        var record = An.Customer();
        var id = record["id"]!.GetValue<Guid>();
        var lost = Assert.Single(await device.PushAsync(record));
        Assert.False((await connector.ReceivedAsync(id)).MayExist);

        await backup.PutBackAsync();
        await CommandAsync("epoch", "--new");
        var level = await gateway.Scalar<long>("select max(level) from gateway.company_feed");
        await Eventually.TrueAsync(() => connector.Epochs.Contains(new GatewayEpoch(gateway.CompanyId, level)), "it hears of the epoch");
        await device.OfferAsync((record, Proof(lost)));

        var again = await Eventually.GetAsync(() => Task.FromResult(connector.Messages.LastOrDefault()), message => message is { RecordId: var of, MayExist: true } && of == id, "it comes again");
        Assert.Equal((1L, level), (again!.Version, again.Epoch));
        await connector.ReportAsync(again, 1, DeliveryState.Attention, code: DeliverRecord.MayExistCode, reason: "It may have been sent.");
        await Eventually.TrueAsync(() => connector.Acknowledgements.Any(held => held.RecordId == id && held.Epoch == level), "the report is taken, under the new epoch");
        (await gateway.Office.PostAsJsonAsync($"/v1/office/records/{id}/retry", new { connection = name })).EnsureSuccessStatusCode();
        Assert.False((await connector.ReceivedAsync(id, version: 2)).MayExist);
    }

    [Fact]
    public async Task The_command_line_says_what_it_would_do_and_does_nothing_else_without_new()
    {
        var levels = await gateway.Scalar<string>(Levels);

        var help = await CommandAsync("epoch", "--help");
        var nothing = await CommandAsync("epoch");

        Assert.Equal((0, 2), (help.ExitCode, nothing.ExitCode));
        Assert.Contains("epoch --new", help.Output, StringComparison.Ordinal);
        Assert.Equal(levels, await gateway.Scalar<string>(Levels));
    }

    private static string Proof(JsonElement verdict) => verdict.GetProperty("proof").GetString()!;

    private static string? Number(JsonElement verdict) => verdict.TryGetProperty("number", out var number) ? number.GetString() : null;

    private static async Task<IReadOnlyList<(JsonObject Record, string Proof, string? Number)>> PushAsync(TestDevice device, int count)
    {
        var orders = Enumerable.Range(0, count).Select(_ => An.Order()).ToArray();
        foreach (var order in orders)
            order["body"]!["customer"] = new JsonObject { ["code"] = EpochsFixture.Customer };
        var verdicts = await device.PushAsync(orders);
        Assert.All(verdicts, verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
        return [.. orders.Zip(verdicts, (order, verdict) => (order, Proof(verdict), Number(verdict)))];
    }

    private async Task AddCustomerAsync(string code) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = Guid.CreateVersion7(), code, body = new { name = "Known" } } } })).EnsureSuccessStatusCode();

    private Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) =>
        ServiceProcess.RunAsync("services/Gateway", new Dictionary<string, string> { ["ConnectionStrings__ordersync"] = gateway.Database.ConnectionString }, arguments);
}

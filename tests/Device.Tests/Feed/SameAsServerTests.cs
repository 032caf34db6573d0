using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Device.Tests;

/// <summary>A device at the real gateway ends equal to it, whatever was edited, cut and killed on the way.</summary>
[Collection("gateway"), InCi]
public sealed class SameAsServerTests(GatewayFixture gateway, ITestOutputHelper output)
{
    private const string Pull = "/v1/sync/pull";
    private static readonly int Rounds = Servers.Full ? 300 : 12;

    [Fact]
    public async Task F009_F024_After_random_edits_cuts_and_restarts_the_copy_has_the_servers_hashes()
    {
        await using var site = await Site.OpenAsync(gateway);
        var seed = Servers.Full ? Random.Shared.Next() : 20261122;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            await EditAsync(random);
            site.Device.Capture(Entered.Customer($"Customer {round}"));
            var cut = random.Next(3) == 0 ? random.Next(4_000) : (int?)null;
            site.Fate = request => request.Path == Pull && cut is not null ? new LineFate { CutAnswerAt = cut } : LineFate.Passes;
            await site.Device.SyncNowAsync();
            if (random.Next(4) == 0)
                site.Reopen();
        }

        site.Fate = _ => LineFate.Passes;
        var report = await site.Device.SyncNowAsync();
        Assert.Null(report.Trouble);
        await AssertEqualAsync(site);
    }

    [Fact]
    public async Task F002_F010_A_first_download_cut_twenty_times_ends_equal_and_the_office_sees_it_ready_only_then()
    {
        for (var i = 0; i < 6; i++)
            await PutAsync(Enumerable.Range(i * 500, 500).Select(one => Product(one, "Clean")));
        await using var clean = await Site.OpenAsync(gateway);
        var (bytes, of) = (0L, 0L);
        clean.Line.Answered += (request, passed) => of += request.Path == Pull ? passed : 0;
        await clean.Device.SyncNowAsync();
        await using var site = await Site.OpenAsync(gateway);
        site.Line.Answered += (request, passed) => bytes += request.Path == Pull ? passed : 0;
        var random = new Random(20261122);
        site.Fate = request => request.Path == Pull && site.Asked(Pull) <= 20 ? new LineFate { CutAnswerAt = random.Next((int)of / 10) } : LineFate.Passes;
        for (var cut = 0; cut < 20 && !site.Device.Readiness.IsReady; cut++)
        {
            Assert.False(await gateway.Scalar<bool>($"select ready_at is not null from gateway.device where device_id = '{site.Device.DeviceId}'"));
            await site.Device.SyncNowAsync();
            if (cut % 5 == 0)
                site.Reopen();
        }

        site.Fate = _ => LineFate.Passes;
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        Assert.True(site.Line.Cuts > 0);
        Assert.True(await gateway.Scalar<bool>($"select ready_at is not null from gateway.device where device_id = '{site.Device.DeviceId}'"));
        await AssertEqualAsync(site);
        output.WriteLine($"{bytes} bytes in {site.Asked(Pull)} pulls, {of} in one");
    }

    [Fact]
    public async Task A_record_that_waits_and_goes_on_is_told_so_by_the_feed()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = Guid.NewGuid();
        var order = site.Device.Capture(Entered.Order(customer));
        await site.Device.SyncNowAsync();
        Assert.Equal(RecordState.Waiting, site.Device.Find(order.Id)!.State);
        await PutCustomerAsync(customer, "Ana's Bikes");

        await Eventually.TrueAsync(async () =>
        {
            await site.Device.SyncNowAsync();
            return site.Device.Find(order.Id)!.State == RecordState.Accepted;
        }, "the feed tells that it goes on");

        Assert.Equal([RecordState.Waiting, RecordState.Accepted], site.Told.Where(record => record.Id == order.Id).Select(record => record.State));
        Assert.NotNull(site.Device.Find(order.Id)!.Verdict!.Number);
    }

    private async Task EditAsync(Random random)
    {
        await PutAsync(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Product(random.Next(40), string.Create(CultureInfo.InvariantCulture, $"Käse {random.Next(1_000)}"))).DistinctBy(product => product.Sku));
        await PutCustomerAsync(new Guid(random.Next(10), 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]), $"Customer {random.Next(1_000)}");
    }

    private async Task PutCustomerAsync(Guid id, string name) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id, code = $"S-{id:N}"[..20], body = new { name } } } })).EnsureSuccessStatusCode();

    private static (string Sku, object Body) Product(int one, string name) => ($"SAME-{one}", new { sku = $"SAME-{one}", name = $"{name} {one}", price = 1.25m * one, barcodes = new[] { $"40{one}" }, description = new string('x', 200) });

    private async Task PutAsync(IEnumerable<(string Sku, object Body)> products) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = products.Select(product => product.Body) })).EnsureSuccessStatusCode();

    /// <summary>Against what the server says of another device of the same scope, which has nothing yet.</summary>
    private async Task AssertEqualAsync(Site site)
    {
        using var other = await gateway.EnrolAsync();
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", other.AccessToken);
        var last = (await http.GetStringAsync(new Uri(Pull, UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        var server = JsonDocument.Parse(last).RootElement.GetProperty("end").GetProperty("collections").EnumerateObject().ToDictionary(one => one.Name, one => one.Value);
        var own = site.Device.Catalogue.Contents();
        Assert.All(server, one => Assert.Equal((one.Value.GetProperty("count").GetInt64(), one.Value.GetProperty("hash").GetString()), own.GetValueOrDefault(one.Key, (0, "0000000000000000"))));
        Assert.Equal(own["products"].Count, site.Device.Catalogue.Products().Count);
    }
}

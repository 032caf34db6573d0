using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>What a device is told: everything once, then only what has changed.</summary>
[Collection("feed")]
public sealed class PullTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F009_A_fresh_device_ends_with_counts_and_hashes_equal_to_the_servers()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);

        await device.SyncAsync();

        Assert.Equal(("full", "first"), (device.Begin.GetProperty("mode").GetString(), device.Begin.GetProperty("reason").GetString()));
        device.AssertEqual();
        Assert.Equal("Bottle cage", device.Row("products", "SKU-1").GetProperty("name").GetString());
        Assert.Equal(8, device.Row("taxes", "T8").GetProperty("rate").GetDecimal());
    }

    [Fact]
    public async Task F021_Nothing_changed_is_two_lines_and_the_same_cursor()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        await device.SyncAsync();
        var (before, cursor) = (device.Bytes, device.Cursor);

        Assert.True(await device.PullAsync());

        Assert.Equal((cursor, 0), (device.Cursor, device.End.GetProperty("rows").GetInt32()));
        Assert.InRange(device.Bytes - before, 1, 1_500);
    }

    [Fact]
    public async Task F021_That_nothing_has_changed_is_known_from_one_statement()
    {
        await using var parts = await FeedParts.OpenAsync(gateway);
        var (cursor, _, _) = await parts.PullAsync(null);
        var statements = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var mine = new Activity(nameof(F021_That_nothing_has_changed_is_known_from_one_statement)).SetIdFormat(ActivityIdFormat.W3C).Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            // Other tests of the process use the same source.
            ActivityStopped = one =>
            {
                if (one.TraceId == mine.TraceId)
                    statements.Enqueue($"{one.DisplayName} {one.GetTagItem("db.query.text")}");
            },
        };
        ActivitySource.AddActivityListener(listener);

        for (var i = 0; i < 3; i++)
            Assert.True((await parts.PullAsync(cursor)).Pull.UpToDate);

        Assert.Equal(3, statements.Count);
    }

    [Fact]
    public async Task F020_F023_New_changed_and_deleted_rows_arrive_once_each_and_nothing_else()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var sku = $"N-{Guid.NewGuid():N}";
        await device.SyncAsync();

        await PutAsync(sku, "New");
        await device.SyncAsync();
        Assert.Equal(["products"], device.Lines.Select(CollectionOf));
        Assert.Equal("New", device.Row("products", sku).GetProperty("name").GetString());

        await PutAsync(sku, "Changed");
        await device.SyncAsync();
        Assert.Equal("Changed", device.Row("products", sku).GetProperty("name").GetString());

        await gateway.Execute($"update gateway.item set removed = true where sku = '{sku}'");
        await device.SyncAsync();
        Assert.Contains("\"gone\":\"deleted\"", Assert.Single(device.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain(sku, device.Rows("products").Keys);
        device.AssertEqual();
    }

    [Fact]
    public async Task A_row_written_as_it_was_is_told_nobody()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var sku = $"S-{Guid.NewGuid():N}";
        await PutAsync(sku, "Same");
        await device.SyncAsync();

        await gateway.Execute($"update gateway.item set name = name where sku = '{sku}'");
        Assert.True(await device.PullAsync());

        Assert.Empty(device.Lines);
    }

    [Fact]
    public async Task A_list_of_any_length_holds_up_pushes_for_five_hundred_changes_at_most()
    {
        var mark = Guid.NewGuid().ToString("N");
        (await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = Enumerable.Range(0, 1_200).Select(i => new { sku = $"{mark}-{i}", name = "Many", price = 1.50m }) })).EnsureSuccessStatusCode();

        Assert.Equal(1_200, await gateway.Scalar<long>($"select count(*) from gateway.feed where key like '{mark}-%'"));
        Assert.Equal(500, await gateway.Scalar<long>($"select max(n) from (select count(*) as n from gateway.feed where key like '{mark}-%' group by tx) parts"));
    }

    [Fact]
    public async Task F026_A_pull_after_an_acknowledged_push_holds_it()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        using var other = await ModelDevice.EnrolAsync(gateway, "Grace");
        await device.SyncAsync();
        await other.SyncAsync();
        var customer = An.Customer();
        var order = An.Order(customer: customer["id"]!.GetValue<Guid>());

        var verdict = (await device.Device.PushAsync(customer, order))[1];
        await device.SyncAsync();
        await other.SyncAsync();

        var id = order["id"]!.GetValue<Guid>().ToString();
        Assert.Equal(("accepted", verdict.GetProperty("number").GetString()), (device.Row("verdicts", id).GetProperty("outcome").GetString(), device.Row("verdicts", id).GetProperty("number").GetString()));
        Assert.Equal("erp", device.Row("status", id).GetProperty("destinations")[0].GetProperty("connection").GetString());
        Assert.DoesNotContain(id, other.Rows("verdicts").Keys);
    }

    private static string CollectionOf(string line) => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("c").GetString()!;

    private async Task PutAsync(string sku, string name) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = new[] { new { sku, name, price = 1.50m } } })).EnsureSuccessStatusCode();
}

/// <summary>Test classes of the feed share a gateway.</summary>
[CollectionDefinition("feed")]
public sealed class SharedFeed : ICollectionFixture<GatewayFixture>;

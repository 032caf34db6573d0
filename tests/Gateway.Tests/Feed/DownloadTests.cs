using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>A first download on a bad line, beside people who go on working, on a server that is killed.</summary>
[InCi]
public sealed class DownloadTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>, IAsyncLifetime
{
    private const int Page = 256 * 1024;
    private const long MostGrowth = 16 * 1024 * 1024;
    private static readonly int Products = Servers.Full ? 50_000 : 3_000;
    private static readonly int Customers = Servers.Full ? 20_000 : 1_000;

    public async Task InitializeAsync()
    {
        // A fixture of its own, but each test of the class comes here.
        if (await gateway.Scalar<long>("select count(*) from gateway.item") > 100)
            return;
        for (var from = 0; from < Products; from += 500)
            await gateway.Execute($$"""
                insert into gateway.item (company_id, sku, name, unit, price, tax_code, barcodes, categories, attributes, description)
                select '{{gateway.CompanyId}}', 'P-' || lpad(n::text, 6, '0'), 'Product ' || md5(n::text), 'pcs', n / 7.0, 'T8', array[(4000000000000 + n)::text], array['All', 'Group ' || n % 20],
                    jsonb_build_object('colour', md5((n % 9)::text)), repeat(md5((n + 1)::text) || ' ', 5) from generate_series({{from}}, {{from + 499}}) n where n < {{Products}}
                """);
        for (var from = 0; from < Customers; from += 500)
            await gateway.Execute($$"""
                insert into gateway.customer (company_id, customer_id, rev, number, name, body)
                select '{{gateway.CompanyId}}', gen_random_uuid(), 1, 'C-' || n, 'Customer ' || n, json_build_object('name', 'Customer ' || n, 'phone', md5(n::text), 'notes', repeat(md5(n::text) || ' ', 5))::text
                from generate_series({{from}}, {{from + 499}}) n where n < {{Customers}}
                """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task F010_A_first_download_cut_twenty_times_costs_a_fifth_more_at_most_and_ends_equal()
    {
        using var clean = await ModelDevice.EnrolAsync(gateway);
        await clean.SyncAsync();
        clean.AssertEqual();
        using var device = await ModelDevice.EnrolAsync(gateway);
        var random = new Random(20);
        // In between each cut at least one page gets through, as on any line that is of use.
        var cuts = Servers.Full ? 20 : 3;
        for (var cut = 0; cut < cuts; cut++)
            Assert.False(await device.PullAsync(cutAfter: Page + 2_000 + random.NextInt64(Math.Max(1, (clean.Bytes / cuts) - (2 * Page)))));
        Assert.True(await device.PullAsync());

        device.AssertEqual();
        Assert.Equal(clean.End.GetProperty("collections").GetRawText(), device.End.GetProperty("collections").GetRawText());
        Assert.InRange(device.Bytes, clean.Bytes, Servers.Full ? (long)(clean.Bytes * 1.2) : clean.Bytes + (cuts * (Page + 2_000)));
    }

    [Fact]
    public async Task F010_The_gateways_memory_is_the_same_at_the_end_of_a_first_download_as_after_its_first_tenth()
    {
        using var model = await ModelDevice.EnrolAsync(gateway);
        await model.SyncAsync();
        using var device = await gateway.EnrolAsync();
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", device.AccessToken);
        using var answer = await http.GetAsync("/v1/sync/pull", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var (buffer, bytes, early, late) = (new byte[64 * 1024], 0L, 0L, 0L);
        for (int read; (read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false)) > 0; bytes += read)
        {
            if (bytes < model.Bytes / 10)
                early = Math.Max(early, Memory());
            else
                late = Math.Max(late, Memory());
        }

        Assert.True(bytes > model.Bytes * 9 / 10);
        Assert.True(late <= early + MostGrowth, $"{early:N0} bytes after the first tenth, {late:N0} later");

        long Memory()
        {
            using var process = System.Diagnostics.Process.GetProcessById(gateway.Gateway.ProcessId);
            return process.WorkingSet64;
        }
    }

    [Fact]
    public async Task F019_A_first_download_beside_writers_ends_as_the_server_is_at_its_position()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var edits = 0;
        while (!await device.PullAsync(cutAfter: Page + 2_000))
        {
            await gateway.Execute($"""
                update gateway.item set price = {++edits} where sku in ('P-000001', 'P-{edits * 100:000000}', 'P-002999');
                update gateway.item set removed = true where sku in ('P-{edits:000010}', 'P-{2_900 + edits:000000}');
                insert into gateway.item (company_id, sku, name) values ('{gateway.CompanyId}', 'A-{Guid.NewGuid():N}', 'Before all'), ('{gateway.CompanyId}', 'Z-{Guid.NewGuid():N}', 'After all');
                update gateway.tax set rate = {edits} where code = 'T8'
                """);
        }

        Assert.True(edits > 3, $"{edits} edits");
        device.AssertEqual();
        Assert.Equal(edits, device.Row("taxes", "T8").GetProperty("rate").GetInt32());
        Assert.Equal(edits, device.Row("products", "P-000001").GetProperty("price").GetInt32());
    }

    [Fact]
    public async Task F019_What_a_pull_proves_is_what_stands_at_its_position_however_much_is_written_meanwhile()
    {
        using var stop = new CancellationTokenSource();
        var writers = Task.WhenAll(Enumerable.Range(0, 2).Select(writer => WriteUntilAsync(writer, stop.Token)));
        using var device = await ModelDevice.EnrolAsync(gateway);
        for (var pull = 0; pull < (Servers.Full ? 100 : 15); pull++)
        {
            await device.SyncAsync();
            device.AssertEqual();
        }

        await stop.CancelAsync();
        await writers;
    }

    [Fact]
    public async Task F028_A_download_goes_on_after_the_gateway_was_killed_between_two_pages()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        Assert.False(await device.PullAsync(cutAfter: 3 * Page));
        var before = device.Bytes;

        await gateway.Gateway.KillAsync();
        await gateway.Gateway.StartAsync();
        Assert.True(await device.PullAsync());

        Assert.True(device.Begin.GetProperty("resumed").GetBoolean());
        device.AssertEqual();
        Assert.True(device.Bytes - before > 0);
        Assert.True(await device.AcknowledgeAsync());
    }

    private async Task WriteUntilAsync(int writer, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++)
            await gateway.Execute($"update gateway.item set price = {n} where sku in ('P-{(n % 50) + (writer * 100):000000}', 'P-{(n % 50) + (writer * 100) + 50:000000}')");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task F009_A_packed_download_is_the_same_and_a_fraction_of_the_bytes(string encoding)
    {
        using var plain = await ModelDevice.EnrolAsync(gateway);
        await plain.SyncAsync();
        using var device = await ModelDevice.EnrolAsync(gateway);
        device.Encoding = encoding;

        await device.SyncAsync();

        device.AssertEqual();
        Assert.Equal(plain.End.GetProperty("collections").GetRawText(), device.End.GetProperty("collections").GetRawText());
        Assert.InRange(device.Bytes, 1, plain.Bytes / 2);
    }
}

using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>Devices on the worst of lines take nothing from the others.</summary>
[InCi]
public sealed class SlowReadersTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly int Readers = Servers.Full ? 100 : 40;

    [Fact]
    public async Task Devices_that_read_two_kilobytes_a_second_hold_no_connection_and_no_snapshot_and_others_push_and_pull_as_before()
    {
        // More than the buffers of a line hold, and more readers than there are connections.
        for (var from = 0; from < 8_000; from += 500)
            await gateway.Execute($$"""
                insert into gateway.item (company_id, sku, name, description)
                select '{{gateway.CompanyId}}', 'P-' || n, 'Product', (select string_agg(md5((n * i)::text), '') from generate_series(1, 60) i) from generate_series({{from}}, {{from + 499}}) n
                """);
        using var other = await ModelDevice.EnrolAsync(gateway);
        var slow = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => SlowReader.StartAsync(gateway)));

        // Whoever would hold something, holds it as long as its reader reads.
        await Eventually.TrueAsync(async () => await HeldAsync() == 0, "no statement, transaction or snapshot of the gateway is open");
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(slow.Select(reader => reader.ReadAsync(2_000)));
            await other.Device.PushAsync(An.Customer());
            await other.SyncAsync();
            other.AssertEqual();
            await Eventually.TrueAsync(async () => await HeldAsync() == 0, "nothing of the gateway is open between two pages");
        }

        // They are all still in the middle of it, and get to the end.
        Assert.All(slow, reader => Assert.False(reader.IsOver));
        Assert.True(await slow[0].ReadToEndAsync());
        foreach (var reader in slow)
            reader.Dispose();
    }

    [Fact]
    public async Task A_device_that_asks_again_ends_its_own_pull_that_hangs()
    {
        await gateway.Execute($"""
            insert into gateway.item (company_id, sku, name, description)
            select '{gateway.CompanyId}', 'H-' || n, 'Product', repeat(md5(n::text), 1500) from generate_series(1, 500) n
            """);
        using var hanging = await SlowReader.StartAsync(gateway);
        using var device = new ModelDevice(hanging.Device, gateway.Gateway.Url);

        await device.SyncAsync();

        device.AssertEqual();
        Assert.False(await hanging.ReadToEndAsync());
    }

    // The tests' own connections are the administrator's.
    private Task<long> HeldAsync() => gateway.Scalar<long>("""
        select count(*) from pg_stat_activity where datname = current_database() and usename = 'gateway' and backend_type = 'client backend'
            and (state <> 'idle' or backend_xmin is not null or backend_xid is not null)
        """);

    private sealed class SlowReader : IDisposable
    {
        private readonly HttpClient http;
        private readonly HttpResponseMessage answer;
        private readonly Stream stream;
        private string end = "";

        private SlowReader(TestDevice device, HttpClient http, HttpResponseMessage answer, Stream stream) => (Device, this.http, this.answer, this.stream) = (device, http, answer, stream);

        public TestDevice Device { get; }

        public bool IsOver { get; private set; }

        public static async Task<SlowReader> StartAsync(GatewayFixture gateway)
        {
            var device = await gateway.EnrolAsync();
            // Nothing is read ahead on this side.
            var http = new HttpClient(new SocketsHttpHandler
            {
                ConnectCallback = async (context, stop) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
                    await socket.ConnectAsync(context.DnsEndPoint, stop);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }) { BaseAddress = gateway.Gateway.Url };
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sync/pull");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            return new(device, http, answer, await answer.Content.ReadAsStreamAsync());
        }

        public async Task ReadAsync(int bytes)
        {
            var buffer = new byte[bytes];
            IsOver |= await stream.ReadAsync(buffer) == 0;
        }

        /// <summary>Whether the end came, and not just the end of the line.</summary>
        public async Task<bool> ReadToEndAsync()
        {
            try
            {
                using var reader = new StreamReader(stream);
                while (await reader.ReadLineAsync() is { } line)
                    end = line;
                return end.StartsWith("{\"end\"", StringComparison.Ordinal) && JsonSerializer.Deserialize<JsonElement>(end).GetProperty("end").TryGetProperty("cursor", out _);
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                return false;
            }
        }

        public void Dispose()
        {
            answer.Dispose();
            http.Dispose();
            Device.Dispose();
        }
    }
}

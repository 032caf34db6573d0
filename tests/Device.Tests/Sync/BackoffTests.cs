using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_to_their_longest_with_full_jitter_and_are_never_shorter_than_asked()
    {
        var (first, longest) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        var pauses = Enumerable.Range(0, 300).Select(_ => new Backoff(first, longest)).Select(backoff => Enumerable.Range(0, 12).Select(_ => backoff.Next(null)).ToList()).ToList();

        for (var tries = 0; tries < 12; tries++)
        {
            var most = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, tries)));
            var spread = pauses.Select(one => one[tries]).ToList();
            Assert.True(spread.Max() <= most && spread.Max() > most * 0.9 && spread.Min() < most * 0.1, $"after {tries} tries from {spread.Min()} to {spread.Max()}");
        }

        var asked = Enumerable.Range(0, 100).Select(_ => new Backoff(first, longest).Next(TimeSpan.FromSeconds(30))).Order().ToList();
        Assert.True(asked[0] >= TimeSpan.FromSeconds(30) && asked[^1] <= TimeSpan.FromSeconds(36), $"asked to wait 30 s: from {asked[0]} to {asked[^1]}");
    }

    [Fact]
    public async Task A_server_that_asks_to_come_later_is_asked_again_only_then()
    {
        using var folder = new ScratchFolder();
        var clock = new ManualClock();
        using var server = new BusyServer(TimeSpan.FromSeconds(40));
        using var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere, Clock = clock, Handler = server });
        device.Capture(new NewCustomer("Ana's Bikes"));
        using var stop = new CancellationTokenSource();

        var running = device.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => clock.NextTimer > clock.GetUtcNow() + TimeSpan.FromSeconds(39) && server.Calls == 1, "the first pause");
        Assert.Equal("1 waiting", device.State.ToString());
        Assert.Equal("The server's database does not answer.", device.State.Trouble);
        clock.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(1, server.Calls);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => server.Calls == 2, "the second call");

        // The platform says that the line is back: no pause is waited for.
        await Eventually.TrueAsync(() => clock.NextTimer > clock.GetUtcNow() + TimeSpan.FromSeconds(39), "the second pause");
        device.Wake();
        await Eventually.TrueAsync(() => server.Calls == 3, "the third call");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private sealed class BusyServer(TimeSpan after) : HttpMessageHandler
    {
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref calls);
            var answer = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = JsonContent.Create(new { type = "server.busy", detail = "The server's database does not answer." }) };
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(after);
            return Task.FromResult(answer);
        }
    }
}

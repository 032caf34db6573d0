using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>What an app that lives long sees of its sync loop. The gateway is stood in for at HTTP where it would have to be in trouble at a certain moment.</summary>
public sealed class LoopTests
{
    [Fact]
    public async Task What_is_captured_while_the_loop_sends_goes_at_once_and_what_is_wanted_later_goes_later()
    {
        using var folder = new ScratchFolder();
        var clock = new ManualClock();
        using var server = new Server();
        using (var file = DeviceFile.Open(folder.File, null))
        using (var credentials = new Credentials(file, new DeviceOptions { Gateway = CapturingApp.Nowhere }))
            credentials.Enrolled(CapturingApp.Nowhere, Guid.NewGuid(), Guid.NewGuid(), "token", "refresh");
        using var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = CapturingApp.Nowhere, Clock = clock, Handler = server, Downloads = false });
        var (first, second) = (device.Capture(new NewCustomer("First")), device.Capture(new NewCustomer("Second")));
        server.WantsLater = second.Id;
        Captured? third = null;
        device.Told += record => third ??= record.Id == first.Id ? device.Capture(new NewCustomer("Third")) : null;
        using var stop = new CancellationTokenSource();

        var running = device.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => third is not null && device.Find(third.Id)!.State == RecordState.Accepted, "the third is accepted with no time passing");
        await Eventually.TrueAsync(() => device.State is { Activity: SyncActivity.Idle, ToSend: 1 } && clock.PendingTimers > 0, "the second is left for later");
        Assert.StartsWith("The server asks to send the rest later", device.State.Trouble, StringComparison.Ordinal);

        server.WantsLater = Guid.Empty;
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => device.State.ToString() == "Nothing to send" && device.State.Trouble is null, "all is sent");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal([first.Id, third!.Id, second.Id], server.Accepted);
    }

    private sealed class Server : HttpMessageHandler
    {
        public Guid WantsLater { get; set; }

        public List<Guid> Accepted { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
                return Answer(new { push = new { records = 1_000, bytesSent = 4_000_000, bytesUnpacked = 16_000_000 } });
            var records = await request.Content!.ReadFromJsonAsync<JsonElement>(cancellationToken);
            var verdicts = records.EnumerateArray().Select(record => record.GetProperty("id").GetGuid())
                .Select(id => new { id, rev = 1, outcome = id == WantsLater ? "retryLater" : "accepted" }).ToList();
            Accepted.AddRange(verdicts.Where(verdict => verdict.outcome == "accepted").Select(verdict => verdict.id));
            return Answer(new { verdicts, received = verdicts.Count, end = true });
        }

        private static HttpResponseMessage Answer(object body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrderSync.Testing;
using OrderSync.Testing.Run;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>A stream over HTTP/2, at a gateway of its own that listens for it.</summary>
[Collection("gateway")]
[InCi]
public sealed class AnswerAtOnceTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F033_Over_HTTP_2_a_chunk_and_what_came_before_a_pause_are_answered_before_the_next_one_is_sent()
    {
        var ports = TestPorts.Take(2);
        var environment = new Dictionary<string, string>(gateway.Environment)
        {
            ["Kestrel__Endpoints__One__Url"] = $"http://127.0.0.1:{ports[0]}",
            ["Kestrel__Endpoints__Two__Url"] = $"http://127.0.0.1:{ports[1]}",
            ["Kestrel__Endpoints__Two__Protocols"] = "Http2",
        };
        await using var second = await ServiceProcess.StartAsync("services/Gateway", environment, port: ports[0]);
        using var device = await gateway.EnrolAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[1]}") };
        // More than a chunk, and less than another.
        var first = Enumerable.Range(0, 140).Select(_ => An.Customer()).ToList();
        var body = new InTwoParts(PushStreamTests.Lines(first), PushStreamTests.Lines([An.Customer()]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sync/push") { Content = body, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Eventually.Patience);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var verdicts = new List<JsonElement>();
        while (verdicts.Count < 140)
            verdicts.Add(JsonSerializer.Deserialize<JsonElement>((await lines.ReadLineAsync().WaitAsync(Eventually.Patience))!));
        body.GoOn.SetResult();
        var rest = (await lines.ReadToEndAsync().WaitAsync(Eventually.Patience)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.All(verdicts, verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
        Assert.Equal(2, rest.Length);
        Assert.Equal(141, JsonSerializer.Deserialize<JsonElement>(rest[1]).GetProperty("received").GetInt32());
    }

    /// <summary>The second part goes out once a test says so.</summary>
    private sealed class InTwoParts : HttpContent
    {
        private readonly byte[] first, second;

        public InTwoParts(byte[] first, byte[] second)
        {
            (this.first, this.second) = (first, second);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(first);
            await stream.FlushAsync();
            await GoOn.Task;
            await stream.WriteAsync(second);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

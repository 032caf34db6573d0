using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Device;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Traffic.Storm;

/// <summary>
/// A device that was cut off and has something to send, as lean as can be: the calls, the packing and the pauses of the device library, without its file.
/// </summary>
internal sealed class StormDevice(Guid company, Guid id, ECDsa key, string refreshToken, int records, bool losesAnAnswer)
{
    /// <summary>Refusals of all devices, with the seconds they were told to wait.</summary>
    public sealed class Tally
    {
        private readonly Lock gate = new();

        public List<(int Status, double? Wait)> Refused { get; } = [];

        public Dictionary<Guid, int> Stored { get; } = [];

        public List<double> Seconds { get; } = [];

        /// <summary>What was stored of each company when the first of them had everything.</summary>
        public Dictionary<Guid, int>? AtFirstEnd { get; private set; }

        public void Add(int status, double? wait)
        {
            lock (gate)
                Refused.Add((status, wait));
        }

        public void Add(Guid company, int records, int all, double seconds)
        {
            lock (gate)
            {
                Stored[company] = Stored.GetValueOrDefault(company) + records;
                Seconds.Add(seconds);
                if (Stored[company] == all)
                    AtFirstEnd ??= new(Stored);
            }
        }
    }

    private readonly Backoff backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private string refresh = refreshToken;
    private string? access;

    public Guid Company => company;

    public int Records => records;

    /// <summary>Syncs until all it has is stored; gives the ids.</summary>
    public async Task<Guid[]> RunAsync(HttpClient http, Tally tally, int allOfCompany)
    {
        var began = Stopwatch.GetTimestamp();
        while (access is null && await RefreshAsync(http, tally) is { } pause)
            await Task.Delay(pause);
        while (await CapabilitiesAsync(http, tally) is { } pause)
            await Task.Delay(pause);
        // Made only now: five thousand bodies at once would be the generator's memory, not the server's.
        var (body, ids) = Body();
        if (losesAnAnswer)
            await LoseAsync(http, body);
        while (await PushAsync(http, tally, body, ids) is { } pause)
            await Task.Delay(pause);
        tally.Add(company, records, allOfCompany, Stopwatch.GetElapsedTime(began).TotalSeconds);
        return ids;
    }

    private async Task<TimeSpan?> RefreshAsync(HttpClient http, Tally tally)
    {
        var signature = key.SignData(Encoding.UTF8.GetBytes($"{id:D}.{refresh}"), HashAlgorithmName.SHA256);
        return await AskAsync(http, tally, () => new HttpRequestMessage(HttpMethod.Post, "/v1/devices/token")
        {
            Content = JsonContent.Create(new { deviceId = id, refreshToken = refresh, signature = Convert.ToBase64String(signature) }),
        }, answer =>
        {
            refresh = answer.GetProperty("refreshToken").GetString()!;
            access = answer.GetProperty("accessToken").GetString()!;
        });
    }

    private Task<TimeSpan?> CapabilitiesAsync(HttpClient http, Tally tally) =>
        AskAsync(http, tally, () => new HttpRequestMessage(HttpMethod.Get, "/v1/capabilities"), answer => Assert.True(answer.GetProperty("push").GetProperty("records").GetInt32() >= records));

    private Task<TimeSpan?> PushAsync(HttpClient http, Tally tally, byte[] body, Guid[] ids) => AskAsync(http, tally, () => Push(body), answer =>
    {
        var verdicts = answer.GetProperty("verdicts").EnumerateArray().ToList();
        Assert.Equal(ids, verdicts.Select(verdict => verdict.GetProperty("id").GetGuid()));
        Assert.All(verdicts, verdict => Assert.True(verdict.GetProperty("outcome").GetString() is "accepted" or "duplicate", verdict.ToString()));
    });

    // The line is cut once the request is out: whether it was stored, the device does not know.
    private async Task LoseAsync(HttpClient http, byte[] body)
    {
        using var cut = new CancellationTokenSource(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 400)));
        try
        {
            using var request = Push(body);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cut.Token);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
        {
            // As intended.
        }
    }

    private HttpRequestMessage Push(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sync/push") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        request.Headers.Add("OrderSync-Sent-At", DateTimeOffset.UtcNow.ToString("O"));
        return request;
    }

    // Null when it was taken, else how long the device library would wait.
    private async Task<TimeSpan?> AskAsync(HttpClient http, Tally tally, Func<HttpRequestMessage> make, Action<JsonElement> take)
    {
        try
        {
            using var request = make();
            using var answer = await http.SendAsync(request);
            if (answer.IsSuccessStatusCode)
            {
                take(await answer.Content.ReadFromJsonAsync<JsonElement>());
                backoff.Reset();
                return null;
            }

            var wait = answer.Headers.RetryAfter?.Delta;
            tally.Add((int)answer.StatusCode, wait?.TotalSeconds);
            Assert.True(answer.StatusCode == HttpStatusCode.TooManyRequests, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            return backoff.Next(wait);
        }
        catch (Exception none) when (none is HttpRequestException or IOException or OperationCanceledException)
        {
            tally.Add(0, null);
            return backoff.Next(null);
        }
    }

    private (byte[] Packed, Guid[] Ids) Body()
    {
        var all = new List<JsonObject>();
        while (all.Count < records)
        {
            var customer = Guid.CreateVersion7();
            all.Add(An.Customer(customer, seq: all.Count + 1));
            while (all.Count < records && all.Count % 5 != 0)
                all.Add(An.Order(customer: customer, lines: 3, seq: all.Count + 1));
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(An.Push(all));
        return (packed.ToArray(), [.. all.Select(record => record["id"]!.GetValue<Guid>())]);
    }
}

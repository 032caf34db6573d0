using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>A push of lines: committed and answered chunk by chunk.</summary>
[Collection("gateway-2")]
public sealed class PushStreamTests(GatewayFixture gateway)
{
    private static readonly int Step = Servers.Full ? 1 : 131;

    [Fact]
    public async Task F033_After_a_line_cut_in_the_38th_of_a_hundred_records_exactly_37_are_known_and_the_rest_follows()
    {
        using var device = await gateway.EnrolAsync();
        var records = Customers(100);
        var lines = Lines(records);
        var until = Lines(records.Take(37)).Length + 20;

        await SendCutAsync(device, lines, until, until: () => Eventually.TrueAsync(async () => await KnownAsync(records) >= 37, "what has come is stored though nothing follows"));

        var reconciled = await ReconcileAsync(device, records);
        Assert.Equal([.. Enumerable.Repeat("accepted", 37), .. Enumerable.Repeat("unknown", 63)], reconciled.Select(record => record.GetProperty("state").GetString()!));
        var (verdicts, end) = await SendAsync(device, lines);
        Assert.Equal([.. Enumerable.Repeat("duplicate", 37), .. Enumerable.Repeat("accepted", 63)], verdicts.Select(Outcome));
        Assert.Equal(records.Select(Id), verdicts.Select(verdict => verdict.GetProperty("id").GetGuid()));
        Assert.Equal((100, false), (end.GetProperty("received").GetInt32(), end.TryGetProperty("problem", out _)));
    }

    [Fact]
    public async Task F045_A_line_that_cannot_be_read_is_told_by_its_place_and_holds_up_none_of_250_others_in_any_packing()
    {
        using var device = await gateway.EnrolAsync();
        foreach (var encoding in new[] { null, "gzip", "br" })
        {
            var text = Encoding.UTF8.GetString(Lines(Customers(250))).Split('\n').ToList();
            text.Insert(117, "{\"kind\":\"customer\",");
            text.Insert(3, "  \r");

            var (verdicts, end) = await SendAsync(device, Pack(Encoding.UTF8.GetBytes(string.Join("\r\n", text)), encoding), encoding);

            Assert.Equal(251, end.GetProperty("received").GetInt32());
            Assert.True(end.TryGetProperty("epoch", out _));
            Assert.Equal(250, verdicts.Count(verdict => Outcome(verdict) == "accepted" && verdict.TryGetProperty("proof", out _)));
            Assert.Equal(("refused", "record.unreadable", 118), (Outcome(verdicts[117]), verdicts[117].GetProperty("code").GetString(), verdicts[117].GetProperty("line").GetInt32()));
        }
    }

    [Fact]
    public async Task F049_A_stream_cut_after_any_byte_of_request_and_answer_and_sent_again_leaves_each_record_once()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var (ids, cuts) = (new List<Guid>(), 0);
        var length = Lines(Morning(customer)).Length;
        for (var at = 0; at <= length; at += Step, cuts++)
        {
            var morning = Morning(customer);
            await SendCutAsync(device, Lines(morning), at, answered: at % 2 == 0 ? null : at / 10);
            var (verdicts, end) = await SendAsync(device, Lines(morning));
            Assert.All(verdicts, verdict => Assert.Contains(Outcome(verdict), new[] { "accepted", "duplicate" }));
            Assert.Equal(morning.Count, end.GetProperty("received").GetInt32());
            ids.AddRange(morning.Select(Id));
        }

        Assert.True(cuts > 10);
        await OnceAsync(ids);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_packed_stream_without_its_end_is_noticed_and_what_was_committed_before_stays(string encoding)
    {
        using var device = await gateway.EnrolAsync();
        var few = Customers(37);
        var refused = await SendAnyAsync(device, Pack(Lines(few), encoding)[..^1], encoding);
        Assert.Equal((HttpStatusCode.BadRequest, "push.packing"), await refused.CodeAsync());
        Assert.Equal(0, await KnownAsync(few));

        var many = Customers(250);
        var (verdicts, end) = await SendAsync(device, Pack(Lines(many), encoding)[..^1], encoding);
        Assert.Equal("push.packing", end.GetProperty("problem").GetProperty("type").GetString());
        Assert.Equal(end.GetProperty("received").GetInt32(), verdicts.Count);
        var committed = verdicts.Count(verdict => Outcome(verdict) == "accepted");
        Assert.Equal((200, 200), (committed, await KnownAsync(many)));
        Assert.All(verdicts.Skip(committed), verdict => Assert.Equal("retryLater", Outcome(verdict)));
    }

    [Fact]
    public async Task F048_Trouble_is_a_status_before_the_first_commit_and_stands_in_the_end_after_it()
    {
        using var device = await gateway.EnrolAsync();
        var records = Customers(1_001);
        var (verdicts, end) = await SendAsync(device, Lines(records));
        Assert.Equal((1_000, "push.tooManyRecords", 413), (end.GetProperty("received").GetInt32(), end.GetProperty("problem").GetProperty("type").GetString(), end.GetProperty("problem").GetProperty("status").GetInt32()));
        Assert.Equal((1_000, 1_000), (verdicts.Count, await KnownAsync(records)));

        var large = "{\"notes\":\"" + new string('x', 5_000_000);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "push.tooManyBytes"), await (await SendAnyAsync(device, Encoding.UTF8.GetBytes(large))).CodeAsync());
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "push.tooManyBytes"), await (await SendAnyAsync(device, Pack(new byte[100_000_000], "gzip"), "gzip")).CodeAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "push.cut"), await (await SendAnyAsync(device, Lines(Customers(1))[..^5])).CodeAsync());
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "push.encoding"), await (await SendAnyAsync(device, [], "zstd")).CodeAsync());
        Assert.Equal(0, (await SendAsync(device, [])).End.GetProperty("received").GetInt32());
        // The last line needs no line feed.
        Assert.Equal("accepted", Outcome(Assert.Single((await SendAsync(device, Lines(Customers(1))[..^1])).Verdicts)));
        (await gateway.Office.PostAsync($"/v1/office/devices/{device.Id}/revoke", new StringContent("{\"reason\":\"lost\"}", Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await (await SendAnyAsync(device, Lines(Customers(1)))).CodeAsync());
    }

    private static List<JsonObject> Customers(int count) => [.. Enumerable.Range(1, count).Select(seq => An.Customer(seq: seq))];

    private static List<JsonObject> Morning(Guid customer)
    {
        var order = Guid.CreateVersion7();
        return [An.Customer(Guid.CreateVersion7()), An.Order(order, customer, notes: "Grüße 🚲"), An.Receipt(customer: customer, order: order), An.Customer(customer)];
    }

    internal static byte[] Lines(IEnumerable<JsonObject> records) => Encoding.UTF8.GetBytes(string.Concat(records.Select(record => record.ToJsonString(ContractJson.Options) + "\n")));

    private static byte[] Pack(byte[] bytes, string? encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding switch { "gzip" => new GZipStream(packed, CompressionLevel.Fastest), "br" => new BrotliStream(packed, CompressionLevel.Fastest), _ => new BufferedStream(packed) })
            stream.Write(bytes);
        return packed.ToArray();
    }

    private static Guid Id(JsonObject record) => record["id"]!.GetValue<Guid>();

    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    private async Task<HttpResponseMessage> SendAnyAsync(TestDevice device, byte[] body, string? encoding = null)
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sync/push") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson", "utf-8");
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
        return await http.SendAsync(request);
    }

    private async Task<(List<JsonElement> Verdicts, JsonElement End)> SendAsync(TestDevice device, byte[] body, string? encoding = null)
    {
        using var answer = await SendAnyAsync(device, body, encoding);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == "application/x-ndjson", $"{answer.StatusCode}: {text}");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.True(lines[^1].GetProperty("end").GetBoolean());
        return (lines[..^1], lines[^1]);
    }

    /// <summary>Sends the head and so many bytes of the body, or all of it and reads so many bytes of the answer, and cuts the line as soon as it may be.</summary>
    private async Task SendCutAsync(TestDevice device, byte[] body, int sent, int? answered = null, Func<Task>? until = null)
    {
        using var line = new TcpClient();
        await line.ConnectAsync(IPAddress.Loopback, gateway.Gateway.Url.Port);
        var stream = line.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST /v1/sync/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.AccessToken}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {body.Length}\r\n\r\n")));
        await stream.WriteAsync(body.AsMemory(0, answered is null ? sent : body.Length));
        for (var left = answered ?? 0; left > 0 && await stream.ReadAsync(new byte[left]) is > 0 and var read;)
            left -= read;
        if (until is not null)
            await until();
        line.Client.LingerState = new LingerOption(true, 0);
    }

    private async Task<List<JsonElement>> ReconcileAsync(TestDevice device, IEnumerable<JsonObject> records)
    {
        using var http = gateway.OfficeOf(device.AccessToken);
        using var answer = await http.PostAsJsonAsync("/v1/sync/reconcile", new { ids = records.Select(Id) });
        return [.. (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("records").EnumerateArray()];
    }

    private Task<int> KnownAsync(IEnumerable<JsonObject> records) => gateway.Scalar<int>($"select count(*)::int from gateway.record where record_id = any('{{{string.Join(',', records.Select(Id))}}}')");

    private async Task OnceAsync(List<Guid> ids)
    {
        var among = $"record_id = any('{{{string.Join(',', ids.Distinct())}}}')";
        Assert.Equal(ids.Distinct().Count(), await gateway.Scalar<int>($"select count(*)::int from gateway.record where {among} and state = 'accepted'"));
        Assert.Equal(ids.Distinct().Count(), await gateway.Scalar<int>($"select count(*)::int from gateway.capture where {among}"));
        Assert.Equal(await gateway.Scalar<int>($"select count(*)::int from gateway.record where {among} and kind in ('order', 'receipt')"), await gateway.Scalar<int>($"select count(distinct number)::int from gateway.record_number where {among}"));
        Assert.Equal(0, await gateway.Scalar<int>($"select count(*)::int from (select 1 from gateway.feed where collection = 'verdicts' and key = any('{{{string.Join(',', ids.Distinct())}}}') group by key having count(*) > 2) twice"));
    }
}

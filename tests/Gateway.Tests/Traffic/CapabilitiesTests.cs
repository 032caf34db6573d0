using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Traffic;

/// <summary>What is advertised is enforced: exactly the limit passes, one more fails.</summary>
[Collection("office-2")]
public sealed class CapabilitiesTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F048_As_many_records_as_advertised_pass_and_one_more_does_not()
    {
        using var device = await gateway.EnrolAsync();
        var most = (await PushLimitsAsync()).GetProperty("records").GetInt32();

        var all = await (await device.SendAsync(Records(most))).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(most, all.GetProperty("received").GetInt32());
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "push.tooManyRecords"), await device.SendAsync(Records(most + 1)).CodeAsync());
    }

    [Fact]
    public async Task F048_As_many_bytes_as_advertised_pass_and_one_more_does_not()
    {
        using var device = await gateway.EnrolAsync();
        var most = (await PushLimitsAsync()).GetProperty("bytesSent").GetInt32();

        Assert.Equal(HttpStatusCode.OK, (await device.SendAsync(Padded(most))).StatusCode);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "push.tooManyBytes"), await device.SendAsync(Padded(most + 1)).CodeAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task F048_As_many_unpacked_bytes_as_advertised_pass_and_one_more_does_not(string encoding)
    {
        using var device = await gateway.EnrolAsync();
        var push = await PushLimitsAsync();
        Assert.Contains(encoding, push.GetProperty("encodings").EnumerateArray().Select(name => name.GetString()));
        var most = push.GetProperty("bytesUnpacked").GetInt32();

        Assert.Equal(HttpStatusCode.OK, (await device.SendAsync(Packed(Padded(most), encoding), encoding)).StatusCode);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "push.tooManyBytes"), await device.SendAsync(Packed(Padded(most + 1), encoding), encoding).CodeAsync());
    }

    [Fact]
    public async Task A_record_as_deep_as_advertised_passes_and_a_deeper_one_is_refused_alone()
    {
        using var device = await gateway.EnrolAsync();
        var most = (await PushLimitsAsync()).GetProperty("depth").GetInt32();

        var verdicts = (await (await device.SendAsync(Encoding.UTF8.GetBytes($"[{Deep(most)},{Deep(most + 1)}]"))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts");

        Assert.Equal("accepted", verdicts[0].GetProperty("outcome").GetString());
        Assert.Equal("record.unreadable", verdicts[1].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_request_as_deep_as_advertised_is_judged_and_a_deeper_one_refused()
    {
        using var device = await gateway.EnrolAsync();
        var most = (await PushLimitsAsync()).GetProperty("depthOfRequest").GetInt32();

        Assert.Equal(HttpStatusCode.OK, (await device.SendAsync(Brackets(most))).StatusCode);
        Assert.Equal((HttpStatusCode.BadRequest, "push.notJson"), await device.SendAsync(Brackets(most + 1)).CodeAsync());
    }

    [Fact]
    public async Task F001_Names_as_long_as_advertised_enrol_and_longer_ones_do_not()
    {
        var most = (await CapabilitiesAsync()).GetProperty("enrolment").GetProperty("hardwareId").GetInt32();
        using var fits = TestDevice.New(gateway.Gateway.Url, new string('h', most - 32) + Guid.NewGuid().ToString("N"));
        using var longer = TestDevice.New(gateway.Gateway.Url, new string('h', most + 1));
        var code = await TestDevice.CodeAsync(gateway.Office);

        Assert.Equal((HttpStatusCode.BadRequest, "enrol.incomplete"), await longer.EnrolAsync(code).CodeAsync());
        Assert.Equal(HttpStatusCode.Created, (await fits.EnrolAsync(code)).StatusCode);
    }

    [Fact]
    public async Task F122_Every_advertised_operation_exists_and_needs_the_connection_it_says()
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        foreach (var operation in (await CapabilitiesAsync()).GetProperty("operations").EnumerateArray())
        {
            using var request = new HttpRequestMessage(new HttpMethod(operation.GetProperty("method").GetString()!), operation.GetProperty("url").GetString()!.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal));
            var (status, _) = await http.SendAsync(request).CodeAsync();
            Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType, $"{operation}: {status}");
            Assert.False(operation.GetProperty("offline").GetBoolean());
        }
    }

    [Fact]
    public async Task Every_advertised_kind_is_taken_and_no_other()
    {
        using var device = await gateway.EnrolAsync();
        var advertised = (await CapabilitiesAsync()).GetProperty("kinds").EnumerateArray().ToArray();
        var kinds = advertised.Select(kind => kind.GetProperty("kind").GetString()!).ToArray();
        Assert.Equal(["activity", "customer", "lead", "order", "quote", "receipt", "sale"], kinds);
        foreach (var kind in advertised)
        {
            var schema = await gateway.Office.GetFromJsonAsync<JsonElement>(kind.GetProperty("url").GetString());
            Assert.Equal(kind.GetProperty("schema").GetInt32(), schema.GetProperty("properties").GetProperty("schema").GetProperty("const").GetInt32());
        }

        var records = kinds.Append("horse").Select(kind => $$$"""{"kind":"{{{kind}}}","id":"{{{Guid.CreateVersion7()}}}","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{}}""");

        var verdicts = (await (await device.SendAsync(Encoding.UTF8.GetBytes($"[{string.Join(',', records)}]"))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts");

        Assert.Equal([.. kinds.Select(_ => false), true], verdicts.EnumerateArray().Select(verdict => verdict.GetProperty("code").GetString() == "record.kindUnknown"));
    }

    [Fact]
    public async Task F130_A_probe_of_the_line_is_small_spreads_devices_and_needs_no_database()
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        var answers = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            var text = await http.GetStringAsync("/v1/ping");
            Assert.InRange(text.Length, 1, 200);
            answers.Add(JsonSerializer.Deserialize<JsonElement>(text).GetProperty("againInSeconds").GetInt32());
        }

        Assert.All(answers, seconds => Assert.InRange(seconds, 90, 150));
        Assert.True(answers.Distinct().Count() > 1);
    }

    [Fact]
    [InCi]
    public async Task F130_The_line_can_be_probed_while_the_database_is_away()
    {
        var environment = gateway.Environment;
        environment["ConnectionStrings__gateway"] = new Npgsql.NpgsqlConnectionStringBuilder(environment["ConnectionStrings__gateway"]) { Port = 1 }.ConnectionString;
        await using var alone = await ServiceProcess.StartAsync("services/Gateway", environment, healthy: "/alive");
        using var http = new HttpClient { BaseAddress = alone.Url };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/ping")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health")).StatusCode);
    }

    private async Task<JsonElement> CapabilitiesAsync()
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        return await http.GetFromJsonAsync<JsonElement>("/v1/capabilities");
    }

    private async Task<JsonElement> PushLimitsAsync() => (await CapabilitiesAsync()).GetProperty("push");

    private static byte[] Records(int count) => Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{}", count))}]");

    private static byte[] Padded(int bytes) => [(byte)'[', .. Enumerable.Repeat((byte)' ', bytes - 2), (byte)']'];

    private static byte[] Brackets(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

    // Two objects stand around the brackets: the record and its body.
    private static string Deep(int depth) =>
        $$$"""{"kind":"customer","id":"{{{Guid.CreateVersion7()}}}","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"name":"Deep","x":{{{new string('[', depth - 2)}}}{{{new string(']', depth - 2)}}}}}""";

    private static byte[] Packed(byte[] body, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(body);
        return packed.ToArray();
    }
}

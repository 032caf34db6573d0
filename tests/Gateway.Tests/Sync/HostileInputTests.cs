using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>What no good app sends: each such record is judged alone, and the gateway stays up.</summary>
[Collection("gateway")]
public sealed class HostileInputTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("a kind with NUL", """{"kind":"ho\u0000rse","id":"ID","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{}}""", "record.kindUnknown")]
    [InlineData("a long kind cut inside a character", """{"kind":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa😀b","id":"ID","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{}}""", "record.unreadable")]
    [InlineData("a field name with NUL", """{"kind":"order","id":"ID","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"customFields":{"a\u0000b":[]}}}""", "record.unreadable")]
    [InlineData("a currency with NUL", """{"kind":"order","id":"ID","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"customer":{"code":"C"},"currency":"U\u0000D"}}""", "order.currency")]
    [InlineData("half a character nobody reads", """{"kind":"customer","id":"ID","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"name":"A","extra":"\ud800"}}""", "record.unreadable")]
    [InlineData("a deep record", """{"kind":"customer","id":"ID","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"name":"A","x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}""", "record.unreadable")]
    [InlineData("a sequence beyond 64 bits", """{"kind":"customer","id":"ID","rev":1,"schema":1,"seq":99999999999999999999,"capturedAt":"2026-03-03T10:15:00Z","body":{"name":"A"}}""", "record.unreadable")]
    [InlineData("the empty customer id", """{"kind":"order","id":"ID","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"customer":{"id":"00000000-0000-0000-0000-000000000000"},"currency":"USD","lines":[]}}""", "customer.missing")]
    public async Task F046_A_hostile_record_is_refused_alone_kept_and_can_be_shown(string what, string bad, string code)
    {
        using var device = await gateway.EnrolAsync();
        var id = Guid.CreateVersion7();
        bad = bad.Replace("\"ID\"", $"\"{id}\"", StringComparison.Ordinal);

        var verdicts = await PushAsync(device, $"[{bad},{An.Customer().ToJsonString()}]");

        Assert.True(verdicts[0].GetProperty("outcome").GetString() == "refused", what);
        Assert.Equal(code, verdicts[0].GetProperty("code").GetString());
        Assert.Equal("accepted", verdicts[1].GetProperty("outcome").GetString());
        Assert.Equal(bad, Encoding.UTF8.GetString(await gateway.Scalar<byte[]>($"select bytes from gateway.capture where record_id = '{id}'")));
        Assert.Equal("refused", (await gateway.RecordAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused_even_where_nobody_reads_them()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        customer["body"]!["extra"] = "ÿ";
        var bytes = Encoding.Latin1.GetBytes("[" + customer.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "]");

        var verdict = Assert.Single((await JsonAsync(await device.SendAsync(bytes))).GetProperty("verdicts").EnumerateArray());

        Assert.Equal("record.unreadable", verdict.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("yesterday")]
    public async Task F043_A_clock_that_is_thousands_of_years_wrong_costs_no_record(string sentAt)
    {
        using var device = await gateway.EnrolAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sync/push") { Content = new ByteArrayContent(An.Push(An.Customer())) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
        request.Headers.Add("OrderSync-Sent-At", sentAt);
        request.Headers.TryAddWithoutValidation("Accept-Language", "\",;q=x,de;q=abc,\u007f");
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };

        var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("accepted", (await JsonAsync(answer)).GetProperty("verdicts")[0].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("shipping", "-5", "order.shipping")]
    [InlineData("shipping", "0.123456", "order.shipping")]
    [InlineData("shippingTaxRate", "-1", "order.shipping")]
    [InlineData("shippingTaxRate", "7000000000000000000000000000", "order.shipping")]
    public async Task A_shipping_charge_that_cannot_be_is_refused(string field, string value, string code)
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        order["body"]![field] = JsonNode.Parse(value);
        order["body"]!["totals"]!["total"] = 10.80m + (field == "shipping" ? decimal.Round(decimal.Parse(value, CultureInfo.InvariantCulture), 2) : 0);

        var verdicts = await device.PushAsync(An.Customer(customer), order);

        Assert.Equal("refused", verdicts[1].GetProperty("outcome").GetString());
        Assert.Equal(code, verdicts[1].GetProperty("code").GetString());
    }

    [Fact]
    public async Task F048_A_packed_body_without_its_trailer_does_not_count()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        using var packed = new MemoryStream();
        await using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await stream.WriteAsync(An.Push(customer));

        var answer = await device.SendAsync(packed.ToArray()[..^6], "gzip");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.record where record_id = '{customer["id"]!.GetValue<Guid>()}'"));
    }

    private static async Task<JsonElement[]> PushAsync(TestDevice device, string body)
    {
        var answer = await device.SendAsync(Encoding.UTF8.GetBytes(body));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return [.. (await JsonAsync(answer)).GetProperty("verdicts").EnumerateArray()];
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
}

using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>What rep and office expect of anything captured: once, whole, in its place, whatever the day was like.</summary>
[Collection("gateway")]
public sealed class CaptureTests(GatewayFixture gateway)
{
    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    [Fact]
    public async Task F005_The_same_record_from_a_second_session_after_a_lost_answer_is_one_order_and_one_outbox_row()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var order = An.Order(customer: customer);
        (await device.SendAsync(An.Push(order))).Dispose();
        var session = await (await device.RefreshAsync()).Content.ReadFromJsonAsync<JsonElement>();

        var answer = await device.SendAsync(An.Push(order), token: session.GetProperty("accessToken").GetString());

        var verdict = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts").EnumerateArray());
        Assert.Equal(("duplicate", "accepted"), (Outcome(verdict), verdict.GetProperty("state").GetString()));
        Assert.StartsWith("SO-MAIN-", verdict.GetProperty("number").GetString(), StringComparison.Ordinal);
        var id = order["id"]!.GetValue<Guid>();
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.record where record_id = '{id}'"));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.outbox where record_id = '{id}'"));
    }

    [Fact]
    public async Task F035_Five_hundred_mixed_records_in_one_push_are_all_answered_in_the_order_sent()
    {
        using var device = await gateway.EnrolAsync();
        var records = new List<JsonObject>();
        for (var i = 0; i < 125; i++)
        {
            var (customer, order) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            records.AddRange([An.Receipt(customer: customer, order: order), An.Order(order, customer), An.Quote(customer: customer), An.Customer(customer)]);
        }

        var verdicts = await device.PushAsync([.. records]);

        Assert.Equal(records.Select(record => record["id"]!.GetValue<Guid>()), verdicts.Select(verdict => verdict.GetProperty("id").GetGuid()));
        Assert.All(verdicts, verdict => Assert.Equal("accepted", Outcome(verdict)));
    }

    [Fact]
    public async Task F040_A_conflict_names_the_time_of_the_first_upload()
    {
        using var device = await gateway.EnrolAsync();
        var id = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(id, "First"));
        var first = await gateway.Scalar<DateTime>($"select received_at from gateway.record where record_id = '{id}'");

        var verdict = Assert.Single(await device.PushAsync(An.Customer(id, "Second")));

        Assert.Equal("conflict", Outcome(verdict));
        Assert.Contains(first.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("First", await gateway.Scalar<string>($"select name from gateway.customer where customer_id = '{id}'"));
    }

    [Fact]
    public async Task F043_Clocks_days_ahead_in_1970_and_in_2100_cost_nothing_captured_time_is_kept_and_ours_orders()
    {
        using var device = await gateway.EnrolAsync();
        string[] clocks = [DateTimeOffset.UtcNow.AddDays(3).ToString("yyyy-MM-dd'T'HH:mm:ss'+02:00'", CultureInfo.InvariantCulture), "1970-01-02T00:00:00+00:00", "2100-06-01T12:00:00-03:00"];
        var ids = new List<Guid>();
        foreach (var clock in clocks)
        {
            var customer = An.Customer();
            customer["capturedAt"] = clock;
            Assert.Equal("accepted", Outcome(Assert.Single(await PushAtAsync(device, customer, clock))));
            ids.Add(customer["id"]!.GetValue<Guid>());
            Assert.Equal(clock, (await gateway.RecordAsync(ids[^1])).GetProperty("capturedAt").GetString());
        }

        var received = new List<DateTimeOffset>();
        foreach (var id in ids)
            received.Add((await gateway.RecordAsync(id)).GetProperty("receivedAt").GetDateTimeOffset());
        Assert.Equal(received.Order(), received);
        var skew = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices/{device.Id}")).GetProperty("skewSeconds").GetDouble();
        Assert.InRange(skew, -80 * 366 * 86_400.0, -70 * 365 * 86_400.0);
    }

    [Fact]
    public async Task F065_Notes_of_ten_thousand_characters_with_emoji_are_kept_on_the_order_and_its_lines()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var notes = string.Concat(Enumerable.Repeat("Grüße 🚲\n", 1_111)) + "!";
        var order = An.Order(customer: customer, notes: notes);
        order["body"]!["lines"]![0]!["notes"] = notes;
        Assert.Equal(10_000, notes.Length);

        Assert.Equal("accepted", Outcome((await device.PushAsync(An.Customer(customer), order))[1]));

        var body = (await gateway.RecordAsync(order["id"]!.GetValue<Guid>())).GetProperty("captured").GetProperty("body");
        Assert.Equal(notes, body.GetProperty("notes").GetString());
        Assert.Equal(notes, body.GetProperty("lines")[0].GetProperty("notes").GetString());
        var longer = An.Order(customer: customer, notes: notes + "!");
        Assert.Equal("text.tooLong", Assert.Single(await device.PushAsync(longer)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("2026-03-03T10:15:00")]
    [InlineData("2026-03-03")]
    [InlineData("03.03.2026 10:15 +01:00")]
    public async Task A_time_without_its_offset_is_not_guessed_at(string capturedAt)
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        customer["capturedAt"] = capturedAt;

        var verdict = Assert.Single(await device.PushAsync(customer));

        Assert.Equal(("record.unreadable", "capturedAt"), (verdict.GetProperty("code").GetString(), verdict.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task A_body_newer_than_the_server_is_refused_kept_and_says_that_the_server_is_to_be_updated()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        customer["schema"] = 2;
        customer["body"] = new JsonObject { ["fullName"] = "A shape nobody knows yet" };

        var verdict = Assert.Single(await device.PushAsync(customer));

        Assert.Equal(("refused", "record.schemaNewer"), (Outcome(verdict), verdict.GetProperty("code").GetString()));
        Assert.Contains("version 2", verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("A shape nobody knows yet", (await gateway.RecordAsync(customer["id"]!.GetValue<Guid>())).GetProperty("captured").GetProperty("body").GetProperty("fullName").GetString());
    }

    [Fact]
    public async Task Two_records_with_one_id_in_one_push_the_first_is_stored_and_the_second_answered_by_it()
    {
        using var device = await gateway.EnrolAsync();
        var (id, customer) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var verdicts = await device.PushAsync(An.Order(id, customer), An.Customer(customer), An.Order(id, customer), An.Order(id, customer, price: 11m), An.Receipt(id, customer));

        Assert.Equal(["accepted", "accepted", "duplicate", "conflict", "conflict"], verdicts.Select(Outcome));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-")]
    public async Task A_number_JSON_does_not_have_makes_the_request_unreadable_and_nothing_is_stored(string number)
    {
        using var device = await gateway.EnrolAsync();
        var good = An.Customer();

        var answer = await device.SendAsync(Encoding.UTF8.GetBytes($$"""[{{good.ToJsonString()}},{"kind":"order","id":"{{Guid.CreateVersion7()}}","shipping":{{number}} }]"""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.record where record_id = '{good["id"]!.GetValue<Guid>()}'"));
    }

    [Fact]
    public async Task F048_A_bomb_packed_with_br_is_refused_before_it_unpacks()
    {
        using var device = await gateway.EnrolAsync();
        using var packed = new MemoryStream();
        await using (var stream = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1_000_000];
            for (var i = 0; i < 200; i++)
                await stream.WriteAsync(zeros);
        }

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await device.SendAsync(packed.ToArray(), "br")).StatusCode);
    }

    private async Task<IReadOnlyList<JsonElement>> PushAtAsync(TestDevice device, JsonObject record, string sentAt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Gateway.Url, "/v1/sync/push")) { Content = new ByteArrayContent(An.Push(record)) };
        request.Headers.Authorization = new("Bearer", device.AccessToken);
        request.Headers.Add("OrderSync-Sent-At", sentAt);
        using var http = new HttpClient();
        var answer = await (await http.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
        return [.. answer.GetProperty("verdicts").EnumerateArray()];
    }
}

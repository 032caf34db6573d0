using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Tests.Policies;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Live;

/// <summary>A quote becomes one order: live or by upload, whoever comes first.</summary>
[Collection("gateway-2")]
public sealed class QuoteToOrderTests(GatewayFixture gateway)
{
    private static string? Code(JsonElement found) => found.TryGetProperty("code", out var code) ? code.GetString() : null;

    private static Guid IdOf(JsonObject record) => record["id"]!.GetValue<Guid>();

    [Fact]
    public async Task F060_A_quote_is_taken_over_as_an_order_live_and_the_same_key_gives_the_first_answer()
    {
        using var device = await gateway.EnrolAsync();
        var quote = await QuoteAsync(device);
        var key = Guid.NewGuid().ToString();

        var first = await OrderAsync(device, quote, key, new { reference = "FROM-QUOTE" });
        var again = await OrderAsync(device, quote, key, new { reference = "FROM-QUOTE" });
        // Killed between the work and the note of its answer: the work is found done.
        await gateway.Execute($"update gateway.live_answer set status = null, answer = null where key = '{key}'");
        var resumed = await OrderAsync(device, quote, key, new { reference = "FROM-QUOTE" });

        var order = await ReadAsync(first, HttpStatusCode.OK);
        Assert.Equal(order.GetRawText(), (await ReadAsync(again, HttpStatusCode.OK)).GetRawText());
        var found = await ReadAsync(resumed, HttpStatusCode.OK);
        Assert.Equal((order.GetProperty("id").GetGuid(), order.GetProperty("number").GetString(), "accepted"), (found.GetProperty("id").GetGuid(), found.GetProperty("number").GetString(), found.GetProperty("state").GetString()));
        Assert.StartsWith("SO-", order.GetProperty("number").GetString(), StringComparison.Ordinal);
        var stored = await gateway.RecordAsync(order.GetProperty("id").GetGuid());
        var body = stored.GetProperty("captured").GetProperty("body");
        Assert.Equal((IdOf(quote), "FROM-QUOTE"), (body.GetProperty("sourceQuote").GetGuid(), body.GetProperty("reference").GetString()));
        Assert.True(JsonNode.DeepEquals(quote["body"]!["lines"], JsonNode.Parse(body.GetProperty("lines").GetRawText())));
        Assert.False(body.TryGetProperty("validUntil", out _));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.delivery where record_id = '{order.GetProperty("id").GetGuid()}'"));
        // The quote says what it became, to the office and to the device.
        Assert.Equal(order.GetProperty("number").GetString(), (await gateway.RecordAsync(IdOf(quote))).GetProperty("became").GetProperty("number").GetString());
        Assert.Equal(IdOf(quote), stored.GetProperty("source").GetProperty("id").GetGuid());
        Assert.Contains($"\"became\":{{\"id\":\"{order.GetProperty("id").GetGuid()}\"", (await (await device.GetAsync("/v1/sync/pull")).Content.ReadAsStringAsync()).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F060_A_key_is_one_operation_and_a_second_order_of_the_quote_is_refused_with_the_number_of_the_first()
    {
        using var device = await gateway.EnrolAsync();
        var (quote, other) = (await QuoteAsync(device), await QuoteAsync(device));
        var key = Guid.NewGuid().ToString();
        var number = (await ReadAsync(await OrderAsync(device, quote, key), HttpStatusCode.OK)).GetProperty("number").GetString()!;

        Assert.Equal("request.idempotencyKeyReused", (await ReadAsync(await OrderAsync(device, other, key), HttpStatusCode.UnprocessableEntity)).GetProperty("type").GetString());
        Assert.Equal("request.idempotencyKeyReused", (await ReadAsync(await OrderAsync(device, quote, key, new { reference = "X" }), HttpStatusCode.UnprocessableEntity)).GetProperty("type").GetString());
        Assert.Equal("request.idempotencyKey", (await ReadAsync(await OrderAsync(device, quote, null), HttpStatusCode.BadRequest)).GetProperty("type").GetString());
        var second = await ReadAsync(await OrderAsync(device, quote, Guid.NewGuid().ToString()), HttpStatusCode.Conflict);
        Assert.Equal("order.sourceTaken", second.GetProperty("type").GetString());
        Assert.Contains(number, second.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.capture where convert_from(bytes, 'UTF8') like '%\"sourceQuote\":\"{IdOf(quote)}\"%'"));
        var uploaded = FromQuote(quote);
        var verdict = Assert.Single(await device.PushAsync(uploaded));
        Assert.Equal(("refused", "order.sourceTaken", "sourceQuote"), (verdict.GetProperty("outcome").GetString(), Code(verdict), verdict.GetProperty("field").GetString()));
        Assert.Contains(number, verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
        // A second order is meant: without the quote it goes on, under the same id.
        uploaded["rev"] = 2;
        uploaded["body"]!.AsObject().Remove("sourceQuote");
        Assert.Equal("accepted", Assert.Single(await device.PushAsync(uploaded)).GetProperty("outcome").GetString());
        using var stranger = await gateway.EnrolAsync("Grace");
        Assert.Equal("quote.unknown", (await ReadAsync(await OrderAsync(stranger, quote, "k"), HttpStatusCode.NotFound)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task F060_F079_Where_orders_need_a_connection_a_quote_is_taken_over_with_one()
    {
        using var device = await TestDevice.EnrolAsync(gateway.Office, gateway.Gateway.Url, "Ada", "tablet");
        var quote = await QuoteAsync(device);
        await using var setting = await gateway.SetAsync("tabletNeedsConnection", new[] { "order.add" });

        Assert.Equal("order.add.needsConnection", Code(Assert.Single(await device.PushAsync(FromQuote(quote)))));
        Assert.Equal("accepted", (await ReadAsync(await OrderAsync(device, quote, Guid.NewGuid().ToString()), HttpStatusCode.OK)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task F060_Of_orders_from_one_quote_that_come_at_the_same_instant_by_upload_and_live_one_is_made()
    {
        var devices = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => gateway.EnrolAsync("Ada")));
        for (var round = 0; round < 3; round++)
        {
            var quote = await QuoteAsync(devices[0]);
            var twin = FromQuote(quote);
            var live = devices.Take(2).Select(device => OrderAsync(device, quote, Guid.NewGuid().ToString()));
            var uploads = devices.Skip(2).Select(device => device.PushAsync(FromQuote(quote))).ToList();
            var same = devices.Select(device => device.PushAsync(twin)).ToList();

            await Task.WhenAll([.. live, .. uploads, .. same]);

            Assert.Equal(1, await gateway.Scalar<long>($"""
                select count(*) from gateway.record r join gateway.capture c using (company_id, record_id, rev, sha256)
                where r.kind = 'order' and r.state = 'accepted' and convert_from(c.bytes, 'UTF8')::jsonb -> 'body' ->> 'sourceQuote' = '{IdOf(quote)}'
                """));
        }

        foreach (var device in devices)
            device.Dispose();
    }

    [Fact]
    public async Task F060_An_uploaded_order_links_its_quote_in_one_push_and_offered_again_it_is_the_same_order()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        var quote = An.Quote(customer: IdOf(customer));
        var order = FromQuote(quote);

        var verdicts = await device.PushAsync(order, quote, customer);
        var again = await device.PushAsync(order);

        Assert.All(verdicts, verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
        Assert.Equal("duplicate", Assert.Single(again).GetProperty("outcome").GetString());
        Assert.Equal(IdOf(order), (await gateway.RecordAsync(IdOf(quote))).GetProperty("became").GetProperty("id").GetGuid());
    }

    private static JsonObject FromQuote(JsonObject quote)
    {
        var order = An.Order(customer: quote["body"]!["customer"]!["id"]!.GetValue<Guid>());
        order["body"]!["sourceQuote"] = IdOf(quote);
        return order;
    }

    private static async Task<JsonObject> QuoteAsync(TestDevice device)
    {
        var customer = An.Customer();
        var quote = An.Quote(customer: IdOf(customer), lines: 2);
        Assert.All(await device.PushAsync(customer, quote), verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
        return quote;
    }

    private async Task<HttpResponseMessage> OrderAsync(TestDevice device, JsonObject quote, string? key, object? body = null)
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/live/quotes/{IdOf(quote)}/order") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}

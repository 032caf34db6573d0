using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSync.Gateway.Tests.Deliveries;
using OrderSync.Testing;
using RabbitMQ.Client;

namespace OrderSync.Gateway.Tests.Parked;

/// <summary>What connectors say and the gateway cannot read stands where people look for everything else that needs them.</summary>
[Collection("deliveries")]
[InCi]
public sealed class ParkedTests(DeliveriesFixture gateway)
{
    private const string Parked = "/v1/office/parked";
    private readonly string tag = $"connector-{Guid.NewGuid():N}"[..20];

    [Fact]
    public async Task F100_A_message_the_gateway_cannot_read_is_counted_in_Needs_attention_looked_at_sent_again_and_put_aside()
    {
        await PublishAsync(Reports(gateway.CompanyId));
        var row = await WaitingAsync();
        var first = row.GetProperty("id").GetGuid();

        var attention = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/attention");
        var counted = attention.GetProperty("parked").EnumerateArray().Single(part => part.GetProperty("part").GetString() == "gateway");
        Assert.True(counted.GetProperty("count").GetInt64() >= 1);
        Assert.Equal((Parked, "messages.parked"), (counted.GetProperty("look").GetString(), counted.GetProperty("code").GetString()));
        Assert.Contains("gateway could not read", counted.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("It cannot be read", row.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(4096, row.GetProperty("body").GetString()!.Length);
        Assert.True(row.GetProperty("bytes").GetInt32() > 6000);

        Assert.Equal(1, (await gateway.PostAsync($"{Parked}/replay", new { ids = new[] { first, Guid.NewGuid() } })).GetProperty("messages").GetInt32());
        var change = await gateway.LastChangeAsync();
        Assert.Equal(("parked.replayed", first.ToString()), (change.GetProperty("action").GetString(), change.GetProperty("subject").GetString()));
        var again = await WaitingAsync();
        Assert.NotEqual(first, again.GetProperty("id").GetGuid());
        Assert.Equal(1, (await gateway.PostAsync($"{Parked}/discard", new { ids = new[] { again.GetProperty("id").GetGuid() } })).GetProperty("messages").GetInt32());
        Assert.Equal(0, (await gateway.PostAsync($"{Parked}/discard", new { ids = new[] { first, again.GetProperty("id").GetGuid() } })).GetProperty("messages").GetInt32());
        Assert.Empty(await OursAsync());
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.parked where connector = '{tag}' and state <> 'parked'"));
    }

    [Fact]
    public async Task A_parked_message_is_shown_only_to_the_one_company_it_is_about_and_only_those_who_may_change_things_settle_it()
    {
        var other = Guid.NewGuid();
        await PublishAsync(Reports(gateway.CompanyId, other));
        await PublishAsync(Reports(other));
        await PublishAsync($"no json, of {tag}");
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>($"select count(*) from gateway.parked where convert_from(body, 'UTF8') like '%{tag}%'") == 3, "three parked messages");
        var theirs = await gateway.Scalar<Guid>($"select parked_id from gateway.parked where company_id = '{other}'");

        Assert.Empty(await OursAsync());
        Assert.Equal(0, (await gateway.PostAsync($"{Parked}/replay", new { ids = new[] { theirs } })).GetProperty("messages").GetInt32());
        Assert.Equal(0, (await gateway.PostAsync($"{Parked}/discard", new { ids = new[] { theirs } })).GetProperty("messages").GetInt32());
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.parked where company_id = '{Guid.Empty}' and convert_from(body, 'UTF8') like '%{tag}%'"));
        Assert.Equal(3, await gateway.Scalar<long>($"select count(*) from gateway.parked where state = 'parked' and convert_from(body, 'UTF8') like '%{tag}%'"));
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.PostAsJsonAsync($"{Parked}/replay", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.PostAsJsonAsync($"{Parked}/discard", new { ids = new[] { theirs }, all = true })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.GetAsync($"{Parked}?after=nowhere")).StatusCode);
    }

    [Fact]
    public async Task Needs_attention_counts_what_connectors_could_not_read_and_says_which_does_not_answer()
    {
        var here = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);
        await gateway.ConnectAsync("order", "away");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/office/attention");
        request.Headers.AcceptLanguage.ParseAdd("de");
        var parts = (await (await gateway.Office.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parked").EnumerateArray().ToDictionary(part => part.GetProperty("part").GetString()!);

        var pages = parts[DeliveriesFixture.Pages];
        Assert.Equal((2L, 2026), (pages.GetProperty("count").GetInt64(), pages.GetProperty("since").GetDateTimeOffset().Year));
        Assert.StartsWith("pages konnte 2 Nachrichten nicht lesen.", pages.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains($"GET /manage/parked/count?company={gateway.CompanyId}", gateway.Calls.Select(call => call.Request));
        Assert.Matches("^/v1/office/connections/c[0-9a-f]{32}/manage/parked$", pages.GetProperty("look").GetString());
        Assert.Equal(HttpStatusCode.OK, (await gateway.Office.GetAsync(pages.GetProperty("look").GetString())).StatusCode);
        Assert.Equal("connector.away", parts["away"].GetProperty("code").GetString());
        Assert.False(parts["away"].TryGetProperty("count", out _));
        Assert.NotEqual("", here);
    }

    private string Reports(params Guid[] companies) => JsonSerializer.Serialize(new
    {
        messageType = new[] { "urn:message:OrderSync.Contracts.Bus:DeliveryReports" },
        message = new { connector = tag, reports = companies.Select(company => new { companyId = company, recordId = Guid.NewGuid(), version = "seven", reason = new string('x', 6000) }) },
    });

    private async Task<List<JsonElement>> OursAsync() => [.. (await gateway.Office.GetFromJsonAsync<JsonElement>($"{Parked}?limit=500")).GetProperty("messages").EnumerateArray()
        .Where(row => row.TryGetProperty("connector", out var connector) && connector.GetString() == tag)];

    private async Task<JsonElement> WaitingAsync() => (await Eventually.GetAsync(OursAsync, rows => rows.Count == 1, "one parked message"))[0];

    private async Task PublishAsync(string body)
    {
        await using var line = await new ConnectionFactory { Uri = gateway.Rabbit.Uri }.CreateConnectionAsync();
        await using var channel = await line.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("gateway", "", true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));
    }
}

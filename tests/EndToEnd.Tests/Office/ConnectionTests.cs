using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSync.Testing;
using RabbitMQ.Client;

namespace OrderSync.EndToEnd.Tests.Office;

/// <summary>What the office does with a connection, through the gateway to the connector and back.</summary>
[Collection("connected services")]
public sealed class ConnectionTests(ConnectedServices services)
{
    [Fact]
    public async Task F110_A_changed_setting_stands_in_the_connectors_history_with_before_after_and_the_person_whose_key_it_was()
    {
        const string connection = "/v1/office/connections/zoho-changes";
        using var jürgen = services.OfficeOf(await KeyAsync("Jürgen, Büro Ost", "office"));
        using var viewer = services.OfficeOf(await KeyAsync("Only looks", "viewer"));

        (await services.Office.PutAsJsonAsync(connection, Settings("onDifference", "hold", "the-first-secret"))).EnsureSuccessStatusCode();
        (await jürgen.PutAsJsonAsync(connection, Settings("onDifference", "accept", "another-secret"))).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PutAsJsonAsync(connection, Settings("onDifference", "adjust", "a-third-secret"))).StatusCode);
        (await jürgen.PostAsJsonAsync($"{connection}/manage/pause", new { reason = "stocktaking" })).EnsureSuccessStatusCode();

        var text = await viewer.GetStringAsync($"{connection}/manage/changes");
        var changes = JsonDocument.Parse(text).RootElement.GetProperty("changes").EnumerateArray().ToList();
        Assert.Equal(["paused", "settings", "settings"], changes.Select(change => change.GetProperty("action").GetString()));
        Assert.Equal(("hold", "accept"), (changes[1].GetProperty("before").GetProperty("onDifference").GetString(), changes[1].GetProperty("after").GetProperty("onDifference").GetString()));
        Assert.DoesNotContain("secret\"", text.Replace("clientSecret\"", "", StringComparison.OrdinalIgnoreCase), StringComparison.Ordinal);
        var audit = (await services.Office.GetFromJsonAsync<JsonElement>("/v1/office/audit")).GetProperty("changes").EnumerateArray().ToList();
        var put = audit.First(change => change.GetProperty("action").GetString() == "connection.put" && change.GetProperty("actor").GetString() == "Jürgen, Büro Ost");
        var person = $"Jürgen, Büro Ost ({put.GetProperty("actorId").GetGuid()})";
        Assert.Equal([person, person], changes.Take(2).Select(change => change.GetProperty("person").GetString()));
        Assert.StartsWith("First key (", changes[2].GetProperty("person").GetString(), StringComparison.Ordinal);
        Assert.Contains(person, await viewer.GetStringAsync($"{connection}/manage/state"), StringComparison.Ordinal);
    }

    [Fact]
    [InCi]
    public async Task F100_A_message_a_connector_cannot_read_is_found_from_Needs_attention_and_replayed_there()
    {
        (await services.Office.PutAsJsonAsync("/v1/office/connections/zoho-parked", Settings("onDifference", "hold", "a-secret"))).EnsureSuccessStatusCode();
        var company = (await services.Office.GetFromJsonAsync<JsonElement>("/v1/office/api-keys")).GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("name").GetString() == "First key").GetProperty("id").GetGuid();
        await PublishAsync($$$"""{"messageType":["urn:message:OrderSync.Contracts.Bus:DeliverRecord"],"message":{"companyId":"{{{company}}}","version":"seven"}}""");

        var waiting = await Eventually.GetAsync(AttentionAsync, part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("count", out var count) && count.GetInt64() == 1, "the parked message in Needs attention");
        var look = waiting.GetProperty("look").GetString()!;
        var message = (await services.Office.GetFromJsonAsync<JsonElement>(look)).GetProperty("messages")[0];
        Assert.Contains("seven", message.GetProperty("body").GetString(), StringComparison.Ordinal);
        var replayed = await services.Office.PostAsJsonAsync($"{look}/replay", new { ids = new[] { message.GetProperty("id").GetGuid() } });

        Assert.Equal("""{"replayed":1}""", await replayed.Content.ReadAsStringAsync());
        Assert.Contains((await services.Office.GetFromJsonAsync<JsonElement>("/v1/office/audit")).GetProperty("changes").EnumerateArray(), change => change.GetProperty("action").GetString() == "connection.parked.replay");
        await Eventually.TrueAsync(async () => (await services.Office.GetFromJsonAsync<JsonElement>(look)).GetProperty("messages").EnumerateArray().Any(again => again.GetProperty("id").GetGuid() != message.GetProperty("id").GetGuid()), "it to come back, still unreadable");
    }

    private static object Settings(string name, string value, string secret) => new
    {
        connector = "zoho",
        kinds = new[] { "order", "customer" },
        settings = new Dictionary<string, string> { ["organizationId"] = "10234695", ["clientId"] = "client", ["clientSecret"] = secret, [name] = value },
    };

    private async Task<JsonElement> AttentionAsync() => (await services.Office.GetFromJsonAsync<JsonElement>("/v1/office/attention")).GetProperty("parked").EnumerateArray()
        .FirstOrDefault(part => part.GetProperty("part").GetString() == "zoho");

    private async Task<string> KeyAsync(string name, string role)
    {
        var answer = await services.Office.PostAsJsonAsync("/v1/office/api-keys", new { name, role });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    private async Task PublishAsync(string body)
    {
        await using var line = await new ConnectionFactory { Uri = services.Rabbit.Uri }.CreateConnectionAsync();
        await using var channel = await line.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("zoho", "", true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));
    }
}

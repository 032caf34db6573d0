using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Deliveries;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Collections;

/// <summary>What is brought back and waits for a person stands where people look for everything else that needs them.</summary>
[Collection("deliveries")]
public sealed class CollectionTroublesTests(DeliveriesFixture gateway)
{
    [Theory]
    [InlineData("en", "60 customers are no longer at {0}. They stay here and on the devices until somebody says that this is right.", "Look for them there.")]
    [InlineData("de", "60 Kunden sind bei {0} nicht mehr da. Hier und auf den Geräten bleiben sie, bis jemand sagt, dass das stimmt.", "Bitte dort nachsehen.")]
    public async Task F024_Deletions_that_are_held_back_stand_in_Needs_attention_with_the_way_to_confirm_them(string language, string words, string fix)
    {
        var name = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);
        var id = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{name}'");
        gateway.Troubles =
        [
            new { connectionId = id, collection = "customers", missing = 60, at = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero), code = "pull.manyDeleted", reason = "60 are gone.", fix = "Confirm." },
            new { connectionId = Guid.NewGuid(), collection = "items", missing = 4, code = "pull.manyDeleted", reason = "Of a connection that was removed.", fix = "None." },
        ];

        var row = await TroubleAsync(language);

        Assert.Equal((name, "customers", "collection.manyDeleted", 60), (Text(row, "connection"), Text(row, "collection"), Text(row, "code"), row.GetProperty("rows").GetInt32()));
        Assert.Equal(string.Format(null, words, name), Text(row, "message"));
        Assert.StartsWith(fix, Text(row, "fix"), StringComparison.Ordinal);
        Assert.Equal($"/v1/office/connections/{name}/manage/pull/customers/deletions", Text(row, "confirm"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Office.GetAsync(Text(row, "look"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Office.PostAsJsonAsync(Text(row, "confirm"), new { rows = 60 })).StatusCode);
        Assert.Contains(gateway.Calls, call => call.Request.StartsWith($"POST /manage/connections/{gateway.CompanyId}/{id}/pull/customers/deletions", StringComparison.Ordinal) && call.Body == """{"rows":60}""");
        gateway.Troubles = [];
    }

    [Fact]
    public async Task What_a_destination_will_not_give_is_told_in_its_words_and_nothing_can_be_confirmed()
    {
        var name = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);
        var id = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{name}'");
        gateway.Troubles = [new { connectionId = id, collection = "items", missing = 0, code = "erp.searchIgnored", reason = "It answered with other things.", fix = "Report this." }];

        var row = await TroubleAsync("en");

        Assert.Equal(("erp.searchIgnored", "It answered with other things.", "Report this."), (Text(row, "code"), Text(row, "message"), Text(row, "fix")));
        Assert.False(row.TryGetProperty("confirm", out _) || row.TryGetProperty("rows", out _));
        gateway.Troubles = [];
    }

    // A connector that does not answer at once is left out of a page: on a busy machine it is in one of the next.
    private async Task<JsonElement> TroubleAsync(string language) => Assert.Single(await Eventually.GetAsync(() => TroublesAsync(language), rows => rows.Count > 0, "the connector answered in time"));

    private async Task<IReadOnlyList<JsonElement>> TroublesAsync(string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/office/attention");
        request.Headers.AcceptLanguage.ParseAdd(language);
        return [.. (await (await gateway.Office.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("collections").EnumerateArray()];
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}

using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

[Collection("gateway")]
public sealed class EveryVerdictTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("refused")]
    [InlineData("waiting")]
    [InlineData("held")]
    public async Task F053_A_second_revision_takes_the_place_of_one_that_does_not_go_on_and_both_are_kept_to_be_read(string standing)
    {
        using var device = await gateway.EnrolAsync();
        var (customer, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await device.PushAsync(An.Customer(customer));
        var first = An.Order(id, standing == "waiting" ? Guid.CreateVersion7() : customer, sku: standing == "refused" ? "NO-SUCH" : "SKU-1", notes: "as entered first");
        if (standing == "held")
            first["body"]!["customer"] = new JsonObject { ["code"] = $"C-{Guid.NewGuid():N}" };
        await device.PushAsync(first);
        Assert.Equal(standing, (await gateway.RecordAsync(id)).GetProperty("state").GetString());
        var second = An.Order(id, customer, notes: "as corrected", rev: 2);

        Assert.Equal("accepted", Assert.Single(await device.PushAsync(second)).GetProperty("outcome").GetString());

        var record = await gateway.RecordAsync(id);
        Assert.Equal(("accepted", 2), (record.GetProperty("state").GetString(), record.GetProperty("rev").GetInt32()));
        var captures = record.GetProperty("captures").EnumerateArray().ToDictionary(capture => capture.GetProperty("rev").GetInt32(), capture => capture.GetProperty("sha256").GetString());
        foreach (var (rev, sent) in new[] { (1, first), (2, second) })
            Assert.Equal(An.Push(sent)[1..^1], await gateway.Office.GetByteArrayAsync($"/v1/office/records/{id}/captures/{captures[rev]}"));
        Assert.Contains("as corrected", record.GetProperty("captured").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F056_The_bytes_of_whatever_was_refused_or_set_aside_are_given_back_exactly_as_they_came()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var id = Guid.CreateVersion7();
        // Odd but sound: white space, an order of names, escapes and a figure that no writer of ours would choose.
        var refused = $$"""
            { "body" : {"lines":[ {"quantity":1.000,"sku":"NO-SUCH","unitPrice":1e1,"taxRate":8,"taxCode":"T8","description":"\u00e9t\u00E9 ☕"} ],
               "totals":{"total":10.80,"tax":0.80,"discount":0,"subtotal":10.0}, "currency":"USD","customer":{"id":"{{customer}}"},"rounding":{"level":"document","tie":"halfUp"},"pricesIncludeTax":false},
              "capturedAt":"2026-03-03T10:15:00+01:00","seq":1,	"schema":1,"id":"{{id}}","kind":"order" , "unknown": [null, {}] }
            """;
        var conflict = An.Order(id, customer, notes: "another content").ToJsonString();
        var nameless = $$"""{"kind":"order", "body": "{{Guid.NewGuid()}}"  }""";
        var answer = await device.SendAsync(Encoding.UTF8.GetBytes($"[{refused},{conflict},{nameless}]"));
        var verdicts = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts");
        Assert.Equal(["refused", "conflict", "refused"], verdicts.EnumerateArray().Select(verdict => verdict.GetProperty("outcome").GetString()));

        var kept = new List<string>();
        foreach (var capture in (await gateway.RecordAsync(id)).GetProperty("captures").EnumerateArray())
            kept.Add(Encoding.UTF8.GetString(await gateway.Office.GetByteArrayAsync($"/v1/office/records/{id}/captures/{capture.GetProperty("sha256").GetString()}")));
        Assert.Equal(new[] { refused, conflict }.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(nameless)));
        Assert.Equal(nameless, Encoding.UTF8.GetString(await gateway.Office.GetByteArrayAsync($"/v1/office/unreadable/{hash}")));
    }

    [Fact]
    public async Task F123_Records_captured_more_than_a_year_ago_are_taken_with_their_own_date()
    {
        using var device = await gateway.EnrolAsync();
        var at = DateTimeOffset.UtcNow.AddDays(-400).ToOffset(TimeSpan.FromHours(2));
        var customer = An.Customer();
        var order = An.Order(customer: customer["id"]!.GetValue<Guid>());
        foreach (var record in new[] { customer, order })
            record["capturedAt"] = at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

        Assert.All(await device.PushAsync(customer, order), verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));

        Assert.Equal(at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), (await gateway.RecordAsync(order["id"]!.GetValue<Guid>())).GetProperty("documentDate").GetString());
    }
}

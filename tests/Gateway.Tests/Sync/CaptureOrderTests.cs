using System.Text.Json.Nodes;
using OrderSync.Gateway.Tests.Policies;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>A day's work in any order of chunks ends as in the order it was captured.</summary>
[Collection("gateway")]
public sealed class CaptureOrderTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task F041_A_day_in_shuffled_chunks_stands_in_the_same_order_with_the_same_results_as_unshuffled(int seed)
    {
        var random = new Random(seed);
        var inOrder = Day();
        var shuffled = Day();
        random.Shuffle(shuffled);

        await PushAsync(inOrder.Chunk(4), inOrder);
        await PushAsync(shuffled.Chunk(random.Next(1, 5)), shuffled);

        Assert.Equal(await StandsAsync(inOrder), await StandsAsync(shuffled));
    }

    // Three visits: a customer, a quote, an order after it, a receipt for that, an order nobody can mend, one that waits for what never comes.
    private static JsonObject[] Day()
    {
        var all = new List<JsonObject>();
        for (var visit = 0; visit < 3; visit++)
        {
            var (customer, seq) = (Guid.CreateVersion7(), visit * 10);
            var (quote, order, refused, orphan) = (An.Quote(customer: customer, seq: seq + 2), An.Order(customer: customer, seq: seq + 3), An.Order(customer: customer, sku: "NO-SUCH", seq: seq + 5), An.Order(customer: customer, seq: seq + 7));
            order["dependsOn"] = new JsonArray(quote["id"]!.GetValue<Guid>());
            orphan["dependsOn"] = new JsonArray(refused["id"]!.GetValue<Guid>());
            all.AddRange([An.Customer(customer, seq: seq + 1), quote, order, An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>(), seq: seq + 4), refused,
                An.Receipt(customer: customer, order: refused["id"]!.GetValue<Guid>(), seq: seq + 6), orphan]);
        }

        return [.. all];
    }

    private async Task PushAsync(IEnumerable<JsonObject[]> chunks, JsonObject[] all)
    {
        using var device = await gateway.EnrolAsync();
        foreach (var chunk in chunks)
            await device.PushAsync(chunk);
        await Eventually.GetAsync(() => StandsAsync(all), stands => stands.Split('\n').Count(line => line.Contains(" accepted ", StringComparison.Ordinal)) == 12
            && stands.Split('\n').Count(line => line.Contains(" waiting ", StringComparison.Ordinal) && line.EndsWith("Refused", StringComparison.Ordinal)) == 6, "what can go on has, and the others say why not");
    }

    private Task<string> StandsAsync(JsonObject[] all) =>
        gateway.Scalar<string>($"select string_agg(seq || ' ' || kind || ' ' || state || ' ' || coalesce(code, ''), chr(10) order by seq) from gateway.record where record_id in ({Ids(all)})");

    private static string Ids(JsonObject[] all) => string.Join(',', all.Select(record => $"'{record["id"]!.GetValue<Guid>()}'"));
}

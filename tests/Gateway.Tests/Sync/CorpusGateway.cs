using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Money.Tests.Corpus;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>A gateway that knows the items and customers of the money corpus: a third of them captured on a device, the others loaded by the office.</summary>
public sealed class CorpusGateway : IAsyncLifetime
{
    private const int RecordsARequest = 100;
    private readonly GatewayFixture gateway = new();
    private TestDevice? device;
    private long seq;

    public async Task InitializeAsync()
    {
        await gateway.InitializeAsync();
        device = await gateway.EnrolAsync();

        var skus = MoneyCorpus.Orders.SelectMany(order => order.Order.GetProperty("lines").EnumerateArray()).Select(line => line.GetProperty("sku").GetString()).Distinct();
        var limits = MoneyCorpus.Quantities.DistinctBy(SkuOf).Select(edge => new { sku = SkuOf(edge), name = "By the box", minimumQuantity = Limit(edge.Minimum), quantityStep = Limit(edge.Step) });
        await PutAsync("products", [.. skus.Select(sku => new { sku, name = "Goods" }), .. limits]);

        var customers = MoneyCorpus.Orders.Select(order => order.Customer).Distinct().ToLookup(IsCaptured);
        await PutAsync("customers", [.. customers[false].Select(customer => new { customer.Id, number = NumberOf(customer), customer.Code, body = new { customer.Name, customer.Email } })]);
        Assert.All(await device.PushAsync([.. customers[true].Select(customer => An.Customer(customer.Id, customer.Name, customer.Email))]),
            verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
    }

    public async Task DisposeAsync()
    {
        device?.Dispose();
        await gateway.DisposeAsync();
    }

    /// <summary>How orders name a customer: each always in the same one of the three ways.</summary>
    internal static JsonObject Naming(CorpusCustomer customer) => customer switch
    {
        var captured when IsCaptured(captured) => new JsonObject { ["id"] = captured.Id },
        var odd when Place(odd) % 2 == 1 => new JsonObject { ["number"] = NumberOf(odd) },
        var even => new JsonObject { ["code"] = even.Code },
    };

    /// <summary>An order of the corpus with these totals, as a device sends it.</summary>
    internal (Guid Id, string Json) Record(CorpusOrder order, string policy, CorpusTotals totals)
    {
        var body = JsonObject.Create(order.Order)!;
        body["customer"] = Naming(order.Customer);
        body["rounding"] = new JsonObject { ["level"] = policy.Split('/')[0], ["tie"] = policy.Split('/')[1] };
        body["totals"] = new JsonObject { ["subtotal"] = totals.Subtotal, ["discount"] = totals.Discount, ["tax"] = totals.Tax, ["total"] = totals.Total };
        return Record(body);
    }

    internal (Guid Id, string Json) Record(JsonObject body)
    {
        var record = An.Order(seq: ++seq);
        record["body"] = body;
        return (record["id"]!.GetValue<Guid>(), record.ToJsonString());
    }

    /// <summary>Pushes records as they are and returns their verdicts in order.</summary>
    internal async Task<IReadOnlyList<JsonElement>> PushAsync(IEnumerable<(Guid Id, string Json)> records)
    {
        var verdicts = new List<JsonElement>();
        foreach (var some in records.Chunk(RecordsARequest))
        {
            var answer = await device!.SendAsync(Encoding.UTF8.GetBytes($"[{string.Join(',', some.Select(record => record.Json))}]"));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
            verdicts.AddRange((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts").EnumerateArray());
        }

        return verdicts;
    }

    /// <summary>What stands in the database of these records, by id.</summary>
    internal async Task<IReadOnlyDictionary<Guid, StoredOrder>> StoredAsync(IEnumerable<Guid> ids)
    {
        await using var command = gateway.Database.Administrator.CreateCommand("""
            select r.record_id, r.state, r.currency, r.total, u.email, r.params::text, c.bytes,
                array(select l.amount from gateway.order_line l where l.company_id = r.company_id and l.record_id = r.record_id order by l.line_no)
            from gateway.record r
            join gateway.capture c on c.company_id = r.company_id and c.record_id = r.record_id
            left join gateway.customer u on u.company_id = r.company_id and u.customer_id = r.customer_id
            where r.record_id = any($1)
            """);
        command.Parameters.Add(new() { Value = ids.ToArray() });
        var stored = new Dictionary<Guid, StoredOrder>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            stored.Add(row.GetGuid(0), new(
                row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetDecimal(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(5))!,
                Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(6)), row.GetFieldValue<decimal[]>(7)));
        }

        return stored;
    }

    internal static string SkuOf(CorpusQuantity edge) => FormattableString.Invariant($"FROM-{edge.Minimum}-BY-{edge.Step}");

    private static string NumberOf(CorpusCustomer customer) => $"ERP-{customer.Code}";

    private static bool IsCaptured(CorpusCustomer customer) => Place(customer) % 3 == 0;

    private static int Place(CorpusCustomer customer) => int.Parse(customer.Code.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static decimal? Limit(decimal value) => value == 0 ? null : value;

    private async Task PutAsync(string what, object[] rows) =>
        (await gateway.Office.PutAsJsonAsync($"/v1/office/{what}", new Dictionary<string, object[]> { [what] = rows })).EnsureSuccessStatusCode();
}

/// <summary>An order as the gateway stored it.</summary>
internal sealed record StoredOrder(
    string State, string? Currency, decimal? Total, string? CustomerEmail, Dictionary<string, string> Params, string Bytes, decimal[] Amounts);

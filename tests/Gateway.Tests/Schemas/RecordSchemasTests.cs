using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Schemas;

/// <summary>The published shapes say what the rules do: a validator that is not ours and the gateway judge the same records.</summary>
[Collection("office-2")]
[InCi]
public sealed class RecordSchemasTests(GatewayFixture gateway)
{
    private static readonly Guid Customer = Guid.CreateVersion7();

    private static readonly Dictionary<string, Func<JsonObject>> Whole = new()
    {
        ["activity"] = () => With(An.Activity("audit"), """{"customer":null,"position":{"latitude":1,"longitude":2},"visit":null,"count":[{"sku":"SKU-1","quantity":2}],"attachmentsExpected":3,"reference":"A","notes":"N","customFields":{"a":"b"}}"""),
        ["customer"] = () => With(An.Customer(), """{"company":"A","contact":"B","phone":"1","taxNumber":"T","code":null,"shipping":{"name":"N","line2":"2","region":"R","postalCode":"P"},"priceList":"L","paymentTerms":"P","notes":"N","rep":"R"}"""),
        ["lead"] = () => With(An.Lead(), """{"company":"A","contact":"B","phone":"1","taxNumber":"T","billing":{"city":"X"},"stage":"S","notes":"N"}"""),
        ["order"] = () => With(An.Order(customer: Customer), OrderExtras),
        ["quote"] = () => With(An.Quote(customer: Customer), OrderExtras),
        ["receipt"] = () => With(An.Receipt(customer: Customer), """{"receivedOn":"2026-03-03","allocations":[{"document":"INV-1","amount":1.25}],"notes":"N","customFields":{"till":"7"},"attachmentsExpected":1}"""),
        ["sale"] = () => With(An.Sale(customer: Customer), OrderExtras),
    };

    private const string OrderExtras = """
        {"discount":null,"shipping":0,"shippingTaxRate":0,"shipTo":{"city":"X"},"billTo":null,"requestedDate":"2026-04-01","paymentTerms":"T","customerReference":"PO","notes":"N","customFields":{"a":"b"},"coupons":[{"id":"C-1"}]}
        """;

    [Fact]
    public async Task Every_kind_of_record_has_a_published_schema_that_a_validator_takes_and_that_takes_what_the_gateway_accepts()
    {
        using var device = await gateway.EnrolAsync();
        await device.PushAsync(An.Customer(Customer));
        var list = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/schemas");
        Assert.Equal(Whole.Keys, list.GetProperty("schemas").EnumerateArray().Select(schema => schema.GetProperty("kind").GetString()!));
        foreach (var (kind, make) in Whole)
        {
            var record = make();

            Assert.Equal("accepted", Assert.Single(await device.PushAsync(record)).GetProperty("outcome").GetString());

            var schema = await SchemaAsync(kind);
            Assert.Equal([""], await Ajv.ErrorsAsync(schema, [record]));
            foreach (var (name, _) in record["body"]!.AsObject())
                Assert.True(schema["properties"]!["body"]!["properties"]!.AsObject().ContainsKey(name), $"{kind}.{name} is not in the schema");
        }
    }

    [Fact]
    public async Task Each_published_length_is_the_one_the_rules_keep()
    {
        using var device = await gateway.EnrolAsync();
        await device.PushAsync(An.Customer(Customer));
        foreach (var (kind, make) in Whole)
        {
            var schema = await SchemaAsync(kind);
            var texts = schema["properties"]!["body"]!["properties"]!.AsObject()
                .Where(property => property.Value!["maxLength"] is not null && property.Key is not ("currency" or "email" or "code"))
                .Select(property => (Name: property.Key, Most: property.Value!["maxLength"]!.GetValue<int>())).ToList();
            Assert.NotEmpty(texts);
            var longest = texts.Select(text => Set(make(), text.Name, text.Most)).ToArray();
            var longer = texts.Select(text => Set(make(), text.Name, text.Most + 1)).ToArray();

            Assert.All(await device.PushAsync(longest), verdict => Assert.False(verdict.TryGetProperty("code", out _), verdict.GetRawText()));
            Assert.All(await device.PushAsync(longer), verdict => Assert.Equal("text.tooLong", verdict.GetProperty("code").GetString()));
            Assert.All(await Ajv.ErrorsAsync(schema, longest), Assert.Empty);
            Assert.All(await Ajv.ErrorsAsync(schema, longer), error => Assert.Contains("must NOT have more than", error, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("order", "customer", "null")]
    [InlineData("order", "lines", "[]")]
    [InlineData("order", "shipping", "-1")]
    [InlineData("order", "shippingTaxRate", "101")]
    [InlineData("order", "rounding", """{"level":"page","tie":"halfUp"}""")]
    [InlineData("order", "discount", """{"percent":100.5}""")]
    [InlineData("order", "currency", "\"EURO\"")]
    [InlineData("order", "rounding", "null")]
    [InlineData("lead", "name", "null")]
    [InlineData("lead", "attachmentsExpected", "-1")]
    [InlineData("activity", "type", "null")]
    [InlineData("activity", "count", """[{"sku":"SKU-1","quantity":-2}]""")]
    [InlineData("sale", "tenders", "null")]
    [InlineData("sale", "tenders", """[{"method":"shells","amount":10.80}]""")]
    [InlineData("quote", "validUntil", "\"soon\"")]
    [InlineData("customer", "name", "null")]
    [InlineData("customer", "billing", """{"postalCode":"0123456789012345678901234567890"}""")]
    [InlineData("receipt", "amount", "0")]
    [InlineData("receipt", "method", "\"shells\"")]
    [InlineData("receipt", "allocations", """[{"document":"INV-1","amount":0}]""")]
    public async Task What_a_schema_forbids_the_gateway_does_not_accept(string kind, string field, string value)
    {
        using var device = await gateway.EnrolAsync();
        await device.PushAsync(An.Customer(Customer));
        var record = Whole[kind]();
        record["body"]![field] = JsonNode.Parse(value);

        Assert.NotEqual([""], await Ajv.ErrorsAsync(await SchemaAsync(kind), [record]));
        var verdict = Assert.Single(await device.PushAsync(record));
        Assert.True(verdict.GetProperty("outcome").GetString() == "refused" || verdict.GetProperty("state").GetString() == "held", verdict.GetRawText());
    }

    [Fact]
    public async Task A_schema_nobody_has_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync("/v1/schemas/order/3")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync("/v1/schemas/horse/1")).StatusCode);
    }

    private async Task<JsonNode> SchemaAsync(string kind) => JsonNode.Parse(await gateway.Office.GetStringAsync($"/v1/schemas/{kind}/{Whole[kind]()["schema"]}"))!;

    private static JsonObject Set(JsonObject record, string field, int length)
    {
        record["body"]![field] = new string('x', length);
        // A coupon is good for one record only.
        record["body"]!.AsObject().Remove("coupons");
        return record;
    }

    private static JsonObject With(JsonObject record, string more)
    {
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
            record["body"]![name] = value?.DeepClone();
        return record;
    }
}

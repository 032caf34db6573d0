using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Money;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>A device's price look-up is the server's.</summary>
[Collection("feed"), InCi]
public sealed class PriceTriplesTests(GatewayFixture gateway)
{
    private const int Skus = 30;
    private const int Lists = 6;
    private const int Customers = 20;
    private const int Triples = 1_000;

    [Fact]
    public async Task F013_A_device_finds_the_servers_price_for_1000_customers_products_and_quantities()
    {
        var (random, tag) = (new Random(13), Guid.NewGuid().ToString("N")[..8]);
        await SetUpAsync(random, tag);
        using var device = await ModelDevice.EnrolAsync(gateway);
        await device.SyncAsync();
        var book = new PulledBook(device);
        var asked = Enumerable.Range(0, Triples).Select(_ => (
            Customer: $"{tag}-{random.Next(Customers)}", Sku: $"{tag}-{random.Next(Skus)}", Quantity: random.Next(4) == 0 ? random.Next(1, 2_500) / 100m : random.Next(1, 60),
            Currency: random.Next(3) switch { 0 => null, 1 => "EUR", _ => "USD" })).ToList();

        var answers = new (decimal?, string?)[Triples];
        await Parallel.ForAsync(0, Triples, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, stop) =>
        {
            var one = asked[i];
            var answer = await gateway.Office.GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"/v1/office/prices/look?customer={one.Customer}&sku={one.Sku}&quantity={one.Quantity}{(one.Currency is null ? "" : $"&currency={one.Currency}")}"), stop);
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            answers[i] = answer.IsSuccessStatusCode ? (json.GetProperty("unitPrice").GetDecimal(), json.TryGetProperty("priceListKey", out var key) ? key.GetString() : null) : (null, json.GetProperty("type").GetString());
        });

        var differences = asked.Index().Select(one => (one.Item, Server: answers[one.Index], Device: book.Find(one.Item.Customer, one.Item.Sku, one.Item.Quantity, one.Item.Currency)))
            .Where(one => one.Server != one.Device).Take(5).ToList();
        Assert.Empty(differences);
        // None of the ways to a price was missing from the dice.
        Assert.True(answers.Count(answer => answer.Item2 is not null) > 100 && answers.Count(answer => answer.Item2 is null) > 100 && answers.Select(answer => answer.Item1).Distinct().Count() > 50);
    }

    private async Task SetUpAsync(Random random, string tag)
    {
        await PutAsync("products", new { products = Enumerable.Range(0, Skus).Select(i => new { sku = $"{tag}-{i}", name = $"Item {i}", price = i % 7 == 0 ? null : (decimal?)(10 + i) }) });
        await PutAsync("price-lists", new { priceLists = Enumerable.Range(0, Lists).Select(i => new
        {
            name = $"{tag}-L{i}", active = i != 3, currency = i % 3 == 0 ? null : i % 3 == 1 ? "EUR" : "USD", percent = i >= 4 ? (decimal?)(12.345m - i) : null,
        }) });
        await PutAsync("customers", new { customers = Enumerable.Range(0, Customers).Select(i => new
        {
            id = Guid.CreateVersion7(), number = $"{tag}-{i}", body = new { name = $"Customer {i}", priceList = i % 5 == 4 ? null : $"{tag}-L{i % Lists}" },
        }) });
        await PutAsync("prices", new { prices = Enumerable.Range(0, 600).Select(i => new
        {
            sku = $"{tag}-{random.Next(Skus)}", priceList = i % 4 > 0 ? $"{tag}-L{random.Next(Lists)}" : null, customer = i % 4 == 0 ? $"{tag}-{random.Next(Customers)}" : null,
            fromQuantity = random.Next(3) * 10, toQuantity = random.Next(3) == 0 ? (int?)random.Next(20, 30) : null, unitPrice = random.Next(100, 2_000) / 100m, currency = random.Next(4) == 0 ? "EUR" : null,
        }) });

        // Another source of lists with the same name and equal breaks.
        var connection = await gateway.Scalar<Guid>("select connection_id from gateway.connection where name = 'erp'");
        await gateway.Execute($"""
            insert into gateway.price_list (company_id, connection_id, key, name, active) values ('{gateway.CompanyId}', '{connection}', '{tag}-L0', '{tag}-L0', true);
            insert into gateway.price (company_id, connection_id, key, sku, price_list, from_quantity, unit_price)
            select '{gateway.CompanyId}', '{connection}', '{tag}-' || i, '{tag}-' || i, '{tag}-L0', 10, 5 + i % 9 from generate_series(0, {Skus - 1}) i
            """);
    }

    private async Task PutAsync(string path, object body)
    {
        var answer = await gateway.Office.PutAsJsonAsync($"/v1/office/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The price book on what was pulled, nothing else.</summary>
    private sealed class PulledBook(ModelDevice device)
    {
        private readonly Dictionary<string, JsonElement> customers = Rows(device, "customers").Where(row => row.TryGetProperty("number", out _)).ToDictionary(row => row.GetProperty("number").GetString()!);
        private readonly ILookup<string, ListedPrice> prices = Rows(device, "prices").ToLookup(row => row.GetProperty("sku").GetString()!, row => new ListedPrice(
            row.GetProperty("unitPrice").GetDecimal(), Text(row, "priceList"), Text(row, "customer"), row.GetProperty("fromQuantity").GetDecimal(), Number(row, "toQuantity"), Text(row, "currency")));
        private readonly List<PriceList> lists = [.. Rows(device, "priceLists").Select(row => new PriceList(
            row.GetProperty("key").GetString()!, row.GetProperty("name").GetString()!, row.GetProperty("active").GetBoolean(), Text(row, "currency"), Number(row, "percent")))];

        public (decimal?, string?) Find(string customer, string sku, decimal quantity, string? currency)
        {
            var found = PriceBook.Find(new(quantity, customer, Text(customers[customer], "priceList"), currency, Number(device.Row("products", sku), "price")), prices[sku], lists);
            return found is null ? (null, "price.none") : (found.UnitPrice, found.PriceList);
        }

        private static IEnumerable<JsonElement> Rows(ModelDevice device, string collection) => device.Rows(collection).Values.Select(row => JsonSerializer.Deserialize<JsonElement>(row));

        private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;

        private static decimal? Number(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetDecimal() : null;
    }
}

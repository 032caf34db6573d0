using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Money;

namespace OrderSync.Gateway.Office.Prices;

/// <summary>The price of a product for a customer and a quantity.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Customer">Number of the customer.</param>
/// <param name="Quantity">The quantity asked for.</param>
/// <param name="UnitPrice">The price of one.</param>
/// <param name="Currency">ISO 4217; absent = the company's own.</param>
/// <param name="Origin">customer, list or product.</param>
/// <param name="PriceList">Name of the list it is from.</param>
/// <param name="PriceListKey">That list's key, as devices have it.</param>
/// <param name="PriceListVersion">Its version.</param>
/// <param name="FromQuantity">The quantity from which on the price holds.</param>
internal sealed record PriceAnswer(
    string Sku, string? Customer, decimal Quantity, decimal UnitPrice, string? Currency, string Origin, string? PriceList, string? PriceListKey, long? PriceListVersion, decimal FromQuantity);

/// <summary>Looks a price up as devices do: all candidates in one round trip, the choice by the price book both share.</summary>
internal sealed class PriceLook(NpgsqlDataSource database)
{
    private const string Buyer = """
        select c.number, c.body::jsonb ->> 'priceList' as list from customer c
        where c.company_id = $1 and not c.removed and c.customer_id = coalesce($2::uuid,
            (select n.customer_id from customer n where n.company_id = $1 and n.number = $3), (select d.customer_id from customer d where d.company_id = $1 and d.code = $3))
        """;

    public async Task<IResult> GetAsync(OfficeIdentity office, string? customer, string? sku, decimal? quantity, string? currency, CancellationToken stop)
    {
        if (sku is not { Length: > 0 and <= 100 } || quantity is not (> 0 and <= 1e9m) || customer?.Length > 60)
            return Problems.Bad("price.asked", "Give sku, quantity (more than 0) and, if it is for somebody, customer: a number, code or id.");
        if (sku.Contains('\0', StringComparison.Ordinal) || customer?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.Bad("price.asked", "sku or customer contains a NUL character.");
        if (currency is not null && Currencies.Decimals(currency) is null)
            return Problems.Bad("price.currency", $"\"{currency[..Math.Min(10, currency.Length)]}\" is not a currency such as EUR.");

        var id = Guid.TryParseExact(customer, "D", out var given) ? given : (Guid?)null;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select price from item where company_id = $1 and sku = $2 and not removed", office.CompanyId, sku);
        batch.Add(Buyer, office.CompanyId, CompanyBatch.Maybe(id), CompanyBatch.Maybe(customer));
        batch.Add($"""
            select l.connection_id || '/' || l.key, l.name, l.active, l.currency, l.percent, l.version
            from ({Buyer}) b join price_list l on l.company_id = $1 and l.name = b.list
            """, office.CompanyId, CompanyBatch.Maybe(id), CompanyBatch.Maybe(customer));
        batch.Add("""
            select unit_price, connection_id || '/' || price_list, customer, from_quantity, to_quantity, currency from price where company_id = $1 and sku = $2
            """, office.CompanyId, sku);

        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return Problems.NotFound("product.unknown", $"There is no product {sku}.");
        var own = Number(reader, 0);
        await reader.NextResultAsync(stop);
        var found = await reader.ReadAsync(stop);
        if (!found && customer is not null)
            return Problems.NotFound("customer.unknown", $"There is no customer {customer}.");
        var asked = new PriceAsked(quantity.Value, found ? Text(reader, 0) : null, found ? Text(reader, 1) : null, currency, own);
        await reader.NextResultAsync(stop);
        var lists = new Dictionary<string, (PriceList Terms, long Version)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            lists[reader.GetString(0)] = (new(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), Text(reader, 3), Number(reader, 4)), reader.GetInt64(5));
        await reader.NextResultAsync(stop);
        var prices = new List<ListedPrice>();
        while (await reader.ReadAsync(stop))
            prices.Add(new(reader.GetDecimal(0), Text(reader, 1), Text(reader, 2), reader.GetDecimal(3), Number(reader, 4), Text(reader, 5)));

        if (PriceBook.Find(asked, prices, lists.Values.Select(list => list.Terms)) is not { } price)
            return Problems.NotFound("price.none", $"{sku} has no price{(currency is null ? "" : $" in {currency}")}. Give the product a price, or its list or customer one.");
        var list = price.PriceList is { } key ? lists[key] : default;
        return Results.Ok(new PriceAnswer(
            sku, asked.Customer, quantity.Value, price.UnitPrice, price.Currency, price.Origin.ToString().ToLowerInvariant(), list.Terms?.Name, price.PriceList, list.Terms is null ? null : list.Version,
            price.FromQuantity));
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static decimal? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);
}

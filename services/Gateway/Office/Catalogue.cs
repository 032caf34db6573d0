using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office;

internal sealed record TaxRow(string? Code, string? Name, decimal Rate);

internal sealed record TaxList(IReadOnlyList<TaxRow>? Taxes);

internal sealed record ProductRow(
    string? Sku, string? Name, string? Unit, decimal? Price, string? TaxCode, decimal? MinimumQuantity, decimal? QuantityStep, bool NeedsConnection, bool? Active);

internal sealed record ProductList(IReadOnlyList<ProductRow>? Products);

internal sealed record CustomerRow(Guid Id, string? Number, string? Code, CustomerBody? Body);

internal sealed record CustomerList(IReadOnlyList<CustomerRow>? Customers);

/// <summary>What a bulk call did.</summary>
/// <param name="Received">Rows received.</param>
/// <param name="Changed">Rows that were new or different; a repeat changes none.</param>
internal sealed record BulkAnswer(int Received, int Changed);

/// <summary>Taxes, products and customers in bulk. Each call is one statement, whatever its size; the last of two rows with one key wins.
/// Rows go in the order of their keys, so that two calls never dead-lock.</summary>
internal sealed class Catalogue(NpgsqlDataSource database)
{
    private const int MostRows = 10_000;

    public async Task<IResult> PutTaxesAsync(OfficeIdentity office, TaxList list, CancellationToken stop)
    {
        if (WhyNot(list.Taxes, "taxes", row => Text(row.Code, "code", 60) ?? Text(row.Name ?? row.Code, "name", 200) ?? Range(row.Rate, "rate", 0, 1000)) is { } bad)
            return bad;

        var rows = list.Taxes!.Reverse().DistinctBy(row => row.Code).OrderBy(row => row.Code, StringComparer.Ordinal).ToList();
        return await WriteAsync(office, list.Taxes!.Count, """
            insert into tax (company_id, code, name, rate) select $1, * from unnest($2::text[], $3::text[], $4::numeric[])
            on conflict (company_id, code) do update set name = excluded.name, rate = excluded.rate
            where (tax.name, tax.rate) is distinct from (excluded.name, excluded.rate)
            """, [rows.Select(r => r.Code!).ToArray(), rows.Select(r => r.Name ?? r.Code!).ToArray(), rows.Select(r => r.Rate).ToArray()], stop);
    }

    public async Task<IResult> PutProductsAsync(OfficeIdentity office, ProductList list, CancellationToken stop)
    {
        if (WhyNot(list.Products, "products", row => Text(row.Sku, "sku", 100) ?? Text(row.Name, "name", 500) ?? Optional(row.Unit, "unit", 50)
                ?? Optional(row.TaxCode, "taxCode", 60) ?? Range(row.Price ?? 0, "price", 0, 1e12m)
                ?? Range(row.MinimumQuantity ?? 0, "minimumQuantity", 0, 1e9m) ?? Range(row.QuantityStep ?? 0, "quantityStep", 0, 1e9m)) is { } bad)
            return bad;

        var rows = list.Products!.Reverse().DistinctBy(row => row.Sku).OrderBy(row => row.Sku, StringComparer.Ordinal).ToList();
        return await WriteAsync(office, list.Products!.Count, """
            insert into item (company_id, sku, name, unit, price, tax_code, minimum_quantity, quantity_step, needs_connection, active)
            select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::numeric[], $8::numeric[], $9::boolean[], $10::boolean[])
            on conflict (company_id, sku) do update set name = excluded.name, unit = excluded.unit, price = excluded.price, tax_code = excluded.tax_code,
                minimum_quantity = excluded.minimum_quantity, quantity_step = excluded.quantity_step, needs_connection = excluded.needs_connection, active = excluded.active
            where (item.name, item.unit, item.price, item.tax_code, item.minimum_quantity, item.quantity_step, item.needs_connection, item.active) is distinct from
                (excluded.name, excluded.unit, excluded.price, excluded.tax_code, excluded.minimum_quantity, excluded.quantity_step, excluded.needs_connection, excluded.active)
            """,
            [
                rows.Select(r => r.Sku!).ToArray(), rows.Select(r => r.Name!).ToArray(), rows.Select(r => r.Unit).ToArray(), rows.Select(r => r.Price).ToArray(),
                rows.Select(r => r.TaxCode).ToArray(), rows.Select(r => r.MinimumQuantity).ToArray(), rows.Select(r => r.QuantityStep).ToArray(),
                rows.Select(r => r.NeedsConnection).ToArray(), rows.Select(r => r.Active ?? true).ToArray(),
            ], stop);
    }

    public async Task<IResult> PutCustomersAsync(OfficeIdentity office, CustomerList list, CancellationToken stop)
    {
        if (WhyNot(list.Customers, "customers", row => row.Id == Guid.Empty ? "id is missing" : Text(row.Body?.Name, "body.name", 200)
                ?? Optional(row.Number, "number", 60) ?? Optional(row.Code, "code", 60) ?? Optional(row.Body?.Email, "body.email", 254)) is { } bad)
            return bad;

        var rows = list.Customers!.Reverse().DistinctBy(row => row.Id).OrderBy(row => row.Id).ToList();
        return await WriteAsync(office, list.Customers!.Count, """
            insert into customer (company_id, customer_id, rev, number, code, name, email, body)
            select $1, id, 1, number, code, name, email, body from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as r (id, number, code, name, email, body)
            on conflict (company_id, customer_id) do update set number = excluded.number, code = excluded.code, name = excluded.name, email = excluded.email,
                body = excluded.body, rev = customer.rev + 1
            where (customer.number, customer.code, customer.body) is distinct from (excluded.number, excluded.code, excluded.body)
            """,
            [
                rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Number).ToArray(), rows.Select(r => r.Code).ToArray(), rows.Select(r => r.Body!.Name).ToArray(),
                rows.Select(r => r.Body!.Email).ToArray(), rows.Select(r => JsonSerializer.Serialize(r.Body, ContractJson.Options)).ToArray(),
            ], stop);
    }

    private async Task<IResult> WriteAsync(OfficeIdentity office, int received, string sql, object[] columns, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add(sql, [office.CompanyId, .. columns]);
        try
        {
            await batch.ExecuteNonQueryAsync(stop);
            return Results.Ok(new BulkAnswer(received, (int)batch.BatchCommands[1].Rows));
        }
        catch (PostgresException twin) when (twin.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("customer.numberTaken", "Two customers would have the same number or code. Nothing of this call was stored; mend the list and send it again.");
        }
    }

    private static IResult? WhyNot<T>(IReadOnlyList<T>? rows, string name, Func<T, string?> check)
    {
        if (rows is null)
            return Problems.Bad("bulk.shape", $"Send {{\"{name}\": [ … ]}}.");
        if (rows.Count > MostRows)
            return Problems.TooLarge("bulk.tooMany", $"{rows.Count} rows; send at most {MostRows} a call.");
        for (var i = 0; i < rows.Count; i++)
            if ((rows[i] is null ? "is null" : check(rows[i])) is { } why)
                return Problems.Bad("bulk.row", $"{name}[{i}]: {why}. Nothing of this call was stored.");
        return null;
    }

    private static string? Text(string? value, string name, int most) => string.IsNullOrWhiteSpace(value) ? $"{name} is missing" : Optional(value, name, most);

    private static string? Optional(string? value, string name, int most) =>
        value?.Length > most ? $"{name} is longer than {most} characters" : value?.Contains('\0', StringComparison.Ordinal) == true ? $"{name} contains a NUL character" : null;

    private static string? Range(decimal value, string name, decimal least, decimal most) => value < least || value > most || decimal.Round(value, 5) != value
        ? $"{name} must be from {least} to {most}, with at most five decimals"
        : null;
}

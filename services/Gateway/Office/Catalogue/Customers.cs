using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Storage;
using OrderSync.Money;

namespace OrderSync.Gateway.Office.Catalogue;

/// <param name="Id">The customer's id, the key.</param>
/// <param name="Number">Number in the ERP; no two customers have the same.</param>
/// <param name="Code">Customer code; no two customers have the same.</param>
/// <param name="Body">Name, addresses and terms.</param>
/// <param name="Source">In an answer: the connection that brings them; absent = the office's own or a device's. What is sent here is not looked at.</param>
/// <param name="Territory">Where they are: devices of reps with this territory have them.</param>
/// <param name="Reps">Ids of the reps who look after them; without territory and reps all devices have them.</param>
/// <param name="CreditLimit">The most they may owe; absent = no limit.</param>
/// <param name="Balance">What they owe; absent = nothing.</param>
/// <param name="Currency">ISO 4217 of limit and balance; what is ordered in another one is not counted.</param>
/// <param name="BalanceAsOf">Since when it is the balance: what was ordered later is added to it. Now if absent and the balance is another one.</param>
internal sealed record CustomerRow(
    Guid Id, string? Number, string? Code, CustomerBody? Body, string? Source = null, string? Territory = null, IReadOnlyList<Guid>? Reps = null,
    decimal? CreditLimit = null, decimal? Balance = null, string? Currency = null, DateTimeOffset? BalanceAsOf = null);

/// <param name="Customers">At most 10,000 in one call.</param>
/// <param name="Next">In an answer: the value of <c>after</c> for the next page.</param>
internal sealed record CustomerList(IReadOnlyList<CustomerRow>? Customers, string? Next = null);

/// <summary>Who buys.</summary>
internal sealed class Customers(TimeProvider time) : Collection<CustomerRow>
{
    private const int MostReps = 50;

    public override string Name => "customers";

    // A changed number is told of four times: prices and history follow a customer by it.
    public override int Part => 120;

    // Who looks after a customer is the office's word, also where a connection brings the rest. In the order of the ids, whatever the join makes of it: two lists at once never dead-lock.
    public override string Write => """
        with sent as (
            select r.id, r.number, r.code, r.name, r.email, r.body, r.territory, string_to_array(r.reps, ',')::uuid[] as reps, r.credit_limit, r.balance, r.currency,
                case when coalesce(r.credit_limit, r.balance) is not null then coalesce(r.as_of,
                    case when c.credit_limit is not null and (c.balance, c.credit_currency) is not distinct from (r.balance, r.currency) then c.credit_as_of end, $14) end as as_of
            from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::numeric[], $11::numeric[], $12::text[], $13::timestamptz[])
                as r (id, number, code, name, email, body, territory, reps, credit_limit, balance, currency, as_of)
            left join customer c on c.company_id = $1 and c.customer_id = r.id)
        insert into customer (company_id, customer_id, rev, number, code, name, email, body, territory, reps, credit_limit, balance, credit_currency, credit_as_of)
        select $1, id, 1, number, code, name, email, body, territory, reps, credit_limit, balance, currency, as_of from sent
        order by id
        on conflict (company_id, customer_id) do update set
            (number, code, name, email, body, removed, rev, credit_limit, balance, credit_currency, credit_as_of) = (
                select excluded.number, excluded.code, excluded.name, excluded.email, excluded.body, false,
                    customer.rev + ((customer.number, customer.code, customer.body, customer.removed) is distinct from (excluded.number, excluded.code, excluded.body, false))::int,
                    excluded.credit_limit, excluded.balance, excluded.credit_currency, excluded.credit_as_of
                where customer.owner is null
                union all select customer.number, customer.code, customer.name, customer.email, customer.body, customer.removed, customer.rev,
                    customer.credit_limit, customer.balance, customer.credit_currency, customer.credit_as_of where customer.owner is not null),
            territory = excluded.territory, reps = excluded.reps
        where customer.owner is null and (customer.number, customer.code, customer.body, customer.removed, customer.credit_limit, customer.balance, customer.credit_currency, customer.credit_as_of)
                is distinct from (excluded.number, excluded.code, excluded.body, false, excluded.credit_limit, excluded.balance, excluded.credit_currency, excluded.credit_as_of)
            or (customer.territory, customer.reps) is distinct from (excluded.territory, excluded.reps)
        """;

    public override string Owned => "select count(*)::int from customer where company_id = $1 and customer_id = any($2) and owner is not null";

    public override string Read => """
        select c.customer_id, c.number, c.code, c.body, x.name, c.territory, c.reps, c.credit_limit, c.balance, c.credit_currency, c.credit_as_of from customer c left join connection x on x.company_id = c.company_id and x.connection_id = c.owner
        where c.company_id = $1 and c.customer_id > $2 and not c.removed and ($3::text is null or c.search like lower($3)) order by c.customer_id limit $4
        """;

    public override string KeyOf(CustomerRow row) => row.Id.ToString();

    public override object? After(string? key) => key is null ? Guid.Empty : Guid.TryParse(key, out var id) ? id : null;

    public override IEnumerable<(string Column, string Why)?> Check(CustomerRow row)
    {
        yield return row.Id == Guid.Empty ? ("id", "is missing") : null;
        yield return Optional(row.Number, "number", 60);
        yield return Optional(row.Code, "code", 60);
        yield return Optional(row.Territory, "territory", 100) ?? (row.Territory is "" ? ("territory", "is empty; leave it out") : null);
        yield return row.Reps?.Count > MostReps ? ("reps", $"has more than {MostReps} entries") : null;
        yield return Range(row.CreditLimit, "creditLimit", 0, 1e12m);
        yield return Range(row.Balance, "balance", -1e12m, 1e12m);
        yield return row.Currency is not null && Currencies.Decimals(row.Currency) is null ? ("currency", "is not a currency such as EUR")
            : row.Currency is null && (row.CreditLimit ?? row.Balance) is not null ? ("currency", "is missing") : null;
        yield return row.BalanceAsOf is { Year: < 2000 or > 9000 } ? ("balanceAsOf", "is not a time of this century") : null;
        yield return Text(row.Body?.Name, "body.name", 200);
        if (row.Body is not { } body)
            yield break;
        foreach (var (name, value, most) in new[]
            {
                ("company", body.Company, 200), ("contact", body.Contact, 200), ("email", body.Email, 254), ("phone", body.Phone, 50), ("taxNumber", body.TaxNumber, 50),
                ("code", body.Code, 60), ("priceList", body.PriceList, 100), ("paymentTerms", body.PaymentTerms, 100), ("notes", body.Notes, 10_000),
            })
            yield return Optional(value, $"body.{name}", most);
        yield return Address("body.billing", body.Billing) ?? Address("body.shipping", body.Shipping);
    }

    public override IEnumerable<(string Column, string Kind, string Name)> Names(CustomerRow row) => (row.Reps ?? []).Select(rep => ("reps", Scope.Rep, rep.ToString()));

    public override object[] Arrays(IReadOnlyList<CustomerRow> rows) =>
    [
        rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Number).ToArray(), rows.Select(r => r.Code).ToArray(), rows.Select(r => r.Body!.Name).ToArray(),
        rows.Select(r => r.Body!.Email).ToArray(), rows.Select(r => JsonSerializer.Serialize(r.Body, ContractJson.Options)).ToArray(),
        rows.Select(r => r.Territory).ToArray(), rows.Select(r => string.Join(',', (r.Reps ?? []).Distinct().Order())).ToArray(),
        rows.Select(r => r.CreditLimit).ToArray(), rows.Select(r => r.Balance).ToArray(), rows.Select(r => r.Currency).ToArray(), rows.Select(r => r.BalanceAsOf?.ToUniversalTime()).ToArray(),
        time.GetUtcNow(),
    ];

    public override CustomerRow Row(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), JsonSerializer.Deserialize<CustomerBody>(row.GetString(3), ContractJson.Options),
        Maybe(row, 4), Maybe(row, 5), List<Guid>(row, 6), Number(row, 7), Number(row, 8), Maybe(row, 9), row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10));

    public override async Task<string?> ClashAsync(NpgsqlConnection connection, Guid company, IReadOnlyList<CustomerRow> rows, CancellationToken stop)
    {
        foreach (var (what, pairs) in new[] { ("number", rows.Select(row => (row.Id, Text: row.Number))), ("code", rows.Select(row => (row.Id, Text: row.Code))) })
            if (pairs.Where(pair => pair.Text is not null).GroupBy(pair => pair.Text).FirstOrDefault(group => group.Count() > 1) is { } twice)
                return Clash(what, twice.Key!, twice.First().Id, twice.Last().Id);

        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            select 'number', r.number, r.id, c.customer_id from unnest($2::uuid[], $3::text[]) as r (id, number)
            join customer c on c.company_id = $1 and c.number = r.number and c.customer_id <> r.id
            union all
            select 'code', r.code, r.id, c.customer_id from unnest($2::uuid[], $4::text[]) as r (id, code)
            join customer c on c.company_id = $1 and c.code = r.code and c.customer_id <> r.id limit 1
            """, company, rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Number).ToArray(), rows.Select(r => r.Code).ToArray());
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? Clash(reader.GetString(0), reader.GetString(1), reader.GetGuid(2), reader.GetGuid(3)) : null;
    }

    private static string Clash(string what, string text, Guid one, Guid other) => $"The customers {one} and {other} would have the same {what} {text}.";

    private static (string, string)? Address(string field, AddressBody? address) =>
        Sync.Texts.WhyNot(field, address) is { } fault ? (fault.Field!, fault.Code == "text.tooLong" ? "is too long" : "contains a character that cannot be stored") : null;
}

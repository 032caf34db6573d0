using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Catalogue;

namespace OrderSync.Gateway.Collections;

/// <summary>
/// Customers. A row finds its customer by the number at the destination, else by the record it was made from: a customer captured on a device
/// and written there comes back as itself. All others are new here.
/// </summary>
internal sealed class CustomerLevels : Levels<CustomerLevel>
{
    public override string Collection => CollectionNames.Customers;

    public override string RemoveLeftovers => """
        update customer set removed = true, active = false, owner = null
        where company_id = $1 and customer_id in (select customer_id from customer where company_id = $1 and owner <> $2 limit $3)
        """;

    protected override IReadOnlyList<(string Name, string Type)> Columns => [("code", "text"), ("name", "text"), ("email", "text"), ("body", "text"), ("active", "boolean"), ("credit_limit", "numeric"), ("balance", "numeric"), ("credit_currency", "text")];

    protected override string Target => """
        case when deleted then was else coalesce((select c.customer_id::text from customer c where c.company_id = $1 and c.number = sent.key), was, record_id::text, new_id::text) end
        """;

    // What the destination does not know is absent and stays, what it knows to be empty is "", or 0 for a limit.
    // The revision counts what was captured: it stays. A code that another customer has stays with that one.
    protected override string Apply => """
        chosen as (
            select distinct on (target) target::uuid as id, key, case when not exists (
                    select from customer c where c.company_id = $1 and c.code = n.code and c.customer_id <> n.target::uuid)
                and not exists (select from news t where t.code = n.code and t.key < n.key) then code end as code, name, email, body, active, at, credit_limit, balance, credit_currency
            from news n where target is not null and not deleted order by target, key),
        put as (
            insert into customer (company_id, customer_id, rev, number, code, name, email, body, active, owner, credit_limit, balance, credit_currency, credit_as_of)
            select $1, id, 1, key, code, name, email, body, active, $2, nullif(credit_limit, 0), balance, credit_currency, case when balance is not null or credit_limit <> 0 then at end
            from chosen order by id
            on conflict (company_id, customer_id) do update set number = excluded.number, code = coalesce(excluded.code, customer.code), name = excluded.name, email = excluded.email,
                body = (select coalesce(jsonb_object_agg(part.key, part.value), '{}') from jsonb_each(customer.body::jsonb || excluded.body::jsonb) part where part.value <> '""')::text, active = excluded.active, owner = excluded.owner, removed = false,
                credit_limit = case when (select n.credit_limit from chosen n where n.id = customer.customer_id) is null then customer.credit_limit else excluded.credit_limit end,
                balance = coalesce(excluded.balance, customer.balance), credit_currency = coalesce(excluded.credit_currency, customer.credit_currency),
                credit_as_of = case when excluded.balance is null and customer.credit_limit is not null then customer.credit_as_of else coalesce(excluded.credit_as_of, customer.credit_as_of) end),
        gone as (
            update customer set removed = true, active = false from news
            where news.deleted and customer.company_id = $1 and customer.customer_id = news.was::uuid and customer.owner = $2 and customer.number = news.key)
        """;

    protected override string? WhyNot(CustomerLevel body) => body.Body is null ? "It has no body." : NotAKey(body.Body.Name, 10_000, "name");

    protected override object[] Values(CustomerLevel?[] bodies) =>
    [
        Texts(bodies, body => body.Body.Code, 60), Texts(bodies, body => body.Body.Name, 200), Texts(bodies, body => body.Body.Email, 254),
        bodies.Select(body => body is null ? null : JsonSerializer.Serialize(body.Body, ContractJson.Options).Replace("\\u0000", "", StringComparison.Ordinal)).ToArray(), Flags(bodies, body => body.Active),
        Amounts(bodies, body => body.CreditLimit is >= 0 ? body.CreditLimit : null), Amounts(bodies, body => body.Balance),
        Texts(bodies, body => body.Currency, 3),
    ];
}

-- The customers that records name, by id, by number or by code, with what their credit says. A function, since its statement is planned anew at each call: a session that had prepared it
-- while there were hardly any customers kept a plan that compares each with each, until PostgreSQL counted them again. Runs as the owner, with the gateway's schema in the search path.
create function customers_wanted(company uuid, ids uuid[], numbers text[], codes text[], with_terms boolean, raising uuid[])
returns table (customer_id uuid, captured boolean, number text, code text, captured_code text, merged_into uuid, credit_limit numeric, credit_currency text, owed numeric, terms text, counted uuid[])
language sql stable set search_path = gateway, pg_temp as $$
    select m.customer_id, m.captured, m.number, m.code, m.captured_code, m.merged_into, c.credit_limit, c.credit_currency,
        case when c.credit_limit is not null then coalesce(c.balance, 0) + ordered_since($1, c.customer_id, c.credit_currency, c.credit_as_of) end,
        case when $5 then c.body::jsonb ->> 'paymentTerms' end,
        case when c.credit_limit is not null then array(
            select r.record_id from unnest($6) as w (id) join record r on r.company_id = $1 and r.record_id = w.id where r.state = 'accepted') end
    from (
        select * from customer where company_id = $1 and customer_id = any($2)
        union all select * from customer where company_id = $1 and number = any($3)
        union all select * from customer where company_id = $1 and code = any($4)
        union all select * from customer where company_id = $1 and captured_code = any($4)) m
    join customer c on c.company_id = $1 and c.customer_id = coalesce(m.merged_into, m.customer_id)
$$;

-- What devices see of stock and of customers has grown: the proofs of these rows are made of it. Runs as the owner, with the gateway's schema in the search path.

alter table stock drop column proof;
alter table stock add column proof bigint not null generated always as (
    stock_proof(connection_id, key, sku, location, location_name, available - sold, on_hand, committed, as_of)) stored;

alter table customer drop column proof;
drop function customer_proof(uuid, text, text, text, boolean, text, uuid[]);
create function customer_proof(
    customer_id uuid, body text, number text, code text, active boolean, territory text, reps uuid[], credit_limit numeric, balance numeric, currency text, as_of timestamptz)
    returns bigint language sql immutable parallel safe as $$
    select gateway.feed_proof($1::text, json_strip_nulls(($2::jsonb || jsonb_build_object('number', $3, 'code', $4, 'active', $5, 'territory', $6, 'reps', $7,
        'creditLimit', trim_scale($8), 'balance', trim_scale($9), 'currency', $10, 'balanceAsOf', to_char($11 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))::json)::text)
$$;
alter table customer add column proof bigint not null generated always as (
    customer_proof(customer_id, body, number, coalesce(code, captured_code), active, territory, reps, credit_limit, balance, credit_currency, credit_as_of)) stored;

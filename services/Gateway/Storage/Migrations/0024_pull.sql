-- A first download costs what its rows cost: proofs of rows and histories of customers are kept, not made anew for each device that asks.
-- Runs as the owner, with the gateway's schema in the search path.

-- What a row adds to the hash of its collection: of SHA-256 of its key and text the first eight bytes.
create function feed_proof(key text, body text) returns bigint language sql immutable parallel safe as $$
    select ('x' || encode(substr(sha256(convert_to($1 || e'\n' || $2, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
$$;

-- The texts of the four large collections as devices get them, once more: a row's proof is written with it. Whoever changes what is sent (Feed/Collections)
-- makes the function and the column anew; the tests compare both with what a device was sent. Immutable, whatever PostgreSQL says of JSON in general: nothing in
-- these rows depends on a session's settings.
create function item_proof(
    sku text, name text, unit text, price numeric, tax_code text, tax_rate numeric, minimum_quantity numeric, quantity_step numeric, categories text[], collections text[], barcodes text[],
    attributes jsonb, specifications jsonb, description text, needs_connection boolean, has_modifiers boolean, active boolean) returns bigint language sql immutable parallel safe as $$
    select gateway.feed_proof($1, json_strip_nulls(row_to_json(x))::text) from (
        select $1 as sku, $2 as name, gateway.item_search($2, $1, $11) as search, $3 as unit, trim_scale($4) as price, $5 as "taxCode", trim_scale($6) as "taxRate",
            trim_scale($7) as "minimumQuantity", trim_scale($8) as "quantityStep", $9 as categories, $10 as collections, $11 as barcodes, $12 as attributes, $13 as specifications,
            $14 as description, not ($15 or $16) as "offlineOrderable", $17 as active) x
$$;
alter table item add column proof bigint not null generated always as (
    item_proof(sku, name, unit, price, tax_code, tax_rate, minimum_quantity, quantity_step, categories, collections, barcodes, attributes, specifications, description, needs_connection, has_modifiers, active)) stored;

create function price_proof(
    connection_id uuid, key text, sku text, price_list text, customer text, from_quantity numeric, to_quantity numeric, unit_price numeric, currency text) returns bigint language sql immutable parallel safe as $$
    select gateway.feed_proof($1 || '/' || $2, json_strip_nulls(row_to_json(x))::text) from (
        select $3 as sku, $1 || '/' || $4 as "priceList", $5 as customer, trim_scale($6) as "fromQuantity", trim_scale($7) as "toQuantity", trim_scale($8) as "unitPrice", $9 as currency) x
$$;
alter table price add column proof bigint not null generated always as (
    price_proof(connection_id, key, sku, price_list, customer, from_quantity, to_quantity, unit_price, currency)) stored;

create function stock_proof(
    connection_id uuid, key text, sku text, location text, location_name text, available numeric, on_hand numeric, committed numeric, as_of timestamptz) returns bigint language sql immutable parallel safe as $$
    select gateway.feed_proof($1 || '/' || $2, json_strip_nulls(row_to_json(x))::text) from (
        select $3 as sku, $4 as location, $5 as "locationName", trim_scale($6) as available, trim_scale($7) as "onHand", trim_scale($8) as committed,
            to_char($9 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "asOf") x
$$;
alter table stock add column proof bigint not null generated always as (
    stock_proof(connection_id, key, sku, location, location_name, available, on_hand, committed, as_of)) stored;

create function customer_proof(customer_id uuid, body text, number text, code text, active boolean, territory text, reps uuid[]) returns bigint language sql immutable parallel safe as $$
    select gateway.feed_proof($1::text, json_strip_nulls(($2::jsonb || jsonb_build_object('number', $3, 'code', $4, 'active', $5, 'territory', $6, 'reps', $7))::json)::text)
$$;
alter table customer add column proof bigint not null generated always as (
    customer_proof(customer_id, body, number, coalesce(code, captured_code), active, territory, reps)) stored;

-- Of a customer's newest thousand orders those with the latest dates; what was bought is summed over the same thousand.
create or replace function customer_history(company uuid, customer uuid, most int) returns table (orders json, purchased json) language sql stable as $$
    with newest as materialized (
        select r.record_id, r.rev, r.reference, r.document_date, r.total, r.currency, r.state, r.received_at, r.captured_at from record r
        where r.company_id = $1 and r.customer_id = $2 and r.kind = 'order' and r.state <> 'refused' order by r.received_at desc, r.captured_at desc, r.record_id limit 1000)
    select
        (select coalesce(json_agg(o order by o.date desc, o.number desc, o.id), '[]') from (
            select * from (
                (select r.record_id as id, n.number, r.reference, r.document_date as date, trim_scale(r.total) as total, r.currency, r.state, e.status
                from (select * from newest order by document_date desc, received_at desc, captured_at desc, record_id limit $3) r
                left join record_number n on n.company_id = $1 and n.record_id = r.record_id
                left join lateral (
                    select e.status from delivery d join erp_document e on e.company_id = d.company_id and e.connection_id = d.connection_id and e.collection = 'orders' and e.key = d.external_id
                    where d.company_id = $1 and d.record_id = r.record_id order by e.at desc, e.connection_id limit 1) e on true)
                union all
                (select null, e.number, null, e.date, trim_scale(e.total), e.currency, null, e.status
                from customer c join collection_source s on s.company_id = c.company_id and s.collection = 'orders' and s.is_source and s.connection_id = coalesce(c.owner, s.connection_id)
                join erp_document e on e.company_id = c.company_id and e.connection_id = s.connection_id and e.collection = s.collection and e.customer_key = c.number
                where c.company_id = $1 and c.customer_id = $2 and e.status <> 'deleted'
                    and not exists (select from delivery d where d.company_id = e.company_id and d.connection_id = e.connection_id and d.external_id = e.key)
                order by e.date desc, e.key limit $3)) both_kinds
            order by date desc, number desc, id limit $3) o),
        (select coalesce(json_agg(p order by p.last desc, p.sku), '[]') from (
            select l.sku, max(r.document_date) as last, count(distinct r.record_id) as times, trim_scale(sum(l.quantity)) as quantity from newest r
            join order_line l on l.company_id = $1 and l.record_id = r.record_id and l.rev = r.rev
            where r.state <> 'stopped'
            group by l.sku order by max(r.document_date) desc, l.sku limit 500) p)
$$;

-- All histories at once: how much of them devices have, or whose documents are in them, was changed. One row of the feed; what it means is told when it is read.
create or replace function feed_order_history() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    insert into feed_change (company_id, collection, keys, befores, afters) values (coalesce(new.company_id, old.company_id), 'histories', '{all}', '{"{}"}', '{"{}"}');
    return null;
end $$;
create trigger feed_source_of_orders_changed after update on collection_source for each row
    when (new.collection = 'orders' and old.is_source is distinct from new.is_source) execute function feed_order_history();

-- A document that moves to another customer changes the histories of both; so does an order.
create or replace function feed_erp_document() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
declare
    told erp_document[];
    left_behind erp_document[] := '{}';
begin
    if tg_op = 'INSERT' then
        told := array(select row(n.*)::erp_document from newer n);
    else
        told := array(
            select row(n.*)::erp_document from newer n join older o using (company_id, connection_id, collection, key)
            where (o.number, o.status, o.total, o.balance, o.currency, o.date, o.customer_key, o.order_key) is distinct from (n.number, n.status, n.total, n.balance, n.currency, n.date, n.customer_key, n.order_key));
        left_behind := array(
            select row(o.*)::erp_document from newer n join older o using (company_id, connection_id, collection, key) where o.customer_key is distinct from n.customer_key);
    end if;
    insert into feed_change (company_id, collection, keys, befores, afters)
    select company_id, 'history', array_agg(key order by key), array_agg(scope order by key), array_agg(scope order by key) from (
        select distinct c.company_id, c.customer_id::text as key, c.scope::text as scope from unnest(told || left_behind) d join customer c on c.company_id = d.company_id and c.number = d.customer_key) h
    group by company_id order by company_id;
    insert into feed_change (company_id, collection, keys)
    select company_id, 'status', array_agg(distinct record_id::text) from (
        select v.company_id, v.record_id from unnest(told) d
        left join erp_document o on d.order_key is not null and o.company_id = d.company_id and o.connection_id = d.connection_id and o.collection = 'orders' and o.key = d.order_key
        join delivery v on v.company_id = d.company_id and v.connection_id = d.connection_id and v.external_number = coalesce(o.number, d.number)
            and v.external_id = coalesce(o.key, d.key)) s
    group by company_id order by company_id;
    return null;
end $$;

create function feed_order_left() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    insert into feed_change (company_id, collection, keys, befores, afters)
    select c.company_id, 'history', array[c.customer_id::text], array[c.scope::text], array[c.scope::text] from customer c where c.company_id = old.company_id and c.customer_id = old.customer_id;
    return null;
end $$;
create trigger feed_order_left after update of customer_id on record for each row
    when (old.kind = 'order' and old.customer_id is not null and old.customer_id is distinct from new.customer_id) execute function feed_order_left();

-- Histories as devices get them, as of a position of the feed. Nobody writes here who writes a record: whoever downloads brings them up to date, from the feed.
create table history_row (
    company_id uuid not null references company,
    customer_id uuid not null,
    body text not null,
    proof bigint not null,
    primary key (company_id, customer_id)
);
create table history_standing (
    company_id uuid primary key references company,
    shape int not null,
    pos bigint not null,            -- all changes up to it are in the rows
    made_to uuid                    -- they are being made anew: those of customers up to this one are; null = all
);

do $$
declare
    name text;
begin
    foreach name in array array['history_row', 'history_standing'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update, delete on history_row to gateway;
grant select, insert, update on history_standing to gateway;

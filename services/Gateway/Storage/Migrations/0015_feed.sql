-- The feed is a log of what devices must hear of. Nobody has to remember to write it: triggers note what changed of each row that devices see, and the last
-- thing a transaction does is to take positions for it. Runs as the owner, with the gateway's schema in the search path.

alter table company_feed add column trimmed bigint not null default 0;      -- the highest position whose row is no longer kept

-- before, after: scope keys of the row before and after the change. Empty = for every device, null = it was not there or is gone; both null = they are
-- derived from the record that key names.
alter table feed
    alter column key type text using key::text,
    alter column collection type text using 'verdicts',
    add column before text[],
    add column after text[],
    add column at timestamptz not null default now();

alter table device add column last_pull_at timestamptz;     -- when it last acknowledged a pull

-- Changes of a transaction that is not over. They are gone when it commits: nobody ever sees one.
create table feed_change (
    company_id uuid not null references company,
    change_id uuid not null default gen_random_uuid(),
    collection text not null,
    keys text[] not null,
    befores text[],                 -- each is a text[] as text
    afters text[],
    primary key (company_id, change_id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- Which scope keys a cursor speaks of by their hash.
create table feed_scope (
    company_id uuid not null references company,
    hash bigint not null,
    keys text[] not null,
    primary key (company_id, hash)
);

do $$
declare
    name text;
begin
    foreach name in array array['feed_change', 'feed_scope'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, delete on feed_change to gateway;
grant select, insert on feed_scope to gateway;
grant delete on feed to gateway;

-- Runs at the commit. All it locks is the company's row, and nothing is locked after it: so positions are in the order of commits, and nobody dead-locks on them.
create function take_positions() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
declare
    others text := current_setting('app.company', true);
    head bigint;
    n int := cardinality(new.keys);
begin
    perform set_config('app.company', new.company_id::text, true);
    delete from feed_change where company_id = new.company_id and change_id = new.change_id;
    update company_feed set pos = pos + n where company_id = new.company_id returning pos into head;
    if not found then
        raise exception 'Company % has no feed.', new.company_id;
    end if;
    insert into feed (company_id, pos, tx, collection, key, before, after)
    select new.company_id, head - n + c.ord, new.change_id, new.collection, c.key, c.before::text[], c.after::text[]
    from unnest(new.keys, new.befores, new.afters) with ordinality as c (key, before, after, ord);
    perform set_config('app.company', coalesce(others, ''), true);
    return null;
end $$;

create constraint trigger take_positions after insert on feed_change deferrable initially deferred for each row execute function take_positions();

-- Notes changes of a table's rows in the feed. key, scope, live and seen are expressions over its row t: what devices know it by, who sees it (text[]), whether
-- anybody does, and what they see of it. tied: rows that follow another row (the prices of a customer) name it, so that their going away
-- is told to everyone: who had the other one before is known no more.
create procedure feed_on(source text, collection text, key text, scope text, live text, seen text, tied text default 'null::text') language plpgsql as $procedure$
declare
    row_of text := format('t.company_id, %s as key, %s as scope, (%s) as live, row(%s) as seen, %s as tied', key, scope, live, seen, tied);
begin
    execute format($function$
        create function %1$I() returns trigger language plpgsql set search_path = gateway, pg_temp as $body$
        begin
            if tg_op = 'INSERT' then
                insert into feed_change (company_id, collection, keys, befores, afters)
                select company_id, %2$L, array_agg(key order by key), array_agg(null::text), array_agg(scope::text order by key)
                from (select %3$s from newer t) n where live group by company_id order by company_id;
            elsif tg_op = 'DELETE' then
                insert into feed_change (company_id, collection, keys, befores, afters)
                select company_id, %2$L, array_agg(key order by key), array_agg(case when tied is null then scope::text else '{}' end order by key), array_agg(null::text)
                from (select %3$s from older t) o where live group by company_id order by company_id;
            else
                insert into feed_change (company_id, collection, keys, befores, afters)
                select company_id, %2$L, array_agg(key order by key), array_agg(before::text order by key), array_agg(after::text order by key)
                from (
                    select company_id, key, case when o.live then case when o.tied is distinct from n.tied then '{}' else o.scope end end as before, case when n.live then n.scope end as after
                    from (select %3$s from older t) o full join (select %3$s from newer t) n using (company_id, key)
                    where (o.live or n.live) and (o.live, o.scope, o.tied, o.seen) is distinct from (n.live, n.scope, n.tied, n.seen)) c
                group by company_id order by company_id;
            end if;
            return null;
        end $body$
        $function$, 'feed_' || source, collection, row_of);
    execute format('create trigger feed_inserted after insert on %1$I referencing new table as newer for each statement execute function %2$I()', source, 'feed_' || source);
    execute format('create trigger feed_updated after update on %1$I referencing old table as older new table as newer for each statement execute function %2$I()', source, 'feed_' || source);
    execute format('create trigger feed_deleted after delete on %1$I referencing old table as older for each statement execute function %2$I()', source, 'feed_' || source);
end $procedure$;

-- Customers are seen by their reps' devices and those of their territory.
create function customer_scope(reps uuid[], territory text) returns text[] language sql immutable parallel safe as $$
    select coalesce((select array_agg('rep:' || rep::text) from unnest(reps) rep), '{}') || case when territory is null then '{}'::text[] else array['territory:' || territory] end
$$;
alter table customer add column scope text[] not null generated always as (customer_scope(reps, territory)) stored;

-- A price of a customer is seen by who sees the customer; nobody while there is none with that number.
create function price_scope(company uuid, customer text) returns text[] language sql stable set search_path = gateway, pg_temp as $$
    select case when $2 is null then '{}' else coalesce((select c.scope from customer c where c.company_id = $1 and c.number = $2 and not c.removed), '{nobody}') end
$$;

create function image_scope(company uuid, wanted text) returns text[] language sql stable set search_path = gateway, pg_temp as $$
    select coalesce((select i.scope from item i where i.company_id = $1 and i.sku = $2 and not i.removed), '{nobody}')
$$;

create function rep_scope(company uuid, rep uuid, branches uuid[]) returns text[] language sql stable set search_path = gateway, pg_temp as $$
    select case when $3 = '{}' then '{}' else array['rep:' || $2::text] || array(select 'branch:' || b.code from branch b where b.company_id = $1 and b.branch_id = any($3) order by b.code) end
$$;

-- What people type to find something, however they type it: lower case, no accents.
create function folded(words text) returns text language sql immutable parallel safe as $$ select regexp_replace(normalize(lower($1), nfd), '[\u0300-\u036f]', '', 'g') $$;
create function item_search(name text, sku text, barcodes text[]) returns text language sql immutable parallel safe as $$
    select gateway.folded($1 || ' ' || $2 || coalesce((select string_agg(' ' || code, '' order by ord) from unnest($3) with ordinality as b (code, ord)), ''))
$$;
alter table item add column search text not null generated always as (item_search(name, sku, barcodes)) stored;

-- Devices read page by page in the order of keys. Under row-level security only leakproof operators reach an index, and of those of texts the ones by bytes.
create index item_by_sku on item (company_id, sku text_pattern_ops);
create index price_by_key on price (company_id, key text_pattern_ops, connection_id);
create index stock_by_key on stock (company_id, key text_pattern_ops, connection_id);
create index product_image_by_sku on product_image (company_id, sku text_pattern_ops, place);

create index price_by_customer on price (company_id, customer) where customer is not null;

call feed_on('item', 'products', 't.sku', 't.scope', 'not t.removed',
    't.name, t.unit, t.price, t.tax_code, t.tax_rate, t.minimum_quantity, t.quantity_step, t.categories, t.collections, t.barcodes, t.attributes, t.specifications, t.description, t.needs_connection, t.has_modifiers, t.active');
call feed_on('tax', 'taxes', 't.code', '''{}''::text[]', 'true', 't.name, t.rate');
call feed_on('price_list', 'priceLists', 't.connection_id || ''/'' || t.key', '''{}''::text[]', 'true', 't.name, t.active, t.currency, t.percent');
call feed_on('price', 'prices', 't.connection_id || ''/'' || t.key', 'price_scope(t.company_id, t.customer)', 'true',
    't.sku, t.price_list, t.customer, t.from_quantity, t.to_quantity, t.unit_price, t.currency', 't.customer');
call feed_on('stock', 'stock', 't.connection_id || ''/'' || t.key', '''{}''::text[]', 'true', 't.sku, t.location, t.location_name, t.available, t.on_hand, t.committed, t.as_of');
call feed_on('customer', 'customers', 't.customer_id::text', 't.scope', 'not t.removed', 't.number, t.code, t.captured_code, t.active, t.body');
call feed_on('rep', 'reps', 't.rep_id::text', 'rep_scope(t.company_id, t.rep_id, t.branches)', 'not t.disabled', 't.name, t.email, t.role, t.rights, t.price_list, t.territories');
call feed_on('quick_key_layout', 'quickKeys', 't.name', 't.scope', 'true', 't.keys');
call feed_on('company_setting', 'settings', 't.name', '''{}''::text[]', 'true', 't.value');
call feed_on('product_image', 'images', 't.sku || ''/'' || t.place', 'image_scope(t.company_id, t.sku)', 'true', 't.sha256', '''''::text');

-- Prices follow a customer by the number: when it changes, those of either.
create function feed_customer_number() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    insert into feed_change (company_id, collection, keys, befores, afters)
    select company_id, 'customerPrices', array_agg(number order by number), array_agg('{}'::text), array_agg('{}'::text)
    from (
        select o.company_id, x.number from older o join newer n using (company_id, customer_id) cross join lateral (values (o.number), (n.number)) x (number)
        where o.number is distinct from n.number and x.number is not null) c
    group by company_id order by company_id;
    return null;
end $$;
create trigger feed_number_changed after update on customer referencing old table as older new table as newer for each statement execute function feed_customer_number();

-- What became of a record at its destinations. New deliveries are told with the record's verdict, or by who makes them.
create function feed_delivery() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    insert into feed_change (company_id, collection, keys)
    select company_id, 'status', array_agg(distinct record_id::text) from (
        select n.company_id, n.record_id from newer n join older o using (company_id, record_id, connection_id, rev)
        where (o.state, o.external_number, o.external_total, o.code, o.reason) is distinct from (n.state, n.external_number, n.external_total, n.code, n.reason)) c
    group by company_id order by company_id;
    return null;
end $$;
create trigger feed_updated after update on delivery referencing old table as older new table as newer for each statement execute function feed_delivery();

-- A document at a destination belongs to the history of its customer, and tells how far the order is that it was made from.
create function feed_erp_document() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
declare
    told erp_document[];
begin
    if tg_op = 'INSERT' then
        told := array(select row(n.*)::erp_document from newer n);
    else
        told := array(
            select row(n.*)::erp_document from newer n join older o using (company_id, connection_id, collection, key)
            where (o.number, o.status, o.total, o.balance, o.currency, o.date, o.customer_key, o.order_key) is distinct from (n.number, n.status, n.total, n.balance, n.currency, n.date, n.customer_key, n.order_key));
    end if;
    insert into feed_change (company_id, collection, keys, befores, afters)
    select company_id, 'history', array_agg(key order by key), array_agg(scope order by key), array_agg(scope order by key) from (
        select distinct c.company_id, c.customer_id::text as key, c.scope::text as scope from unnest(told) d join customer c on c.company_id = d.company_id and c.number = d.customer_key) h
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
create trigger feed_inserted after insert on erp_document referencing new table as newer for each statement execute function feed_erp_document();
create trigger feed_updated after update on erp_document referencing old table as older new table as newer for each statement execute function feed_erp_document();

-- For the sweep that trims the log: whose oldest row is older than it is kept, nothing else. Positions are dense, so this is one look a company.
create policy lookup on company_feed for select to gateway_lookup using (true);
grant select (company_id, trimmed) on company_feed to gateway_lookup;
create policy lookup on feed for select to gateway_lookup using (true);
grant select (company_id, pos, at) on feed to gateway_lookup;
create function companies_to_trim(kept_since timestamptz) returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select c.company_id from company_feed c join feed f on f.company_id = c.company_id and f.pos = c.trimmed + 1 where f.at < $1 $$;
revoke all on function companies_to_trim(timestamptz) from public;
grant execute on function companies_to_trim(timestamptz) to gateway_auth;

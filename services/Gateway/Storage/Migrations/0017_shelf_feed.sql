-- What else devices are told of: versions of price lists, and histories that change with a customer's number or with how much of them devices have.
-- Runs as the owner, with the gateway's schema in the search path.

drop function feed_price_list() cascade;
call feed_on('price_list', 'priceLists', 't.connection_id || ''/'' || t.key', '''{}''::text[]', 'true', 't.name, t.active, t.currency, t.percent, t.version');

-- Prices and what a destination has from elsewhere follow a customer by the number: when it changes, those of either.
create or replace function feed_customer_number() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    insert into feed_change (company_id, collection, keys, befores, afters)
    select company_id, 'customerPrices', array_agg(number order by number), array_agg('{}'::text), array_agg('{}'::text)
    from (
        select o.company_id, x.number from older o join newer n using (company_id, customer_id) cross join lateral (values (o.number), (n.number)) x (number)
        where o.number is distinct from n.number and x.number is not null) c
    group by company_id order by company_id;
    insert into feed_change (company_id, collection, keys, befores, afters)
    select company_id, 'history', array_agg(n.customer_id::text order by n.customer_id), array_agg(n.scope::text order by n.customer_id), array_agg(n.scope::text order by n.customer_id)
    from older o join newer n using (company_id, customer_id)
    where (o.number, o.owner) is distinct from (n.number, n.owner) and not n.removed
    group by company_id order by company_id;
    return null;
end $$;

-- How much history devices have is the company's to set, once in a long while: all of it changes then.
create function feed_order_history() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    insert into feed_change (company_id, collection, keys, befores, afters)
    select c.company_id, 'history', array_agg(c.customer_id::text order by c.customer_id), array_agg(c.scope::text order by c.customer_id), array_agg(c.scope::text order by c.customer_id)
    from customer c where c.company_id = coalesce(new.company_id, old.company_id) and not c.removed
    group by c.company_id;
    return null;
end $$;
create trigger feed_order_history_set after insert or update on company_setting for each row when (new.name = 'orderHistory') execute function feed_order_history();
create trigger feed_order_history_cleared after delete on company_setting for each row when (old.name = 'orderHistory') execute function feed_order_history();

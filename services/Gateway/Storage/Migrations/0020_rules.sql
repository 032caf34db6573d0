-- What companies set rules by: credit, coupons, lots, codes of customers, numbers, and what was sold since the ERP's last word. Runs as the owner, with the gateway's schema in the search path.

-- The ERP's or the office's word: how much a customer may owe, what they owe, as of when. Null = no limit.
alter table customer
    add column credit_limit numeric(24, 5),
    add column credit_currency text,
    add column balance numeric(24, 5),
    add column credit_as_of timestamptz;
create index customer_with_limit on customer (company_id, customer_id) where credit_limit is not null;
drop function feed_customer() cascade;
call feed_on('customer', 'customers', 't.customer_id::text', 't.scope', 'not t.removed',
    't.number, t.code, t.captured_code, t.active, t.body, t.credit_limit, t.credit_currency, t.balance, t.credit_as_of');

-- Two who capture a customer with the same code at the same moment: one of them gets it.
update customer c set captured_code = null
where captured_code is not null and exists (select from customer o where o.company_id = c.company_id and o.captured_code = c.captured_code and o.customer_id < c.customer_id);
drop index customer_by_captured_code;
create unique index customer_by_captured_code on customer (company_id, captured_code) where captured_code is not null;

-- Coupons as they were used. Of each the first use is known by an index, so that two devices never both have it.
create table coupon_use (
    company_id uuid not null references company,
    record_id uuid not null,
    rev int not null,
    coupon_no int not null,
    coupon text not null,
    first boolean not null,
    at timestamptz not null,
    primary key (company_id, record_id, rev, coupon_no),
    foreign key (company_id, record_id) references record
);
create unique index coupon_first on coupon_use (company_id, coupon) where first;

-- Lots and serial numbers there are. One that was removed stays, so that its item is still known to have some.
create table lot (
    company_id uuid not null,
    sku text not null,
    kind text not null check (kind in ('lot', 'serial')),
    number text not null,
    expires date,
    removed boolean not null default false,
    primary key (company_id, sku, kind, number),
    foreign key (company_id, sku) references item
);

-- Codes given to customers: a counter for each text around it, such as C-2026-…
create table customer_code (
    company_id uuid not null references company,
    around text not null,
    next bigint not null default 1,
    primary key (company_id, around)
);

-- Numbers grow beyond their digits.
alter table series add column digits smallint not null default 6 check (digits between 1 and 12);

-- How far the sums below have followed the feed.
create table sum_position (
    company_id uuid primary key references company,
    pos bigint not null
);
insert into sum_position (company_id, pos) select company_id, pos from company_feed;

-- What customers with a limit have ordered: as entered, then differences only.
create table customer_commitment (
    company_id uuid not null references company,
    record_id uuid not null,
    line int not null,
    customer_id uuid not null,
    amount numeric(24, 5) not null,
    currency text not null,
    at timestamptz not null,
    primary key (company_id, record_id, line),
    foreign key (company_id, record_id) references record
);
create index customer_commitment_since on customer_commitment (company_id, customer_id, at) include (currency, amount);

-- Their sum since the word it was made for; of no use once there is a newer word.
create table customer_open (
    company_id uuid not null references company,
    customer_id uuid not null,
    currency text not null,
    as_of timestamptz not null,
    amount numeric(24, 5) not null,
    primary key (company_id, customer_id, currency)
);

-- What left the shelf: as sold, then differences only.
create table stock_move (
    company_id uuid not null references company,
    record_id uuid not null,
    line int not null,
    sku text not null,
    branch_id uuid not null,
    quantity numeric(19, 5) not null,
    at timestamptz not null,
    primary key (company_id, record_id, line),
    foreign key (company_id, record_id) references record,
    foreign key (company_id, branch_id) references branch
);
create index stock_move_since on stock_move (company_id, sku, at) include (branch_id, quantity);

do $$
declare
    name text;
begin
    foreach name in array array['coupon_use', 'lot', 'customer_code', 'sum_position', 'customer_commitment', 'customer_open', 'stock_move'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;
grant select, insert, update (first) on coupon_use to gateway;
grant select, insert, update on lot, customer_code, sum_position, customer_open to gateway;
grant select, insert on customer_commitment, stock_move to gateway;

-- For the reader that sums: whose feed has gone on, nothing else.
create policy lookup on sum_position for select to gateway_lookup using (true);
grant select on sum_position to gateway_lookup;
create function companies_to_follow() returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select f.company_id from company_feed f left join sum_position s using (company_id) where f.pos > coalesce(s.pos, 0) $$;
revoke all on function companies_to_follow() from public;
grant execute on function companies_to_follow() to gateway_auth;

-- What a customer has ordered since the word on their balance. The sum that is kept is good while it was made for this very word.
create function ordered_since(company uuid, customer uuid, of_currency text, word timestamptz) returns numeric language sql stable set search_path = gateway, pg_temp as $$
    select coalesce(
        (select o.amount from customer_open o where o.company_id = $1 and o.customer_id = $2 and o.currency = $3 and o.as_of = $4),
        (select sum(m.amount) from customer_commitment m where m.company_id = $1 and m.customer_id = $2 and m.currency = $3 and m.at > $4), 0)
$$;

-- Stock that devices know is the word on it less what was sold since. A sale takes from the place that has its branch's code or name, else from the item's first place.
alter table stock add column sold numeric(19, 5) not null default 0;
drop function feed_stock() cascade;
call feed_on('stock', 'stock', 't.connection_id || ''/'' || t.key', '''{}''::text[]', 'true', 't.sku, t.location, t.location_name, t.available, t.on_hand, t.committed, t.as_of, t.sold');

create procedure recount_stock(company uuid, skus text[]) language plpgsql set search_path = gateway, pg_temp as $$
begin
    update stock s set sold = n.sold
    from (
        select o.connection_id, o.key, coalesce(t.sold, 0) as sold from stock o left join (
            select p.connection_id, p.key, sum(m.quantity) as sold
            from (
                select distinct m.sku, m.branch_id from stock_move m where m.company_id = $1 and m.sku = any($2)) taken
            join branch b on b.company_id = $1 and b.branch_id = taken.branch_id
            cross join lateral (
                select r.connection_id, r.key, r.as_of from stock r where r.company_id = $1 and r.sku = taken.sku
                order by (r.location in (b.code, b.name) or r.location_name in (b.code, b.name)) is true desc, r.location, r.connection_id, r.key limit 1) p
            join stock_move m on m.company_id = $1 and m.sku = taken.sku and m.branch_id = taken.branch_id and m.at > p.as_of
            group by 1, 2) t using (connection_id, key)
        where o.company_id = $1 and o.sku = any($2)) n
    where s.company_id = $1 and s.connection_id = n.connection_id and s.key = n.key and s.sold <> n.sold;
end $$;

-- Words on stock and what was sold come one after the other, so that neither is counted without the other. Taken before any row of stock is locked.
create function stock_alone() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('stock/' || current_setting('app.company', true), 0));
    return null;
end $$;
create trigger alone before insert or update or delete on stock for each statement execute function stock_alone();

create function stock_word() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
declare
    of_company uuid := nullif(current_setting('app.company', true), '')::uuid;
    told text[];
begin
    if tg_op = 'INSERT' then
        told := array(select distinct sku from newer);
    elsif tg_op = 'DELETE' then
        told := array(select distinct sku from older);
    else
        told := array(
            select distinct unnest(array[o.sku, n.sku]) from older o join newer n using (company_id, connection_id, key)
            where (o.sku, o.location, o.location_name, o.as_of) is distinct from (n.sku, n.location, n.location_name, n.as_of));
    end if;
    if exists (select from stock_move m where m.company_id = of_company and m.sku = any(told)) then
        call recount_stock(of_company, told);
    end if;
    return null;
end $$;
create trigger word_added after insert on stock referencing new table as newer for each statement execute function stock_word();
create trigger word_changed after update on stock referencing old table as older new table as newer for each statement execute function stock_word();
create trigger word_gone after delete on stock referencing old table as older for each statement execute function stock_word();

-- Gives captured customers without a code one of the company's pattern, such as C-{yyyy}-{n:00000}: never one that somebody has. Called by the last statements of a transaction.
create procedure give_customer_codes(company uuid, customers uuid[], at timestamptz) language plpgsql set search_path = gateway, pg_temp as $$
declare
    pattern text := (select s.value #>> '{}' from company_setting s where s.company_id = $1 and s.name = 'customerCode');
    slot text := substring(pattern from '\{n(?::0+)?\}');
    given text;
    counted bigint;
    wanted uuid;
begin
    if slot is null then
        return;
    end if;
    pattern := replace(replace(replace(pattern, '{yyyy}', to_char($3 at time zone 'UTC', 'YYYY')), '{yy}', to_char($3 at time zone 'UTC', 'YY')), '{MM}', to_char($3 at time zone 'UTC', 'MM'));
    insert into customer_code (company_id, around) values ($1, replace(pattern, slot, '{n}')) on conflict do nothing;
    select c.next into counted from customer_code c where c.company_id = $1 and c.around = replace(pattern, slot, '{n}') for update;
    foreach wanted in array $2 loop
        if exists (select from customer c where c.company_id = $1 and c.customer_id = wanted and c.captured and c.code is null and c.captured_code is null) then
            loop
                given := replace(pattern, slot, case when slot = '{n}' then counted::text else lpad(counted::text, greatest(length(slot) - 4, length(counted::text)), '0') end);
                counted := counted + 1;
                exit when not exists (select from customer c where c.company_id = $1 and c.code = given)
                    and not exists (select from customer c where c.company_id = $1 and c.captured_code = given);
            end loop;
            update customer c set code = given where c.company_id = $1 and c.customer_id = wanted;
        end if;
    end loop;
    update customer_code c set next = counted where c.company_id = $1 and c.around = replace(pattern, slot, '{n}') and c.next <> counted;
end $$;

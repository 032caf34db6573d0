-- What devices need to sell without a line: more of each product, who may see what, reps, quick keys, settings, images.
-- Runs as the owner, with the gateway's schema in the search path.

-- Scope keys are texts such as rep:<id>, territory:<code>, branch:<code>, class:<name>. A row without any is for every device of the company,
-- else for those that have at least one of its keys.
alter table item
    add column description text,
    add column collections text[] not null default '{}',
    add column specifications jsonb not null default '{}',
    add column has_modifiers boolean not null default false,    -- sold with choices that only the server can check: not without a line
    add column scope text[] not null default '{}',
    add column known_there text[] not null default '{}';        -- of these the owner's word counts: categories, barcodes, attributes, description

alter table customer
    add column territory text,
    add column reps uuid[] not null default '{}';

alter table rep
    add column role text,
    add column rights text[] not null default '{}',
    add column price_list text,
    add column territories text[] not null default '{}',
    add column branches uuid[] not null default '{}';           -- where they sell; none = everywhere

alter table device
    add column class text not null default 'phone' check (class in ('phone', 'tablet', 'register')),
    add column ready_at timestamptz,                            -- its first download was acknowledged whole
    add column ready_epoch uuid;

alter table enrolment_code add column class text check (class in ('phone', 'tablet', 'register'));

-- Prices and stock of a company without an ERP are the office's own: their connection is the nil UUID, which stands for none.
alter table price_list
    add column owner uuid generated always as (nullif(connection_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
    add column version bigint not null default 1,               -- rises with each change of its terms or prices
    drop constraint price_list_company_id_connection_id_fkey,
    add foreign key (company_id) references company,
    add foreign key (company_id, owner) references connection;
alter table price
    add column owner uuid generated always as (nullif(connection_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
    drop constraint price_company_id_connection_id_fkey,
    add foreign key (company_id) references company,
    add foreign key (company_id, owner) references connection;
alter table stock
    add column owner uuid generated always as (nullif(connection_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
    drop constraint stock_company_id_connection_id_fkey,
    add foreign key (company_id) references company,
    add foreign key (company_id, owner) references connection;

create function price_list_changed() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    if (old.name, old.active, old.currency, old.percent) is distinct from (new.name, new.active, new.currency, new.percent) then
        new.version = old.version + 1;
    end if;
    return new;
end $$;
create trigger version before update on price_list for each row execute function price_list_changed();

-- In the order of their keys, so that two who change prices of the same lists never wait for each other in a circle.
create function price_changed() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        update price_list l set version = l.version + 1 from (
            select p.company_id, p.connection_id, p.key from price_list p
            where (p.company_id, p.connection_id, p.key) in (select company_id, connection_id, price_list from added) order by p.connection_id, p.key for update) t
        where (l.company_id, l.connection_id, l.key) = (t.company_id, t.connection_id, t.key);
    elsif tg_op = 'DELETE' then
        update price_list l set version = l.version + 1 from (
            select p.company_id, p.connection_id, p.key from price_list p
            where (p.company_id, p.connection_id, p.key) in (select company_id, connection_id, price_list from gone) order by p.connection_id, p.key for update) t
        where (l.company_id, l.connection_id, l.key) = (t.company_id, t.connection_id, t.key);
    else
        update price_list l set version = l.version + 1 from (
            select p.company_id, p.connection_id, p.key from price_list p
            where (p.company_id, p.connection_id, p.key) in (
                select n.company_id, n.connection_id, unnest(array[n.price_list, o.price_list]) from added n join gone o using (company_id, connection_id, key)
                where n is distinct from o)
            order by p.connection_id, p.key for update) t
        where (l.company_id, l.connection_id, l.key) = (t.company_id, t.connection_id, t.key);
    end if;
    return null;
end $$;
create trigger version_added after insert on price referencing new table as added for each statement execute function price_changed();
create trigger version_changed after update on price referencing new table as added old table as gone for each statement execute function price_changed();
create trigger version_gone after delete on price referencing old table as gone for each statement execute function price_changed();

-- What a customer ordered: the newest orders, ours and those the destination has from elsewhere, and what they bought, by item. By index only.
drop index erp_document_by_customer;
create index erp_document_by_customer on erp_document (company_id, connection_id, customer_key, collection, date desc) where customer_key is not null;
create index delivery_by_external_id on delivery (company_id, connection_id, external_id) where external_id is not null;

create function customer_history(company uuid, customer uuid, most int) returns table (orders json, purchased json) language sql stable as $$
    select
        (select coalesce(json_agg(o order by o.date desc, o.number desc, o.id), '[]') from (
            select * from (
                (select r.record_id as id, n.number, r.reference, r.document_date as date, trim_scale(r.total) as total, r.currency, r.state, e.status
                from record r left join record_number n on n.company_id = r.company_id and n.record_id = r.record_id
                left join lateral (
                    select e.status from delivery d join erp_document e on e.company_id = d.company_id and e.connection_id = d.connection_id and e.collection = 'orders' and e.key = d.external_id
                    where d.company_id = r.company_id and d.record_id = r.record_id order by e.at desc, e.connection_id limit 1) e on true
                where r.company_id = $1 and r.customer_id = $2 and r.kind = 'order' and r.state <> 'refused' order by r.received_at desc, r.captured_at desc, r.record_id limit $3)
                union all
                (select null, e.number, null, e.date, trim_scale(e.total), e.currency, null, e.status
                from customer c join collection_source s on s.company_id = c.company_id and s.collection = 'orders' and s.is_source and s.connection_id = coalesce(c.owner, s.connection_id)
                join erp_document e on e.company_id = c.company_id and e.connection_id = s.connection_id and e.collection = s.collection and e.customer_key = c.number
                where c.company_id = $1 and c.customer_id = $2 and e.status <> 'deleted'
                    and not exists (select from delivery d where d.company_id = e.company_id and d.connection_id = e.connection_id and d.external_id = e.key)
                order by e.date desc, e.key limit $3)) both_kinds
            order by date desc, number desc, id limit $3) o),
        (select coalesce(json_agg(p order by p.last desc, p.sku), '[]') from (
            select l.sku, max(r.document_date) as last, count(distinct r.record_id) as times, trim_scale(sum(l.quantity)) as quantity from (
                select r.record_id, r.rev, r.document_date from record r
                where r.company_id = $1 and r.customer_id = $2 and r.kind = 'order' and r.state in ('accepted', 'held', 'waiting') order by r.received_at desc, r.captured_at desc, r.record_id limit 1000) r
            join order_line l on l.company_id = $1 and l.record_id = r.record_id and l.rev = r.rev
            group by l.sku order by max(r.document_date) desc, l.sku limit 500) p)
$$;

-- Buttons of a register: one layout a branch, or one for all.
create table quick_key_layout (
    company_id uuid not null references company,
    name text not null,
    keys jsonb not null,
    scope text[] not null default '{}',
    primary key (company_id, name)
);

-- What a company has set; what it has not is the default in code.
create table company_setting (
    company_id uuid not null references company,
    name text not null,
    value jsonb not null,
    primary key (company_id, name)
);

-- Bytes once for a company, however many products show them.
create table image (
    company_id uuid not null references company,
    sha256 bytea not null check (length(sha256) = 32),
    content_type text not null,
    bytes bytea not null,
    created_at timestamptz not null default now(),
    primary key (company_id, sha256)
);
alter table image alter column bytes set storage external;      -- compressed already, and ranges are read from it

create table product_image (
    company_id uuid not null,
    sku text not null,
    place int not null,
    sha256 bytea not null,
    primary key (company_id, sku, place),
    foreign key (company_id, sku) references item,
    foreign key (company_id, sha256) references image
);

do $$
declare
    name text;
begin
    foreach name in array array['quick_key_layout', 'company_setting', 'image', 'product_image'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update, delete on quick_key_layout, company_setting, product_image to gateway;
grant select, insert, delete on image to gateway;

-- Quotes and receipts; what a record waits for; input that has no id.

-- Ids a waiting or held record needs first: it goes on when each is a customer or an accepted record. Empty for all others.
alter table record add column awaits uuid[] not null default '{}';

-- A customer's row was made by a device or by the office. A code typed on a device stands apart: it never takes one of the office.
alter table customer add column captured boolean not null default false;
alter table customer add column captured_code text;
create index customer_by_captured_code on customer (company_id, captured_code) where captured_code is not null;

-- What a receipt pays.
create table allocation (
    company_id uuid not null,
    record_id uuid not null,
    rev int not null,
    allocation_no int not null,
    order_id uuid,
    document text,
    amount numeric(24, 5) not null,
    primary key (company_id, record_id, rev, allocation_no),
    foreign key (company_id, record_id) references record
) partition by hash (company_id);
create index allocation_by_order on allocation (company_id, order_id) where order_id is not null;

-- Input without a usable id, under a quota for each device and day.
create table unreadable (
    company_id uuid not null references company,
    sha256 bytea not null,
    bytes bytea not null,
    device_id uuid not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    times bigint not null default 1,
    primary key (company_id, sha256),
    foreign key (company_id, device_id) references device
);
create index unreadable_by_time on unreadable (company_id, last_at desc);

create table unreadable_day (
    company_id uuid not null,
    device_id uuid not null,
    day date not null,
    kept bigint not null default 0,
    bytes bigint not null default 0,
    dropped bigint not null default 0,
    primary key (company_id, device_id, day),
    foreign key (company_id, device_id) references device
);

do $$
declare
    part int;
    target text;
begin
    for part in 0..7 loop
        execute format('create table %I partition of allocation for values with (modulus 8, remainder %s)', 'allocation_p' || part, part);
    end loop;

    for target in
        select c.relname from pg_class c
        where c.relnamespace = current_schema()::regnamespace and (c.relname in ('unreadable', 'unreadable_day') or c.relname ~ '^allocation(_p\d)?$')
    loop
        execute format('alter table %I enable row level security', target);
        execute format('alter table %I force row level security', target);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, target);
    end loop;
end $$;

grant select, insert on allocation to gateway;
grant select, insert, update on unreadable, unreadable_day to gateway;

-- Rows of all companies change here: the owner sees them only while its tables do not force the policy.
alter table branch no force row level security;
alter table series no force row level security;
alter table record no force row level security;
alter table customer no force row level security;
insert into series (company_id, branch_id, kind, prefix)
    select b.company_id, b.branch_id, k.kind, k.prefix || b.code || '-' from branch b, (values ('order', 'SO-'), ('quote', 'QU-'), ('receipt', 'RC-')) as k (kind, prefix)
    on conflict do nothing;
update customer c set captured = true from record r where r.company_id = c.company_id and r.record_id = c.customer_id and r.kind = 'customer';
update record set awaits = array[customer_id] where state = 'waiting' and customer_id is not null and kind <> 'customer';
update record set state = 'waiting', awaits = case when customer_id is null or kind = 'customer' then '{}' else array[customer_id] end where state = 'held' and code = 'user.disabled';
alter table branch force row level security;
alter table series force row level security;
alter table record force row level security;
alter table customer force row level security;

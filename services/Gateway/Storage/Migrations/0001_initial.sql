-- Every table belongs to one company: each key begins with company_id, row-level security is enabled and forced.
-- Runs as the owner, with the gateway's schema in the search path.

create table company (
    company_id uuid primary key,
    name text not null,
    language text not null default 'en' check (language in ('en', 'de')),
    created_at timestamptz not null default now()
);

create table company_feed (
    company_id uuid primary key references company,
    epoch uuid not null,
    pos bigint not null default 0
);

create table branch (
    company_id uuid not null references company,
    branch_id uuid not null,
    code text not null,
    name text not null,
    primary key (company_id, branch_id),
    unique (company_id, code)
);

create table rep (
    company_id uuid not null references company,
    rep_id uuid not null,
    name text not null,
    email text,
    disabled boolean not null default false,
    primary key (company_id, rep_id)
);
create unique index rep_by_name on rep (company_id, name, coalesce(email, ''));

create table api_key (
    company_id uuid not null references company,
    key_id uuid not null,
    hash bytea not null,
    name text not null,
    role text not null check (role in ('owner', 'office', 'viewer', 'ops')),
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (company_id, key_id)
);
create index api_key_by_hash on api_key (hash);

create table enrolment_code (
    company_id uuid not null references company,
    hash bytea not null,
    rep_id uuid not null,
    branch_id uuid not null,
    expires_at timestamptz not null,
    device_id uuid,
    primary key (company_id, hash),
    foreign key (company_id, rep_id) references rep,
    foreign key (company_id, branch_id) references branch
);
create index enrolment_code_by_hash on enrolment_code (hash);

create table device (
    company_id uuid not null references company,
    device_id uuid not null,
    hardware_id text not null,
    name text,
    public_key bytea not null,
    rep_id uuid not null,
    branch_id uuid not null,
    enrolled_at timestamptz not null default now(),
    revoked_at timestamptz,
    last_push_at timestamptz,
    skew_ms bigint,
    primary key (company_id, device_id),
    foreign key (company_id, rep_id) references rep,
    foreign key (company_id, branch_id) references branch
);
create unique index device_by_key on device (company_id, hardware_id, sha256(public_key));
create index device_by_id on device (device_id);

-- A refresh token is replaced when it is used; the one before stays good until its successor is first used.
create table refresh_token (
    company_id uuid not null,
    device_id uuid not null,
    hash bytea not null,
    parent bytea,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    first_used_at timestamptz,
    revoked_at timestamptz,
    primary key (company_id, device_id, hash),
    foreign key (company_id, device_id) references device
);

create table tax (
    company_id uuid not null references company,
    code text not null,
    name text not null,
    rate numeric(9, 5) not null check (rate >= 0 and rate <= 1000),
    primary key (company_id, code)
);

create table item (
    company_id uuid not null references company,
    sku text not null,
    name text not null,
    unit text,
    price numeric(19, 5),
    tax_code text,
    minimum_quantity numeric(19, 5),
    quantity_step numeric(19, 5),
    needs_connection boolean not null default false,
    active boolean not null default true,
    primary key (company_id, sku)
);

create table customer (
    company_id uuid not null references company,
    customer_id uuid not null,
    rev int not null,
    number text,
    code text,
    name text not null,
    email text,
    body text not null,
    primary key (company_id, customer_id),
    unique (company_id, number),
    unique (company_id, code)
);

create table connection (
    company_id uuid not null references company,
    connection_id uuid not null,
    name text not null,
    connector text not null,
    kinds text[] not null,
    account text,
    created_at timestamptz not null default now(),
    primary key (company_id, connection_id),
    unique (company_id, name)
);

-- What devices captured. (company, id) is unique over all time, so the table is split by company, never by time.
create table record (
    company_id uuid not null references company,
    record_id uuid not null,
    kind text not null,
    rev int not null,
    state text not null check (state in ('accepted', 'waiting', 'held', 'refused', 'stopped')),
    code text,
    field text,
    params jsonb,
    sha256 bytea not null,
    device_id uuid not null,
    rep_id uuid not null,
    branch_id uuid not null,
    seq bigint not null,
    captured_at timestamptz not null,
    captured_offset smallint not null,
    document_date date not null,
    received_at timestamptz not null default now(),
    reference text,
    customer_id uuid,
    depends_on uuid[] not null default '{}',
    currency text,
    total numeric(24, 5),
    trace_parent text,
    primary key (company_id, record_id),
    foreign key (company_id, device_id) references device,
    foreign key (company_id, rep_id) references rep,
    foreign key (company_id, branch_id) references branch
) partition by hash (company_id);
create index record_by_time on record (company_id, kind, received_at desc);
create index record_by_reference on record (company_id, reference);
create index record_waiting on record (company_id, customer_id) where state = 'waiting';

-- The bytes as they came, conflicting ones too.
create table capture (
    company_id uuid not null,
    record_id uuid not null,
    rev int not null,
    sha256 bytea not null,
    bytes bytea not null,
    outcome text not null,
    device_id uuid not null,
    received_at timestamptz not null default now(),
    primary key (company_id, record_id, rev, sha256),
    foreign key (company_id, record_id) references record
) partition by hash (company_id);

create table order_line (
    company_id uuid not null,
    record_id uuid not null,
    rev int not null,
    line_no int not null,
    sku text not null,
    quantity numeric(19, 5) not null,
    unit_price numeric(19, 5) not null,
    tax_rate numeric(9, 5) not null,
    amount numeric(24, 5) not null,
    primary key (company_id, record_id, rev, line_no),
    foreign key (company_id, record_id) references record
) partition by hash (company_id);

create table series (
    company_id uuid not null,
    branch_id uuid not null,
    kind text not null,
    prefix text not null,
    next bigint not null default 1,
    primary key (company_id, branch_id, kind),
    unique (company_id, prefix),
    foreign key (company_id, branch_id) references branch
);

create table record_number (
    company_id uuid not null,
    record_id uuid not null,
    branch_id uuid not null,
    kind text not null,
    counter bigint not null,
    number text not null,
    primary key (company_id, record_id),
    unique (company_id, branch_id, kind, counter),
    unique (company_id, number),
    foreign key (company_id, record_id) references record,
    foreign key (company_id, branch_id, kind) references series
) partition by hash (company_id);

-- What people see of a record at a destination; changes only on reports.
create table delivery (
    company_id uuid not null,
    record_id uuid not null,
    rev int not null,
    connection_id uuid not null,
    version bigint not null default 1,
    wish text not null default 'push' check (wish in ('push', 'stop')),
    state text not null default 'pending',
    report_version bigint not null default 0,
    external_id text,
    external_number text,
    external_total numeric(24, 5),
    code text,
    reason text,
    fix text,
    attempts int not null default 0,
    updated_at timestamptz not null default now(),
    primary key (company_id, record_id, connection_id, rev),
    foreign key (company_id, record_id) references record,
    foreign key (company_id, connection_id) references connection
) partition by hash (company_id);
create index delivery_by_state on delivery (company_id, connection_id, state);

create table delivery_event (
    company_id uuid not null,
    record_id uuid not null,
    connection_id uuid not null,
    rev int not null,
    report_version bigint not null,
    at timestamptz not null,
    state text not null,
    code text,
    reason text,
    attempts int not null,
    primary key (company_id, record_id, connection_id, rev, report_version),
    foreign key (company_id, record_id) references record
) partition by hash (company_id);

-- Deliveries not yet acknowledged by their connector: narrow, short-lived rows.
create table outbox (
    company_id uuid not null,
    connection_id uuid not null,
    record_id uuid not null,
    rev int not null,
    version bigint not null,
    connector text not null,
    due timestamptz not null,
    tries int not null default 0,
    primary key (company_id, connection_id, record_id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0, fillfactor = 70);
create index outbox_due on outbox (connector, due);

-- Positions in commit order: the last statements of a transaction take them from company_feed.
create table feed (
    company_id uuid not null references company,
    pos bigint not null,
    tx uuid not null,
    collection text not null,
    key uuid not null,
    primary key (company_id, pos)
);

do $$
declare
    parent text;
    part int;
    target record;
begin
    foreach parent in array array['record', 'capture', 'order_line', 'record_number', 'delivery', 'delivery_event'] loop
        for part in 0..7 loop
            execute format('create table %I partition of %I for values with (modulus 8, remainder %s)', parent || '_p' || part, parent, part);
        end loop;
    end loop;

    -- Partitions too: a partition read by its own name would bypass its parent's policy.
    for target in
        select c.relname from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and c.relname not like '\_\_migrations%'
    loop
        execute format('alter table %I enable row level security', target.relname);
        execute format('alter table %I force row level security', target.relname);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, target.relname);
    end loop;
end $$;

grant select on company, api_key, connection, series to gateway;
grant select, insert, update on company_feed, branch, rep, enrolment_code, device, refresh_token, tax, item, customer, connection, record, delivery to gateway;
grant select, insert on capture, order_line, record_number, delivery_event, feed to gateway;
grant select, insert, update on series to gateway;
grant select, insert, update, delete on outbox to gateway;

-- The relay works across companies: it sees due times and keys, no bodies.
create policy relay on outbox to gateway_relay using (true);
grant select, update on outbox to gateway_relay;
create policy relay on connection for select to gateway_relay using (true);
grant select (company_id, connection_id, connector) on connection to gateway_relay;

-- Counts across companies, no bodies.
create policy ops on outbox for select to gateway_ops using (true);
grant select on outbox to gateway_ops;

-- Who knocks? These functions belong to a role nobody can log in as; gateway_auth may only call them.
create policy lookup on api_key for select to gateway_lookup using (true);
create policy lookup on enrolment_code for select to gateway_lookup using (true);
create policy lookup on device for select to gateway_lookup using (true);
grant select on api_key, enrolment_code, device to gateway_lookup;

create function find_api_key(wanted bytea) returns table (company_id uuid, key_id uuid, role text)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select k.company_id, k.key_id, k.role from api_key k where k.hash = wanted and k.revoked_at is null $$;

create function find_enrolment_code(wanted bytea) returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select c.company_id from enrolment_code c where c.hash = wanted $$;

create function find_device(wanted uuid) returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select d.company_id from device d where d.device_id = wanted $$;

-- For the sweep that releases waiting records: which companies have any, nothing else.
create policy lookup on record for select to gateway_lookup using (true);
grant select (company_id, state) on record to gateway_lookup;
create function companies_with_waiting_records() returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select distinct r.company_id from record r where r.state = 'waiting' $$;

do $$
declare
    name text;
begin
    foreach name in array array['find_api_key(bytea)', 'find_enrolment_code(bytea)', 'find_device(uuid)', 'companies_with_waiting_records()'] loop
        execute format('revoke all on function %s from public', name);
        execute format('grant execute on function %s to gateway_auth', name);
    end loop;
end $$;

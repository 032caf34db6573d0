-- Levels between gateway and connectors, back-fill of connections, and what needs attention.

-- When it last changed what people see: how long a delivery stands still, and so how often it is asked about, is measured from here.
alter table delivery add column moved_at timestamptz not null default now();

-- Since when a delivery waits for its connector's word. Rows sent before are repeats: claimed apart, so that they never crowd out what is new.
alter table outbox add column since timestamptz not null default now();
create index outbox_fresh on outbox (connector, due) where tries = 0;
create index outbox_again on outbox (connector, due) where tries > 0;
drop index outbox_due;

create index record_refused on record (company_id, received_at) where state = 'refused';

-- Deliveries of stored records for a connection, made a page at a time. mode: missing = those it does not have yet; again = all it has, for a
-- connector whose ledger was restored from a backup.
create table backfill (
    company_id uuid not null,
    backfill_id uuid not null,
    connection_id uuid not null,
    mode text not null check (mode in ('missing', 'again')),
    kinds text[] not null,
    from_date date not null,
    to_date date,
    state text not null check (state in ('listing', 'running', 'done', 'cancelled')),
    total bigint not null default 0,
    place bigint not null default 0,
    made bigint not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (company_id, backfill_id),
    foreign key (company_id, connection_id) references connection
);
create unique index backfill_running on backfill (company_id, connection_id, mode) where state in ('listing', 'running');

-- The records of a running back-fill in the order of their capture; gone when it ends.
create table backfill_record (
    company_id uuid not null,
    backfill_id uuid not null,
    place bigint not null,
    record_id uuid not null,
    primary key (company_id, backfill_id, place)
);

-- The newest epoch each connector's ledger has told: a higher one means that it was restored.
create table ledger_epoch (
    company_id uuid not null,
    connection_id uuid not null,
    epoch bigint not null,
    primary key (company_id, connection_id),
    foreign key (company_id, connection_id) references connection
);

do $$
declare
    name text;
begin
    foreach name in array array['backfill', 'backfill_record', 'ledger_epoch'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update on backfill, ledger_epoch to gateway;
grant select, insert, delete on backfill_record to gateway;

-- The relay finds, across companies, running back-fills and deliveries to be asked about: keys, states and times, no bodies.
create policy relay on backfill for select to gateway_relay using (true);
grant select (company_id, backfill_id, state) on backfill to gateway_relay;
create policy relay on delivery for select to gateway_relay using (true);
grant select (company_id, record_id, rev, connection_id, version, state, updated_at, moved_at) on delivery to gateway_relay;
grant insert on outbox to gateway_relay;

-- What sales and activities leave beside their records. Runs as the owner, with the gateway's schema in the search path.

-- What a customer owes, written in the transaction that accepts a record and never changed: sales on account add, receipts take off. One background
-- reader sums them, so that no push waits for another one's customer.
create table customer_entry (
    company_id uuid not null,
    record_id uuid not null,
    line int not null,
    customer_id uuid not null,
    kind text not null,
    amount numeric(24, 5) not null,
    currency text not null,
    at timestamptz not null,
    summed boolean not null default false,
    primary key (company_id, record_id, line),
    foreign key (company_id, record_id) references record
);
create index customer_entry_by_customer on customer_entry (company_id, customer_id, currency);
create index customer_entry_to_sum on customer_entry (company_id) where not summed;

create table customer_balance (
    company_id uuid not null references company,
    customer_id uuid not null,
    currency text not null,
    amount numeric(24, 5) not null,
    updated_at timestamptz not null,
    primary key (company_id, customer_id, currency)
);

create function companies_to_sum() returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select distinct e.company_id from customer_entry e where not e.summed $$;
revoke all on function companies_to_sum() from public;
grant execute on function companies_to_sum() to gateway_auth;
create policy lookup on customer_entry for select to gateway_lookup using (true);
grant select (company_id, summed) on customer_entry to gateway_lookup;

-- What was done, as it was captured: the content is in the capture. Steps of one visit have its id.
create table activity (
    company_id uuid not null,
    record_id uuid not null,
    rev int not null,
    type text not null,
    step text,
    visit_id uuid,
    rep_id uuid not null,
    captured_at timestamptz not null,
    document_date date not null,
    skew_ms bigint not null,            -- how far the device's clock was behind ours when it was sent
    notes text,
    attachments_expected int,
    primary key (company_id, record_id, rev),
    foreign key (company_id, record_id) references record
);
create index activity_of_visit on activity (company_id, visit_id) where visit_id is not null;
create index activity_of_rep on activity (company_id, rep_id, type, captured_at desc);

-- A version never changes: answers are judged by the one they were given to, however long ago.
create table form_version (
    company_id uuid not null references company,
    name text not null,
    version int not null,
    title text not null,
    fields jsonb not null,
    newest boolean not null,
    published_at timestamptz not null,
    primary key (company_id, name, version)
);

create table saved_location (
    company_id uuid not null references company,
    location_id uuid not null,
    rep_id uuid not null,
    name text not null,
    latitude numeric(12, 9) not null,
    longitude numeric(12, 9) not null,
    customer_id uuid,
    notes text,
    removed boolean not null default false,
    captured_at timestamptz not null,
    primary key (company_id, location_id)
);

do $$
declare
    name text;
begin
    foreach name in array array['customer_entry', 'customer_balance', 'activity', 'form_version', 'saved_location'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert on customer_entry, activity to gateway;
grant update (summed) on customer_entry to gateway;
grant select, insert, update on customer_balance, form_version, saved_location to gateway;

call feed_on('form_version', 'forms', 't.name', '''{}''::text[]', 't.newest', 't.version, t.title, t.fields');
call feed_on('saved_location', 'locations', 't.location_id::text', 'array[''rep:'' || t.rep_id::text]', 'not t.removed', 't.name, t.latitude, t.longitude, t.customer_id, t.notes');

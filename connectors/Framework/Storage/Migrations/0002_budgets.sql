-- Budgets, breaker, pauses by people, second looks, the history of settings.

-- Calls of an account by the destination's day.
create table budget_day (
    company_id uuid not null,
    account text not null,
    day date not null,
    calls bigint not null,
    primary key (company_id, account, day)
);

-- What people changed on a connection; secrets only as "set" or "changed".
create table change (
    company_id uuid not null,
    connection_id uuid not null,
    number bigint not null,
    at timestamptz not null,
    person text,
    action text not null check (action in ('settings', 'paused', 'resumed')),
    before jsonb not null,
    after jsonb not null,
    primary key (company_id, connection_id, number)
);

-- Calls in a row that found the destination in trouble.
alter table account add column troubles int not null default 0;

-- Paused by a person, until a person resumes it.
alter table connection
    add column held_at timestamptz,
    add column held_by text,
    add column held_reason text;

alter table document
    add column wanted_at timestamptz,   -- when what is wanted now was first wanted; null on rows from before this migration
    add column look_at timestamptz;     -- when a document that was created a second time is looked for once more
create index document_look on document (company_id, account, look_at) where look_at is not null;

alter table step
    add column again boolean not null default false,    -- begun again after an attempt nobody knew the end of
    add column looked_at timestamptz;                   -- when a second look found one document only

do $$
declare
    service text := current_schema();
    worker text := current_schema() || '_worker';
    name text;
begin
    foreach name in array array['budget_day', 'change'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy company on %I to %I using (company_id = (select nullif(current_setting(''app.company'', true), '''')::uuid))', name, service);
        execute format('grant select, insert on %I to %I', name, service);
    end loop;
    execute format('grant update on budget_day to %I', service);
    execute format('grant select (account, held_at) on connection to %I', worker);
    execute format('grant select (troubles) on account to %I', worker);
    execute format('grant select (reports, wanted_at, look_at, changed_at) on document to %I', worker);
    execute format('grant select (changed_at) on report to %I', worker);
end $$;

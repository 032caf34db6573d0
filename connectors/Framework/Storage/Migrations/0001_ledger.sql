-- The ledger of one connector. The schema carries the connector's name; so does the role of its service, and "<name>_worker" is the role
-- that sees, across companies, only what is due and who holds it.

create table connection (
    company_id uuid not null,
    connection_id uuid not null,
    account text not null,
    settings jsonb not null,
    secrets bytea,                      -- encrypted, see SecretBox
    version bigint not null,
    changed_at timestamptz not null,
    primary key (company_id, connection_id)
);

-- An account at the destination: what budgets and the ledger go by.
create table account (
    company_id uuid not null,
    account text not null,
    max_concurrent int not null,
    paused_until timestamptz,
    reconnect boolean not null default false,
    reason text,
    served_at timestamptz not null default '-infinity',
    claimant uuid,                      -- marks the accounts of one claim between its two statements
    primary key (company_id, account)
);

-- The highest version the gateway asked for, by record.
create table wish (
    company_id uuid not null,
    connection_id uuid not null,
    record_id uuid not null,
    version bigint not null,
    revision int not null,
    wish text not null check (wish in ('push', 'stop')),
    message text,                       -- kept while the connection is not known yet
    waiting boolean not null generated always as (message is not null) stored,
    primary key (company_id, connection_id, record_id)
);
create index wish_waiting on wish (company_id, connection_id) where waiting;

-- One row, and one writer at a time, for each document at the destination. Never deleted.
create table document (
    company_id uuid not null,
    account text not null,
    document text not null,
    connection_id uuid not null,
    record_id uuid not null,
    kind text not null,
    target text not null,
    reports boolean not null,
    wish text not null check (wish in ('push', 'stop')),
    wanted_revision int not null,
    wanted_version bigint not null,     -- 0 while it only came along with another record
    pushed_revision int not null default 0,
    state text not null check (state in ('pending', 'ambiguous', 'done', 'refused', 'reconnect', 'stopped')),
    due timestamptz not null,
    tries int not null default 0,
    holder bigint,                      -- key of the session lock of the replica that works on it
    external_id text,
    external_number text,
    external_total numeric,
    code text,
    reason text,
    fix text,
    changed_at timestamptz not null,
    primary key (company_id, account, document),
    foreign key (company_id, account) references account
);
create index document_due on document (company_id, account, due) where state in ('pending', 'ambiguous') and holder is null;
create index document_held on document (company_id, account) where holder is not null;
create index document_record on document (company_id, connection_id, record_id);

-- What is to be written, apart from the row that is updated often.
create table content (
    company_id uuid not null,
    account text not null,
    document text not null,
    payload text not null,
    primary key (company_id, account, document),
    foreign key (company_id, account, document) references document on update cascade
);

-- Documents that must be done first; they may not be there yet.
create table dependency (
    company_id uuid not null,
    account text not null,
    document text not null,
    needs text not null,
    primary key (company_id, account, document, needs),
    foreign key (company_id, account, document) references document on update cascade
);
create index dependency_needs on dependency (company_id, account, needs);

-- Intent before a call, result after it.
create table step (
    company_id uuid not null,
    account text not null,
    document text not null,
    revision int not null,
    name text not null,
    state text not null check (state in ('open', 'done', 'closed')),
    attempt int not null,
    opened_at timestamptz not null,
    unsure_since timestamptz,           -- from here the ambiguity window counts
    empty_look_at timestamptz,          -- the first look after the window that found nothing
    result text,                        -- JSON; as text, since jsonb refuses an escaped U+0000
    settled_at timestamptz,
    primary key (company_id, account, document, revision, name),
    foreign key (company_id, account, document) references document on update cascade
);

-- What the gateway is to be told; its content is derived from the ledger when it is sent. No due time = acknowledged.
create table report (
    company_id uuid not null,
    connection_id uuid not null,
    record_id uuid not null,
    version bigint not null,
    acked bigint not null default 0,
    due timestamptz,
    tries int not null default 0,
    changed_at timestamptz not null,
    primary key (company_id, connection_id, record_id)
);
create index report_due on report (due) where due is not null;

-- Updated several times in a row's short life: cleaned early.
alter table document set (autovacuum_vacuum_scale_factor = 0.02);
alter table report set (autovacuum_vacuum_scale_factor = 0.02);

-- Tokens, insert only: the newest counts. An intent stands before each refresh.
create table token (
    company_id uuid not null,
    connection_id uuid not null,
    number bigint not null,
    kind text not null check (kind in ('entered', 'intent', 'answer')),
    secret bytea,                       -- encrypted, see SecretBox
    at timestamptz not null,
    primary key (company_id, connection_id, number),
    check ((secret is null) = (kind = 'intent'))
);

do $$
declare
    service text := current_schema();
    worker text := current_schema() || '_worker';
    name text;
begin
    foreach name in array array['connection', 'account', 'wish', 'document', 'content', 'dependency', 'step', 'report', 'token'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy company on %I to %I using (company_id = (select nullif(current_setting(''app.company'', true), '''')::uuid))', name, service);
        execute format('grant select, insert on %I to %I', name, service);
    end loop;
    foreach name in array array['connection', 'account', 'wish', 'document', 'content', 'step', 'report'] loop
        execute format('grant update on %I to %I', name, service);
    end loop;
    execute format('grant delete on dependency to %I', service);

    foreach name in array array['connection', 'account', 'wish', 'document', 'dependency', 'report'] loop
        execute format('create policy work on %I to %I using (true)', name, worker);
    end loop;
    execute format('grant select (company_id, connection_id) on connection to %I', worker);
    execute format('grant select (company_id, connection_id, record_id, waiting) on wish to %I', worker);
    execute format('grant select (company_id, account, max_concurrent, paused_until, reconnect, served_at, claimant), update (served_at, claimant) on account to %I', worker);
    execute format('grant select (company_id, account, document, connection_id, record_id, kind, target, wanted_revision, wanted_version, pushed_revision, state, due, tries, holder), update (holder, due, tries) on document to %I', worker);
    execute format('grant select on dependency to %I', worker);
    execute format('grant select (company_id, connection_id, record_id, due, tries), update (due, tries) on report to %I', worker);
end $$;

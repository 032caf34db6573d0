-- What is brought back from the destination: when, how far, and the rows as they were found.

create table pull (
    company_id uuid not null,
    connection_id uuid not null,
    collection text not null,
    enabled boolean not null default true,
    due timestamptz not null,
    sweep_due timestamptz not null,         -- when all of it is to be read again
    import bigint not null default 0,       -- number of the run that is under way, or was last
    running boolean not null default false, -- it has begun and not ended: it goes on at its page, whoever claims it
    sweeping boolean not null default false,
    page text,                              -- where the run goes on
    cursor text,                            -- where the next look for changes begins
    total bigint,                           -- rows there are, as the destination says
    holder bigint,                          -- key of the session lock of the replica that works on it
    tries int not null default 0,
    started_at timestamptz,
    ended_at timestamptz,
    swept_at timestamptz,
    read bigint not null default 0,         -- rows of the run
    changed bigint not null default 0,      -- of these, new or different
    left_out bigint not null default 0,     -- of these, too big or without a key
    missing bigint not null default 0,      -- rows that are not there any more and wait for a person's word
    code text,
    reason text,
    fix text,
    source boolean not null default true,   -- whether the gateway takes the collection from this connection
    source_version bigint not null default 0,
    source_epoch bigint not null default 0,
    ask_due timestamptz not null,           -- when it is asked again whether it does
    primary key (company_id, connection_id, collection)
);
create index pull_due on pull (due) where enabled and holder is null;

-- A level each: the newest state of a row, sent until the gateway holds it. Deleted rows stay, as tombstones.
create table pulled (
    company_id uuid not null,
    connection_id uuid not null,
    collection text not null,
    key text not null,
    version bigint not null,
    import bigint not null,                 -- the run that found this version
    seen bigint not null,                   -- the last sweep, or first run, that saw it
    missed bigint,                          -- the sweep that did not see it any more
    deleted boolean not null default false,
    body text,
    hash bytea,
    stamp text,                             -- what the destination's list tells of its last change
    changed_at timestamptz not null,
    acked bigint not null default 0,
    acked_epoch bigint not null default 0,
    due timestamptz,
    tries int not null default 0,
    primary key (company_id, connection_id, collection, key),
    foreign key (company_id, connection_id, collection) references pull
) with (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 80);
create index pulled_due on pulled (due) where due is not null;
create index pulled_waiting on pulled (company_id, connection_id, collection) where due is not null;

alter table gateway_epoch add column pulled_swept boolean not null default false;

-- What people may do: see PullOffice.
alter table change drop constraint change_action_check;
alter table change add constraint change_action_check check (action ~ '^[a-zA-Z.]{1,40}$');

do $$
declare
    service text := current_schema();
    worker text := current_schema() || '_worker';
    name text;
begin
    foreach name in array array['pull', 'pulled'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy company on %I to %I using (company_id = (select nullif(current_setting(''app.company'', true), '''')::uuid))', name, service);
        execute format('create policy work on %I to %I using (true)', name, worker);
        execute format('grant select, insert, update on %I to %I', name, service);
    end loop;
    execute format('grant select (company_id, connection_id, collection, enabled, due, holder, tries, source, ask_due), update (holder, due, tries, ask_due) on pull to %I', worker);
    execute format('grant select (company_id, connection_id, collection, key, due, tries, acked_epoch), update (due, tries) on pulled to %I', worker);
    execute format('grant select (version) on connection to %I', worker);
    execute format('grant update (pulled_swept) on gateway_epoch to %I', worker);
end $$;

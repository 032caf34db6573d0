-- Documents that are to be void, what the office maps to things of the destination, and approvals under way.

alter table wish drop constraint wish_wish_check, add constraint wish_wish_check check (wish in ('push', 'stop', 'cancel'));
alter table document drop constraint document_wish_check, add constraint document_wish_check check (wish in ('push', 'stop', 'cancel'));

-- The code names the actions; each room adds its own.
alter table change drop constraint change_action_check, add constraint change_action_check check (action <> '');

-- What stands for a thing of ours at the destination, by kind: {"ours": {"id": …, "name": …}}.
create table mapping (
    company_id uuid not null,
    connection_id uuid not null,
    kind text not null,
    entries jsonb not null,
    changed_at timestamptz not null,
    primary key (company_id, connection_id, kind)
);

-- A person was sent to the destination to approve; the state is good once, for this connection, for a while. Only its hash is kept.
create table approval (
    company_id uuid not null,
    connection_id uuid not null,
    state_hash bytea not null,
    redirect text not null,
    person text,
    begun_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (company_id, connection_id, state_hash)
);

do $$
declare
    service text := current_schema();
    worker text := current_schema() || '_worker';
    name text;
begin
    foreach name in array array['mapping', 'approval'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy company on %I to %I using (company_id = (select nullif(current_setting(''app.company'', true), '''')::uuid))', name, service);
        execute format('grant select, insert, update on %I to %I', name, service);
    end loop;
    execute format('grant select (wish) on document to %I', worker);
end $$;

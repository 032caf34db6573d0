-- The call log, the only table that goes by time, and messages that could not be read.

create table call (
    company_id uuid not null,
    at timestamptz not null,
    call_id uuid not null,
    connection_id uuid not null,
    account text not null,
    record_id uuid,
    trace_id text,
    method text not null,
    target text not null,               -- address without secrets
    status int,
    milliseconds int not null,
    outcome text not null,
    request text,                       -- beginnings, without secrets
    response text,
    primary key (company_id, at, call_id)
) partition by range (at);
create index call_connection on call (company_id, connection_id, at desc);
create index call_record on call (company_id, record_id, at desc) where record_id is not null;

-- Messages taken off the parked queue, where nobody can look without using them up. Of no company while nobody can tell whose they are.
create table parked (
    company_id uuid not null,
    parked_id uuid not null,
    at timestamptz not null,
    reason text not null,
    record_id uuid,
    content_type text,
    message_id text,
    body bytea not null,
    state text not null default 'parked' check (state in ('parked', 'replayed', 'discarded')),
    settled_at timestamptz,
    person text,
    primary key (company_id, parked_id)
);
create index parked_open on parked (company_id, at, parked_id) where state = 'parked';

-- Partitions of the days around one, and away with those older than a number of days. The owner's word, since a service makes no tables.
create function keep_calls(today date, days int) returns void language plpgsql security definer as $body$
declare
    name text;
begin
    perform pg_advisory_xact_lock(hashtext(current_schema() || '.call'));
    for i in -1 .. 2 loop
        name := 'call_' || to_char(today + i, 'YYYYMMDD');
        continue when to_regclass(name) is not null;
        execute format('create table %I partition of call for values from (%L) to (%L)', name, (today + i) || ' 00:00:00+00', (today + i + 1) || ' 00:00:00+00');
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
    for name in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = to_regclass('call') and c.relname < 'call_' || to_char(least(today, current_date + 1) - greatest(days, 1), 'YYYYMMDD')
    loop
        execute format('drop table %I', name);
    end loop;
end $body$;

do $$
declare
    service text := current_schema();
    name text;
begin
    execute format('alter function keep_calls(date, int) set search_path = %I, pg_temp', service);
    revoke all on function keep_calls(date, int) from public;
    execute format('grant execute on function keep_calls(date, int) to %I', service);
    foreach name in array array['call', 'parked'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy company on %I to %I using (company_id = (select nullif(current_setting(''app.company'', true), '''')::uuid))', name, service);
        execute format('grant select, insert on %I to %I', name, service);
    end loop;
    execute format('grant update (state, settled_at, person) on parked to %I', service);
end $$;

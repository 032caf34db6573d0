-- Epochs: after an older backup was put back everything begins anew, for all companies at once. Runs as the owner, with the gateway's schema in the search path.

-- level rises with each new epoch and never falls, whatever backup is put back: it counts tens of minutes since 2026. 0 = none has begun yet.
alter table company_feed add column level bigint not null default 0;

-- Numbers that were given after the backup are known to nobody here: new ones come from a series within the series, such as SO-MAIN-DBKR-000001.
alter table series add column sub text not null default '';
alter table record_number
    add column sub text not null default '',
    drop constraint record_number_company_id_branch_id_kind_counter_key,
    add unique (company_id, branch_id, kind, sub, counter);

-- When it had been acknowledged before, of a record that was offered again after the database had lost it: what became of it may exist.
alter table record add column acknowledged_before timestamptz;

-- A person has said of what may exist already that it is to be written.
alter table delivery add column insisted boolean not null default false;

-- The newest level its connector was told.
alter table connection add column told_level bigint not null default 0;

-- Epochs that are over, and those of other backups that were seen: a cursor of one is old, a cursor of any other proves a fork.
create table past_epoch (
    company_id uuid not null references company,
    epoch uuid not null,
    level bigint not null,
    ended_at timestamptz not null,
    reason text not null,
    primary key (company_id, epoch)
);
alter table past_epoch enable row level security;
alter table past_epoch force row level security;
create policy company on past_epoch using (company_id = (select nullif(current_setting('app.company', true), '')::uuid));
grant select on past_epoch to gateway;

-- The letters of a level: no I and O, which people take for digits.
create function sub_series(level bigint) returns text language plpgsql immutable strict as $$
declare
    letters constant text := 'ABCDEFGHJKLMNPQRSTUVWXYZ';
    rest bigint := level;
    made text := '';
begin
    while rest > 0 loop
        made := substr(letters, (rest % 24)::int + 1, 1) || made;
        rest := rest / 24;
    end loop;
    return case when made = '' then '' else made || '-' end;
end $$;

-- The one place where an epoch begins. It acts only if the epoch of the company in question is still the suspected one: many devices find a fork at the
-- same moment. Without a company it begins whatever is the case. Returns the new level, or null where somebody else was first.
create function begin_epoch(of_company uuid, suspected uuid, seen uuid[], fresh uuid, at timestamptz, why text) returns bigint
    language plpgsql security definer set search_path = gateway, pg_temp as $$
declare
    risen bigint;
begin
    if of_company is not null and not exists (select from company_feed f where f.company_id = of_company and f.epoch = suspected) then
        return null;
    end if;
    -- In the order of a push: first its series, then its position.
    perform 1 from series order by company_id, branch_id, kind for update;
    perform 1 from company_feed order by company_id for update;
    if of_company is not null and not exists (select from company_feed f where f.company_id = of_company and f.epoch = suspected) then
        return null;
    end if;

    select greatest(max(f.level) + 1, floor((extract(epoch from at) - 1767225600) / 600)::bigint) into risen from company_feed f;
    insert into past_epoch (company_id, epoch, level, ended_at, reason)
        select f.company_id, e.epoch, f.level, at, why from company_feed f cross join lateral (select f.epoch union select unnest(seen)) as e (epoch)
        on conflict do nothing;
    update company_feed set epoch = fresh, level = risen;
    update series set sub = sub_series(risen), next = 1;
    -- Ids of alerts begin with the time: lists go by them.
    insert into alert (company_id, alert_id, at, last_at, kind, subject, params)
        select f.company_id,
            (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(f.company_id::text || fresh::text), 1, 3) || '8' || substr(md5(fresh::text || f.company_id::text), 1, 15))::uuid,
            at, at, 'server.setBack', 'epoch', jsonb_build_object('time', to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), 'series', rtrim(sub_series(risen), '-'))
        from company_feed f
        on conflict (company_id, kind, subject) where seen_at is null do update set times = alert.times + 1, last_at = excluded.last_at, params = excluded.params;
    return risen;
end $$;

do $$
declare
    name text;
begin
    foreach name in array array['company_feed', 'series', 'past_epoch', 'alert'] loop
        execute format('create policy epoch on %I to gateway_epoch using (true)', name);
        execute format('grant select on %I to gateway_epoch', name);
    end loop;
end $$;
grant update (epoch, level) on company_feed to gateway_epoch;
grant update (sub, next) on series to gateway_epoch;
grant insert on past_epoch to gateway_epoch;
grant insert, update on alert to gateway_epoch;
revoke all on function begin_epoch(uuid, uuid, uuid[], uuid, timestamptz, text) from public;
grant execute on function begin_epoch(uuid, uuid, uuid[], uuid, timestamptz, text) to gateway_auth;

-- The relay tells each connector of a new level, without anybody's rows.
create policy relay on company_feed for select to gateway_relay using (true);
grant select (company_id, level) on company_feed to gateway_relay;
create policy relay_told on connection for update to gateway_relay using (true);
grant select (told_level), update (told_level) on connection to gateway_relay;

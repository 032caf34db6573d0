-- Customers that may be there twice, what became of quotes, answers of live operations. Runs as the owner, with the gateway's schema in the search path.

-- A customer that was merged: its row stays for ever, seen by nobody, so that its id, number and code still lead to the one that stays.
alter table customer add column merged_into uuid;
create index customer_by_merged on customer (company_id, merged_into) where merged_into is not null;

-- What one customer cannot share with another unless somebody says so: tax number, e-mail address, name and postcode. One definition, for captured ones and for
-- those of the office. Of tax numbers what is too short to be one says nothing.
create function customer_keys(body text) returns text[] language sql immutable parallel safe set search_path = gateway, pg_temp as $$
    select coalesce(array_agg(key order by key), '{}') from (
        select 'tax:' || tax as key from (select upper(regexp_replace(b ->> 'taxNumber', '[[:space:][:punct:]]', '', 'g')) as tax from (select $1::jsonb as b) one) t where length(tax) >= 5 and tax ~ '[0-9]'
        union
        select 'email:' || email from (select lower(btrim(b ->> 'email')) as email from (select $1::jsonb as b) one) e where email like '_%@_%'
        union
        select 'name:' || name || '|' || postcode from (
            select regexp_replace(folded(b ->> 'name'), '[[:space:][:punct:]]', '', 'g') as name,
                upper(regexp_replace(coalesce(nullif(btrim(b -> 'billing' ->> 'postalCode'), ''), b -> 'shipping' ->> 'postalCode'), '[[:space:][:punct:]]', '', 'g')) as postcode
            from (select $1::jsonb as b) one) n where name <> '' and length(postcode) >= 3) k
$$;

alter table customer add column match_keys text[] not null generated always as (customer_keys(body)) stored;

-- The first customer to come with a key has it. shared: others are known to have it as well, so nothing can be concluded from it.
create table customer_key (
    company_id uuid not null references company,
    key text not null,
    customer_id uuid not null,
    shared boolean not null default false,
    primary key (company_id, key)
) with (fillfactor = 90);
create index customer_key_by_customer on customer_key (company_id, customer_id);

-- Two that may be one. customer_id came second. survivor_id: the one that stayed; decided_by: null = the rule.
create table customer_duplicate (
    company_id uuid not null references company,
    duplicate_id uuid not null default gen_random_uuid(),
    customer_id uuid not null,
    other_id uuid not null,
    keys text[] not null,
    found_at timestamptz not null,
    decision text check (decision in ('merged', 'kept')),
    survivor_id uuid,
    decided_at timestamptz,
    decided_by uuid,
    primary key (company_id, duplicate_id),
    unique (company_id, customer_id, other_id)
);
create index customer_duplicate_by_other on customer_duplicate (company_id, other_id);
create index customer_duplicate_open on customer_duplicate (company_id, found_at, duplicate_id) where decision is null;
create index customer_duplicate_decided on customer_duplicate (company_id, decided_at desc, duplicate_id) where decision is not null;

-- What was in an ERP under the merged customer and stays there: for a person to look at.
create table merged_left (
    company_id uuid not null references company,
    customer_id uuid not null,
    record_id uuid not null,
    connection_id uuid not null,
    primary key (company_id, customer_id, record_id, connection_id)
);

-- Merged customers whose records are still looked for: a push that knew the customer before may commit after the merge.
create table customer_repoint (
    company_id uuid not null references company,
    customer_id uuid not null,
    until timestamptz not null,
    primary key (company_id, customer_id)
);

-- What a quote became: once.
create table conversion (
    company_id uuid not null references company,
    source_id uuid not null,
    target_id uuid not null,
    primary key (company_id, source_id)
);
create index conversion_by_target on conversion (company_id, target_id);

-- Answers of live operations by their Idempotency-Key. Without an answer: not finished, or its end is not known; then the same operation is done again, which is safe.
create table live_answer (
    company_id uuid not null references company,
    device_id uuid not null,
    key text not null,
    request bytea not null,
    status int,
    answer text,
    at timestamptz not null,
    primary key (company_id, device_id, key)
);
create index live_answer_by_time on live_answer (company_id, at);

do $$
declare
    name text;
begin
    foreach name in array array['customer_key', 'customer_duplicate', 'merged_left', 'customer_repoint', 'conversion', 'live_answer'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update, delete on customer_key, customer_duplicate, live_answer, customer_repoint to gateway;
grant select, insert, delete on conversion to gateway;
grant select, insert on merged_left to gateway;

-- Customers that the office or an ERP loads claim their keys as well. Two of them with one key are theirs to sort out: they are only not merged into. One that a
-- device made and that is published already is shown to the office beside them.
create function claim_keys() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    delete from customer_key k using newer n
    where k.company_id = n.company_id and k.customer_id = n.customer_id and n.merged_into is null and (n.removed or k.key <> all(n.match_keys))
        and not exists (select from customer m where m.company_id = n.company_id and m.merged_into = n.customer_id and k.key = any(m.match_keys));
    insert into customer_key as k (company_id, key, customer_id)
    select distinct on (n.company_id, c.key) n.company_id, c.key, n.customer_id from newer n cross join unnest(n.match_keys) as c (key)
    where not n.removed and n.merged_into is null and (tg_op = 'UPDATE' or not n.captured) order by n.company_id, c.key, n.customer_id
    on conflict do nothing;
    update customer_key k set shared = true
    from newer n cross join unnest(n.match_keys) as c (key)
    where not n.removed and n.merged_into is null and not n.captured
        and k.company_id = n.company_id and k.key = c.key and k.customer_id <> n.customer_id and not k.shared
        and exists (select from customer h where h.company_id = k.company_id and h.customer_id = k.customer_id and not h.captured);
    insert into customer_duplicate (company_id, customer_id, other_id, keys, found_at)
    select company_id, duplicate, other, array_agg(key order by key), now() from (
        select n.company_id, c.key, case when h.captured and h.owner is null then h.customer_id else n.customer_id end as duplicate,
            case when h.captured and h.owner is null then n.customer_id else h.customer_id end as other
        from newer n cross join unnest(n.match_keys) as c (key)
        join customer_key k on k.company_id = n.company_id and k.key = c.key and k.customer_id <> n.customer_id
        join customer h on h.company_id = k.company_id and h.customer_id = k.customer_id and not h.removed
        where not n.removed and n.merged_into is null and (tg_op = 'UPDATE' or not n.captured) and (n.captured and n.owner is null or h.captured and h.owner is null)) d
    where not exists (select from customer_duplicate x where x.company_id = d.company_id and (x.customer_id, x.other_id) in ((d.duplicate, d.other), (d.other, d.duplicate)))
    group by company_id, duplicate, other order by company_id, duplicate, other
    on conflict do nothing;
    return null;
end $$;
create trigger keys_claimed after insert on customer referencing new table as newer for each statement execute function claim_keys();
create trigger keys_changed after update on customer referencing new table as newer for each statement execute function claim_keys();

-- What was merged stays gone, whoever loads it again.
create function stay_merged() returns trigger language plpgsql set search_path = gateway, pg_temp as $$
begin
    new.removed := true;
    new.active := false;
    return new;
end $$;
create trigger stay_merged before update on customer for each row when (new.merged_into is not null and (not new.removed or new.active)) execute function stay_merged();

-- Which companies have something to merge by the rule, or records to bring to the customer that stayed.
create policy lookup on customer_repoint for select to gateway_lookup using (true);
grant select (company_id) on customer_repoint to gateway_lookup;
create function companies_to_merge() returns table (company_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$
        select r.company_id from record r where r.state = 'held' and r.code = 'customer.possibleDuplicate'
        union select p.company_id from customer_repoint p
    $$;
revoke all on function companies_to_merge() from public;
grant execute on function companies_to_merge() to gateway_auth;

-- Keys of the customers there are. Rows of all companies change here: the owner sees them only while its tables do not force the policy.
alter table customer no force row level security;
alter table customer_key no force row level security;
insert into customer_key (company_id, key, customer_id, shared)
    select c.company_id, k.key, (array_agg(c.customer_id order by c.customer_id))[1], count(*) > 1 from customer c cross join unnest(c.match_keys) as k (key)
    where not c.removed group by c.company_id, k.key;
alter table customer force row level security;
alter table customer_key force row level security;

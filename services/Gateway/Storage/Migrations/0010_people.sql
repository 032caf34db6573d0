-- People who sign in, their sessions, and one name for whoever changes something. Runs as the owner, with the gateway's schema in the search path.

create table person (
    company_id uuid not null references company,
    person_id uuid not null,
    name text not null,
    email text,                                     -- folded; none only until the first owner has chosen one
    role text not null check (role in ('owner', 'office', 'viewer', 'ops')),
    disabled boolean not null default false,
    joined_at timestamptz,                          -- from then on the e-mail signs in: whoever held the invitation chose it with a password
    password_hash text,
    stamp text not null,                            -- another one ends the sessions begun under it
    totp_on boolean not null default false,
    totp_key bytea,                                 -- sealed
    totp_used text[] not null default '{}',
    recovery_codes bytea[] not null default '{}',   -- hashes
    invitation bytea,                               -- hash of the code
    invitation_until timestamptz,
    created_at timestamptz not null,
    version int not null default 1,
    primary key (company_id, person_id)
);
create unique index person_by_email on person (company_id, email);
create index person_by_invitation on person (invitation) where invitation is not null;

-- The one key over all companies: an e-mail says who signs in before the company is known. Only who holds an invitation meets it; see decision 0017.
create unique index person_signs_in on person (email) where joined_at is not null;

create table office_session (
    company_id uuid not null references company,
    session_id uuid not null,
    person_id uuid not null,
    hash bytea not null,
    stamp text not null,
    device text,
    address text,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    primary key (company_id, session_id),
    foreign key (company_id, person_id) references person
);
create index office_session_by_hash on office_session (hash);
create index office_session_by_person on office_session (company_id, person_id, last_seen_at);

-- Wrong tries at an e-mail. Those of e-mails that nobody has are counted alike, under the company of nobody (all zero).
create table sign_in_try (
    company_id uuid not null,
    email_hash bytea not null,
    failed int not null,
    last_at timestamptz not null,
    locked_until timestamptz,
    primary key (company_id, email_hash)
);
create index sign_in_try_by_time on sign_in_try (company_id, last_at);

do $$
declare
    name text;
begin
    foreach name in array array['person', 'office_session', 'sign_in_try'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update on person, office_session to gateway;
grant select, insert, update, delete on sign_in_try to gateway;

-- Whoever changes something is a key or a person; this is the one place that knows a name for either.
alter table audit drop constraint audit_company_id_key_id_fkey;
alter table audit rename column key_id to actor_id;
create view actor with (security_invoker = true) as
    select company_id, key_id as actor_id, name from api_key
    union all select company_id, person_id, name from person;
grant select on actor to gateway;

-- Who knocks?
create policy lookup on person for select to gateway_lookup using (true);
grant select (company_id, person_id, name, email, role, disabled, joined_at, stamp, invitation) on person to gateway_lookup;
create policy lookup on office_session for select to gateway_lookup using (true);
grant select (company_id, session_id, person_id, hash, stamp, last_seen_at, expires_at, ended_at) on office_session to gateway_lookup;

create function find_actor(wanted bytea)
    returns table (company_id uuid, actor_id uuid, name text, role text, session_id uuid, last_seen_at timestamptz, expires_at timestamptz, ended boolean)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$
        select k.company_id, k.key_id, k.name, k.role, null::uuid, null::timestamptz, null::timestamptz, false
        from api_key k where k.hash = wanted and k.revoked_at is null
        union all
        select p.company_id, p.person_id, p.name, p.role, s.session_id, s.last_seen_at, s.expires_at, s.ended_at is not null or p.disabled or s.stamp <> p.stamp
        from office_session s join person p on p.company_id = s.company_id and p.person_id = s.person_id where s.hash = wanted
    $$;

create function find_person(wanted text) returns table (company_id uuid, person_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select p.company_id, p.person_id from person p where p.email = wanted and p.joined_at is not null $$;

create function find_invitation(wanted bytea) returns table (company_id uuid, person_id uuid)
    language sql stable security definer set search_path = gateway, pg_temp
    as $$ select p.company_id, p.person_id from person p where p.invitation = wanted and not p.disabled $$;

do $$
declare
    name text;
begin
    foreach name in array array['find_actor(bytea)', 'find_person(text)', 'find_invitation(bytea)'] loop
        execute format('revoke all on function %s from public', name);
        execute format('grant execute on function %s to gateway_auth', name);
    end loop;
end $$;

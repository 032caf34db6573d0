-- What the office is told, who changed what, and why a device was revoked. Runs as the owner, with the gateway's schema in the search path.

-- What goes on happening counts up in one row until somebody has seen it: nobody can fill this table by repeating a thing.
create table alert (
    company_id uuid not null references company,
    alert_id uuid not null,
    at timestamptz not null,
    kind text not null,
    subject text not null,
    device_id uuid,
    params jsonb not null default '{}',
    times int not null default 1,
    last_at timestamptz not null,
    seen_at timestamptz,
    seen_by uuid,
    primary key (company_id, alert_id),
    foreign key (company_id, device_id) references device
);
create unique index alert_unseen on alert (company_id, kind, subject) where seen_at is null;

create table audit (
    company_id uuid not null references company,
    audit_id uuid not null,
    at timestamptz not null,
    key_id uuid not null,
    action text not null,
    subject text not null,
    before jsonb,
    after jsonb,
    primary key (company_id, audit_id),
    foreign key (company_id, key_id) references api_key
);

alter table device add column revoked_reason text;

-- A token of one device that another presents is found too.
create unique index refresh_token_by_hash on refresh_token (company_id, hash);

do $$
declare
    name text;
begin
    foreach name in array array['alert', 'audit'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert, update on alert to gateway;
grant select, insert on audit to gateway;
grant insert on api_key to gateway;
grant update (revoked_at) on api_key to gateway;
-- What no longer opens anything is not kept; see RefreshTokens.
grant delete on refresh_token to gateway;

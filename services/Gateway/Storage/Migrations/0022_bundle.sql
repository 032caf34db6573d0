-- Bundles: what a device could not send, brought by somebody else. Runs as the owner, with the gateway's schema in the search path.

-- What devices encrypt their bundles to. Kept for ever: a bundle may come years later. The private key is sealed under a key from the configuration.
create table bundle_key (
    company_id uuid not null references company,
    key_id uuid not null,
    public_key bytea not null,
    private_key bytea not null,
    created_at timestamptz not null,
    primary key (company_id, key_id)
);

-- A bundle of which at least one part has come.
create table bundle (
    company_id uuid not null references company,
    bundle_id uuid not null,
    device_id uuid not null,
    parts int not null,
    exported_at timestamptz not null,       -- by the device's clock: proves nothing
    first_at timestamptz not null,
    last_at timestamptz not null,
    brought_by uuid not null,               -- who brought it last
    primary key (company_id, bundle_id),
    foreign key (company_id, device_id) references device
);
create index bundle_by_last on bundle (company_id, last_at desc, bundle_id desc);

create table bundle_part (
    company_id uuid not null,
    bundle_id uuid not null,
    part int not null,
    records int not null,
    state text not null check (state in ('importing', 'imported')),
    sha256 bytea not null,
    bytes bytea,                            -- as it came, of a part of which something is or was for the office to decide
    times int not null default 1,
    last_at timestamptz not null,
    primary key (company_id, bundle_id, part),
    foreign key (company_id, bundle_id) references bundle
);

-- What became of each record of a part. A held one goes on when the office says so; a rejected one stays with its part's bytes.
create table bundle_record (
    company_id uuid not null,
    bundle_id uuid not null,
    part int not null,
    line int not null,
    record_id uuid,
    rev int not null,
    kind text not null,
    about jsonb not null,
    state text not null check (state in ('taken', 'held', 'rejected')),
    outcome text,
    stands text,
    code text,
    field text,
    params jsonb,
    number text,
    decided text check (decided in ('approved', 'rejected')),
    decided_by uuid,
    decided_at timestamptz,
    primary key (company_id, bundle_id, part, line),
    foreign key (company_id, bundle_id, part) references bundle_part
);

do $$
declare
    name text;
begin
    foreach name in array array['bundle_key', 'bundle', 'bundle_part', 'bundle_record'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$create policy company on %I using (company_id = (select nullif(current_setting('app.company', true), '')::uuid))$policy$, name);
    end loop;
end $$;

grant select, insert on bundle_key to gateway;
grant select, insert, update on bundle, bundle_part, bundle_record to gateway;

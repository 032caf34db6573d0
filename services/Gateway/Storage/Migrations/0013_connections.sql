-- What a device tells of itself, its setup switches, and codes that can be asked about. Runs as the owner, with the gateway's schema in the search path.

alter table device
    add column app text,        -- name and version of the app, with its last push
    add column waiting int;     -- records it still had to send after its last push

-- A switch nobody has set has no row.
create table device_switch (
    company_id uuid not null,
    device_id uuid not null,
    name text not null check (name in ('incrementalSync', 'offlineMode')),
    is_on boolean not null,
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (company_id, device_id, name),
    foreign key (company_id, device_id) references device
);

-- The code itself is kept nowhere; this id asks what has become of it.
alter table enrolment_code
    add column code_id uuid,
    add column created_at timestamptz;
create unique index enrolment_code_by_id on enrolment_code (company_id, code_id);

alter table device_switch enable row level security;
alter table device_switch force row level security;
create policy company on device_switch using (company_id = (select nullif(current_setting('app.company', true), '')::uuid));
grant select, insert, update on device_switch to gateway;
